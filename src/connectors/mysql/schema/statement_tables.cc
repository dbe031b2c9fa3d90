#include "connectors/mysql/schema/statement_tables.h"

#include "base/overloaded.h"
#include "connectors/mysql/binlog/logged_statement.h"

namespace millrace::mysql {
namespace {

bool ChangesLayout(const ddl::Alteration& alteration) {
  return !std::holds_alternative<ddl::ChangePartition>(alteration);
}

class Collector final {
 public:
  explicit Collector(const LoggedStatement& logged) : logged_(logged) {}

  void Add(const ddl::TableName& name) { tables_.push_back(KeyOf(name, logged_)); }
  std::vector<TableKey> Take() { return std::move(tables_); }

  void Alter(const ddl::AlterTable& alter) {
    bool changes = false;
    for (const ddl::Alteration& alteration : alter.alterations) {
      changes = changes || ChangesLayout(alteration);
      if (const auto* rename = std::get_if<ddl::RenameTo>(&alteration)) Add(rename->table);
    }
    if (changes) Add(alter.table);
  }

 private:
  const LoggedStatement& logged_;
  std::vector<TableKey> tables_;
};

}  // namespace

TableKey KeyOf(const ddl::TableName& name, const LoggedStatement& logged) {
  const std::string& database = name.database.empty() ? logged.context.database : name.database;
  return {SpelledName(database, logged.names_in_small_letters),
          SpelledName(name.table, logged.names_in_small_letters)};
}

std::vector<TableKey> TablesChangedBy(const ddl::Statement& statement,
                                      const LoggedStatement& logged) {
  Collector tables(logged);
  std::visit(Overloaded{
                 [&](const ddl::CreateTable& create) {
                   if (!create.is_temporary) tables.Add(create.table);
                 },
                 [&](const ddl::AlterTable& alter) { tables.Alter(alter); },
                 [&](const ddl::DropTable& drop) {
                   for (const ddl::TableName& table : drop.tables) {
                     if (!drop.is_temporary) tables.Add(table);
                   }
                 },
                 [&](const ddl::RenameTable& rename) {
                   for (const auto& pair : rename.pairs) {
                     tables.Add(pair.from);
                     tables.Add(pair.to);
                   }
                 },
                 [&](const ddl::CreateIndex& create) { tables.Add(create.table); },
                 [&](const ddl::DropIndexOn& drop) { tables.Add(drop.table); },
                 [&](const ddl::CreateSequence& create) { tables.Add(create.sequence); },
                 [&](const ddl::DropSequence& drop) {
                   for (const ddl::TableName& sequence : drop.sequences) tables.Add(sequence);
                 },
                 [](const auto&) {},
             },
             statement);
  return tables.Take();
}

bool MayName(const LoggedStatement& logged, const WantsTable& wants) {
  const std::vector<std::string> words = WordsOf(logged.text);
  for (size_t i = 0; i < words.size(); ++i) {
    if (wants({logged.context.database, words[i]})) return true;
    if (i >= 2 && words[i - 1] == "." && wants({words[i - 2], words[i]})) return true;
  }
  return false;
}

}  // namespace millrace::mysql
