#include "connectors/mysql/preflight/foreign_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "base/quote.h"
#include "connectors/mysql/preflight/words.h"

namespace millrace::mysql {
namespace {

// From here on MySQL itself does what InnoDB did, and logs it.
constexpr uint32_t kMysqlLogsCascades = 90'600;

// Up to so many tables each is looked at; of more, one of those that are alike.
constexpr size_t kAllTablesMax = 100;

bool LogsCascades(const ServerView& server) {
  return !server.is_mariadb && server.version >= kMysqlLogsCascades &&
         !server.IsOn("innodb_native_foreign_keys");
}

bool ChangesRows(const std::string& rule) {
  return rule == "CASCADE" || rule == "SET NULL" || rule == "SET DEFAULT";
}

// "(`a`, `b`)"
std::vector<std::string> NamesIn(Words* words) {
  std::vector<std::string> names;
  for (auto word = words->Next(); word && !word->Is(")"); word = words->Next()) {
    if (!word->Is("(") && !word->Is(",")) names.push_back(word->text);
  }
  return names;
}

// After the columns: REFERENCES [database.]table (columns) [ON DELETE rule] [ON UPDATE rule]
void ReadReference(Words* words, ForeignKey* key) {
  words->Next();  // REFERENCES
  std::vector<std::string> name;
  auto word = words->Next();
  for (; word && !word->Is("("); word = words->Next()) {
    if (!word->Is(".")) name.push_back(word->text);
  }
  NamesIn(words);
  if (name.size() == 2) key->parent.first = name[0];
  if (!name.empty()) key->parent.second = name.back();
  std::string* rule = nullptr;
  for (word = words->Next(); word && !word->Is(","); word = words->Next()) {
    if (word->Is("ON")) {
      rule = nullptr;
    } else if (word->Is("DELETE") || word->Is("UPDATE")) {
      rule = word->Is("DELETE") ? &key->on_delete : &key->on_update;
    } else if (rule != nullptr) {
      *rule += (rule->empty() ? "" : " ") + ToUpper(word->text);
    }
  }
}

// Whether the source reads one of its columns.
bool ReadsColumns(const SourceRequest& request, const ForeignKey& key) {
  return std::any_of(request.columns.begin(), request.columns.end(), [&](uint32_t index) {
    const Column& column = request.schema.columns[index];
    return column.metadata_key.empty() &&
           std::any_of(key.columns.begin(), key.columns.end(),
                       [&](const std::string& name) { return IsSameName(name, column.name); });
  });
}

void Add(const ServerView& server, const ForeignKey& key, const SourceRequest& request,
         FindingList* findings) {
  std::vector<std::string> lost;
  const bool reads_columns = ReadsColumns(request, key);
  if (key.on_delete == "CASCADE") {
    lost.emplace_back("rows that it deletes (ON DELETE CASCADE) stay in the target");
  } else if (ChangesRows(key.on_delete) && reads_columns) {
    lost.push_back(
        fmt::format("columns {} that it sets (ON DELETE {}) keep their old values in "
                    "the target",
                    Join(key.columns, ", "), key.on_delete));
  }
  if (ChangesRows(key.on_update) && reads_columns) {
    lost.push_back(
        fmt::format("columns {} that it sets (ON UPDATE {}) keep their old values in "
                    "the target",
                    Join(key.columns, ", "), key.on_update));
  }
  if (lost.empty()) return;
  const bool could_log = !server.is_mariadb && server.version >= kMysqlLogsCascades;
  findings->Warning(
      fmt::format("what the server changes in table {} because of its foreign key {} to {} is not "
                  "in the binlog: {}",
                  FullName(key.child), key.name, FullName(key.parent), Join(lost, "; ")),
      could_log ? "start the server with innodb_native_foreign_keys = OFF"
                : fmt::format(
                      "ALTER TABLE {}.{} DROP FOREIGN KEY {}, and let the application change such "
                      "rows first{}",
                      QuoteIdentifier(key.child.first), QuoteIdentifier(key.child.second),
                      QuoteIdentifier(key.name),
                      server.is_mariadb ? "" : "; MySQL 9.6 and later log such changes"));
}

// The tables to look at.
std::vector<const ServerTable*> Chosen(const std::vector<ServerTable>& tables) {
  std::vector<const ServerTable*> chosen;
  std::set<const TableLayout*> seen;  // tables that are alike share theirs
  for (const ServerTable& table : tables) {
    const bool is_new = seen.insert(table.layout.get()).second;
    if (is_new || tables.size() <= kAllTablesMax) chosen.push_back(&table);
  }
  return chosen;
}

}  // namespace

std::vector<ForeignKey> ParseForeignKeys(const TableKey& table, std::string_view create_table) {
  std::vector<ForeignKey> keys;
  for (const std::string& line : Split(create_table, '\n')) {
    Words words(line);
    auto word = words.Next();
    if (!word || !word->Is("CONSTRAINT")) continue;
    const auto name = words.Next();
    word = words.Next();
    if (!name || !word || !word->Is("FOREIGN")) continue;
    words.Next();  // KEY
    ForeignKey key{table, name->text, {table.first, ""}, NamesIn(&words), "", ""};
    ReadReference(&words, &key);
    keys.push_back(std::move(key));
  }
  return keys;
}

Status CheckForeignKeys(Connection* connection, const ServerView& server, const TableUse& use,
                        const std::vector<ServerTable>& tables, FindingList* findings) {
  if (LogsCascades(server)) return Status::Ok();
  // information_schema shows foreign keys only to users with more rights than SELECT.
  for (const ServerTable* table : Chosen(tables)) {
    const auto rows = connection->Query("SHOW CREATE TABLE " + table->Quoted());
    if (!rows.ok() && rows.status().code() != StatusCode::kPermanent) return rows.status();
    if (!rows.ok() || rows->empty() || (*rows)[0].size() < 2) continue;
    const TableKey key(table->database, table->name);
    for (const ForeignKey& one : ParseForeignKeys(key, (*rows)[0][1].value_or(""))) {
      Add(server, one, *use.request, findings);
    }
  }
  return Status::Ok();
}

}  // namespace millrace::mysql
