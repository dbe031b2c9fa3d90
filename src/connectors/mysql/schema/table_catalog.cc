#include "connectors/mysql/schema/table_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "base/overloaded.h"
#include "connectors/mysql/schema/charset_name.h"
#include "connectors/mysql/schema/column_definition.h"
#include "connectors/mysql/schema/layout_builder.h"
#include "connectors/mysql/schema/name_run.h"

namespace millrace::mysql {
namespace {

constexpr size_t kTablesMax = 10'000'000;  // of a catalog that is read

using Kind = TableChange::Kind;

// Does what a statement says, and notes it. A statement fails before it has changed anything, or
// not at all.
class StatementEffect final {
 public:
  StatementEffect(const StatementContext& context, TableCatalog* catalog)
      : context_(context), catalog_(*catalog) {}

  Result<std::vector<TableChange>> Of(const ddl::Statement& statement) {
    MR_RETURN_IF_ERROR(std::visit([this](const auto& one) { return this->Do(one); }, statement));
    return std::move(changes_);
  }

 private:
  Status Do(const ddl::CreateTable& create);
  Status Do(const ddl::AlterTable& alter);
  Status Do(const ddl::DropTable& drop);
  Status Do(const ddl::RenameTable& rename);
  Status Do(const ddl::TruncateTable& truncate);
  Status Do(const ddl::CreateIndex& create);
  Status Do(const ddl::DropIndexOn& drop);
  Status Do(const ddl::CreateSequence& create);
  Status Do(const ddl::DropSequence& drop);
  Status Do(const ddl::SetDatabaseCharset& set);
  Status Do(const ddl::DropDatabase& drop);
  static Status Do(const ddl::WriteRows& /*rows*/) { return Status::Ok(); }
  static Status Do(const ddl::Nothing& /*nothing*/) { return Status::Ok(); }

  ddl::TableName Resolved(const ddl::TableName& name) const;
  TableRules RulesOf(const std::string& database) const;
  bool IsSequence(const ddl::TableName& table) const;
  void Note(Kind kind, const ddl::TableName& table, const ddl::TableName& from = {});
  void Copy(const ddl::TableName& from, const ddl::TableName& to);
  void Drop(const ddl::TableName& table);
  void DropTablesOf(const std::string& database);
  void Rename(const ddl::TableName& from, const ddl::TableName& to);
  Status Alter(const ddl::TableName& table, std::span<const ddl::Alteration> alterations);
  void ChangeRows(const ddl::TableName& table, const ddl::ChangePartition& change);

  const StatementContext& context_;
  TableCatalog& catalog_;
  std::vector<TableChange> changes_;
};

ddl::TableName StatementEffect::Resolved(const ddl::TableName& name) const {
  const std::string& database = name.database.empty() ? context_.database : name.database;
  return {catalog_.Spelled(database), catalog_.Spelled(name.table)};
}

TableRules StatementEffect::RulesOf(const std::string& database) const {
  TableRules rules;
  rules.database_charset = catalog_.CharsetOf(database);
  if (rules.database_charset.empty()) {
    rules.database_charset = CharsetNamed(context_.database_charset);
  }
  // MySQL looks at the default database instead of the table's.
  const bool is_of_session = !context_.is_mariadb && !context_.database_charset.empty();
  rules.default_charset =
      is_of_session ? CharsetNamed(context_.database_charset) : rules.database_charset;
  rules.is_mariadb = context_.is_mariadb;
  rules.timestamps_may_be_null = context_.timestamps_may_be_null;
  return rules;
}

bool StatementEffect::IsSequence(const ddl::TableName& table) const {
  const TableCatalog::Layout layout = catalog_.Find(table);
  return layout != nullptr && layout->is_sequence;
}

void StatementEffect::Note(Kind kind, const ddl::TableName& table, const ddl::TableName& from) {
  changes_.push_back({kind, table, from});
}

void StatementEffect::Copy(const ddl::TableName& from, const ddl::TableName& to) {
  if (const TableCatalog::Layout layout = catalog_.Find(from)) {
    catalog_.Put(to, *layout);
    if (!layout->is_sequence) Note(Kind::kCreated, to, from);
  } else {
    catalog_.Forget(to);
    Note(Kind::kCreatedUnknown, to, from);
  }
}

void StatementEffect::Drop(const ddl::TableName& table) {
  const bool is_sequence = IsSequence(table);
  catalog_.Forget(table);
  if (!is_sequence) Note(Kind::kDropped, table);
}

void StatementEffect::Rename(const ddl::TableName& from, const ddl::TableName& to) {
  if (from == to) return;
  const bool is_sequence = IsSequence(from);
  if (const TableCatalog::Layout layout = catalog_.Find(from)) {
    catalog_.Forget(from);
    catalog_.Put(to, *layout);
  } else {
    catalog_.Forget(to);
  }
  if (!is_sequence) Note(Kind::kRenamed, to, from);
}

void StatementEffect::DropTablesOf(const std::string& database) {
  std::vector<ddl::TableName> tables;
  for (const auto& [name, layout] : catalog_.tables()) {
    if (name.first == database) tables.push_back({name.first, name.second});
  }
  for (const ddl::TableName& table : tables) Drop(table);
}

Status StatementEffect::Do(const ddl::CreateTable& create) {
  if (create.is_temporary) return Status::Ok();
  const ddl::TableName table = Resolved(create.table);
  const bool is_known = catalog_.Find(table) != nullptr;
  if (is_known && create.if_not_exists) return Status::Ok();
  if (is_known && create.or_replace) Drop(table);
  if (create.like) {
    Copy(Resolved(*create.like), table);
  } else if (create.has_select) {
    catalog_.Forget(table);
    Note(Kind::kCreatedUnknown, table);
  } else {
    catalog_.Put(table, CreatedLayout(create, RulesOf(table.database)));
    Note(Kind::kCreated, table);
  }
  return Status::Ok();
}

// Whether it may change a layout.
bool ChangesLayout(const ddl::Alteration& alteration) {
  return !std::holds_alternative<ddl::RenameTo>(alteration) &&
         !std::holds_alternative<ddl::ChangePartition>(alteration);
}

Status StatementEffect::Alter(const ddl::TableName& table,
                              std::span<const ddl::Alteration> alterations) {
  if (std::none_of(alterations.begin(), alterations.end(), ChangesLayout)) return Status::Ok();
  const TableCatalog::Layout layout = catalog_.Find(table);
  if (layout == nullptr) {
    Note(Kind::kAltered, table);
    return Status::Ok();
  }
  Result<TableLayout> altered = AlteredLayout(*layout, alterations, RulesOf(table.database));
  if (!altered.ok()) {
    return altered.status().Annotated(fmt::format("table {}.{}", table.database, table.table));
  }
  if (*altered == *layout) return Status::Ok();
  catalog_.Put(table, std::move(*altered));
  if (!layout->is_sequence) Note(Kind::kAltered, table);
  return Status::Ok();
}

void StatementEffect::ChangeRows(const ddl::TableName& table, const ddl::ChangePartition& change) {
  using Change = ddl::ChangePartition::Kind;
  Note(Kind::kPartitionsGone, table);
  if (!change.other) return;
  const ddl::TableName other = Resolved(*change.other);
  if (change.kind == Change::kConvertIn) {
    Drop(other);
    return;
  }
  if (change.kind == Change::kConvertOut) Copy(table, other);
  Note(Kind::kPartitionsGone, other);
}

Status StatementEffect::Do(const ddl::AlterTable& alter) {
  const ddl::TableName table = Resolved(alter.table);
  MR_RETURN_IF_ERROR(Alter(table, alter.alterations));
  for (const ddl::Alteration& alteration : alter.alterations) {
    if (const auto* const change = std::get_if<ddl::ChangePartition>(&alteration)) {
      ChangeRows(table, *change);
    }
  }
  for (const ddl::Alteration& alteration : alter.alterations) {
    if (const auto* const rename = std::get_if<ddl::RenameTo>(&alteration)) {
      Rename(table, Resolved(rename->table));
    }
  }
  return Status::Ok();
}

Status StatementEffect::Do(const ddl::DropTable& drop) {
  if (drop.is_temporary) return Status::Ok();
  for (const ddl::TableName& table : drop.tables) Drop(Resolved(table));
  return Status::Ok();
}

Status StatementEffect::Do(const ddl::RenameTable& rename) {
  for (const auto& pair : rename.pairs) Rename(Resolved(pair.from), Resolved(pair.to));
  return Status::Ok();
}

Status StatementEffect::Do(const ddl::TruncateTable& truncate) {
  Note(Kind::kTruncated, Resolved(truncate.table));
  return Status::Ok();
}

Status StatementEffect::Do(const ddl::CreateIndex& create) {
  std::vector<ddl::Alteration> alterations;
  if (create.or_replace) alterations.emplace_back(ddl::DropIndex{create.index.name});
  alterations.emplace_back(ddl::AddIndex{create.index, create.if_not_exists});
  return Alter(Resolved(create.table), alterations);
}

Status StatementEffect::Do(const ddl::DropIndexOn& drop) {
  return Alter(Resolved(drop.table), std::vector<ddl::Alteration>{ddl::DropIndex{drop.name}});
}

Status StatementEffect::Do(const ddl::CreateSequence& create) {
  if (create.is_temporary) return Status::Ok();
  const ddl::TableName sequence = Resolved(create.sequence);
  const bool is_known = catalog_.Find(sequence) != nullptr;
  if (is_known && create.if_not_exists) return Status::Ok();
  if (is_known) Drop(sequence);
  catalog_.Put(sequence, SequenceLayout(RulesOf(sequence.database).database_charset));
  return Status::Ok();
}

Status StatementEffect::Do(const ddl::DropSequence& drop) {
  if (drop.is_temporary) return Status::Ok();
  for (const ddl::TableName& sequence : drop.sequences) catalog_.Forget(Resolved(sequence));
  return Status::Ok();
}

Status StatementEffect::Do(const ddl::SetDatabaseCharset& set) {
  const std::string database =
      catalog_.Spelled(set.database.empty() ? context_.database : set.database);
  const std::string before = catalog_.CharsetOf(database);
  if (set.if_not_exists && !before.empty()) return Status::Ok();
  if (set.or_replace) DropTablesOf(database);
  const std::string server = CharsetNamed(context_.server_charset);
  const bool is_default = set.charset == "default" || set.collation == "default";
  const std::string fallback = set.creates || is_default ? server : before;
  const std::string charset = ResolvedCharset(set.charset, set.collation, fallback);
  if (!charset.empty()) catalog_.PutDatabase(database, charset);
  return Status::Ok();
}

Status StatementEffect::Do(const ddl::DropDatabase& drop) {
  const std::string database = catalog_.Spelled(drop.database);
  DropTablesOf(database);
  catalog_.ForgetDatabase(database);
  return Status::Ok();
}

// Tables, or databases, by what is the same in all of them.
template <typename Value>
using NamesBy = std::map<Value, std::vector<std::string>>;

// The members of an object, one for each name or run.
std::pair<Json, Json> WithRuns(NamesBy<std::string>* names_by_value) {
  std::vector<Json::Member> runs;
  std::map<std::string, std::string> rest;
  for (auto& [value, names] : *names_by_value) {
    for (const NameRun& run : TakeRuns(&names)) runs.push_back({run.ToText(), value});
    for (std::string& name : names) rest.emplace(std::move(name), value);
  }
  std::vector<Json::Member> members;
  for (const auto& [name, value] : rest) members.push_back({name, value});
  return {Json::Object(std::move(members)), Json::Object(std::move(runs))};
}

// The names that a member "xs", a run, or "x", a single name, stands for; nothing if it is neither.
std::optional<std::vector<std::string>> NamesOf(const Json& json, const std::string& one) {
  if (const std::optional<std::string> name = json[one].AsString()) return std::vector{*name};
  const std::optional<NameRun> run = NameRun::Parse(json[one + "s"].AsString().value_or(""));
  return run ? std::optional(run->Names()) : std::nullopt;
}

Status Malformed(std::string_view what) {
  return Status::Permanent(fmt::format("the catalog of tables has {}", what));
}

}  // namespace

TableCatalog::TableCatalog(bool names_in_small_letters)
    : names_in_small_letters_(names_in_small_letters) {}

std::string TableCatalog::Spelled(const std::string& name) const {
  return SpelledName(name, names_in_small_letters_);
}

void TableCatalog::PutDatabase(const std::string& database, const std::string& charset) {
  databases_[Spelled(database)] = CharsetNamed(charset);
}

void TableCatalog::ForgetDatabase(const std::string& database) {
  const std::string name = Spelled(database);
  std::erase_if(tables_, [&](const auto& table) { return table.first.first == name; });
  databases_.erase(name);
}

std::string TableCatalog::CharsetOf(const std::string& database) const {
  const auto found = databases_.find(Spelled(database));
  return found == databases_.end() ? std::string() : found->second;
}

void TableCatalog::Put(const ddl::TableName& table, TableLayout layout) {
  tables_[{Spelled(table.database), Spelled(table.table)}] = layouts_.Share(std::move(layout));
}

void TableCatalog::Forget(const ddl::TableName& table) {
  tables_.erase({Spelled(table.database), Spelled(table.table)});
}

TableCatalog::Layout TableCatalog::Find(const ddl::TableName& table) const {
  const auto found = tables_.find({Spelled(table.database), Spelled(table.table)});
  return found == tables_.end() ? nullptr : found->second;
}

Result<std::vector<TableChange>> TableCatalog::Apply(const ddl::Statement& statement,
                                                     const StatementContext& context) {
  return StatementEffect(context, this).Of(statement);
}

Json TableCatalog::ToJson() const {
  NamesBy<std::string> databases;
  for (const auto& [name, charset] : databases_) databases[charset].push_back(name);
  std::map<const TableLayout*, uint64_t> numbers;
  Json layouts = Json::Array();
  std::map<std::string, NamesBy<uint64_t>> by_database;  // tables by layout
  for (const auto& [name, layout] : tables_) {
    const auto [number, is_new] = numbers.emplace(layout.get(), numbers.size());
    if (is_new) layouts.Append(layout->ToJson());
    by_database[name.first][number->second].push_back(name.second);
  }
  // Databases by (whether it is a run, tables, layout).
  NamesBy<std::tuple<bool, std::string, uint64_t>> by_tables;
  for (auto& [database, by_layout] : by_database) {
    for (auto& [layout, tables] : by_layout) {
      for (const NameRun& run : TakeRuns(&tables)) {
        by_tables[{true, run.ToText(), layout}].push_back(database);
      }
      for (std::string& table : tables) {
        by_tables[{false, std::move(table), layout}].push_back(database);
      }
    }
  }
  Json runs = Json::Array();
  std::map<std::string, std::map<std::string, uint64_t>> rest;
  for (auto& [entry, of_entry] : by_tables) {
    const auto& [is_run, tables, layout] = entry;
    const auto add = [&, &tables = tables, &layout = layout, &is_run = is_run](
                         std::string_view key, const std::string& name) {
      runs.Append(Json::Object(
          {{std::string(key), name}, {is_run ? "tables" : "table", tables}, {"layout", layout}}));
    };
    for (const NameRun& run : TakeRuns(&of_entry)) add("databases", run.ToText());
    for (const std::string& database : of_entry) {
      if (is_run) {
        add("database", database);
      } else {
        rest[database][tables] = layout;
      }
    }
  }
  std::vector<Json::Member> tables;
  for (const auto& [database, of_database] : rest) {
    std::vector<Json::Member> members;
    for (const auto& [table, layout] : of_database) members.push_back({table, layout});
    tables.push_back({database, Json::Object(std::move(members))});
  }
  auto [names, name_runs] = WithRuns(&databases);
  Json json = Json::Object({{"databases", std::move(names)},
                            {"layouts", std::move(layouts)},
                            {"tables", Json::Object(std::move(tables))}});
  if (!name_runs.members().empty()) json.Set("database_runs", std::move(name_runs));
  if (!runs.items().empty()) json.Set("runs", std::move(runs));
  if (names_in_small_letters_) json.Set("names_in_small_letters", true);
  return json;
}

Status TableCatalog::ReadRuns(const Json& json, const std::vector<Layout>& layouts) {
  for (const Json::Member& databases : json["database_runs"].members()) {
    const std::optional<std::string> charset = databases.value.AsString();
    const std::optional<NameRun> run = NameRun::Parse(databases.name);
    if (!charset || !run) return Malformed("databases without a character set");
    for (const std::string& name : run->Names()) PutDatabase(name, *charset);
  }
  for (const Json& item : json["runs"].items()) {
    const auto databases = NamesOf(item, "database");
    const auto tables = NamesOf(item, "table");
    const std::optional<uint64_t> number = item["layout"].AsUint();
    if (!databases || !tables || !number || *number >= layouts.size()) {
      return Malformed("tables without a layout");
    }
    for (const std::string& database : *databases) {
      if (tables_.size() + tables->size() > kTablesMax) return Malformed("too many tables");
      for (const std::string& table : *tables) tables_[{database, table}] = layouts[*number];
    }
  }
  return Status::Ok();
}

Result<TableCatalog> TableCatalog::FromJson(const Json& json) {
  if (!json["tables"].is_object()) return Malformed("no tables");
  TableCatalog catalog(json["names_in_small_letters"].AsBool().value_or(false));
  for (const Json::Member& database : json["databases"].members()) {
    const std::optional<std::string> charset = database.value.AsString();
    if (!charset) return Malformed("a database without a character set");
    catalog.PutDatabase(database.name, *charset);
  }
  std::vector<Layout> layouts;
  for (const Json& item : json["layouts"].items()) {
    MR_ASSIGN_OR_RETURN(TableLayout layout, TableLayout::FromJson(item));
    layouts.push_back(catalog.layouts_.Share(std::move(layout)));
  }
  for (const Json::Member& database : json["tables"].members()) {
    for (const Json::Member& table : database.value.members()) {
      const std::optional<uint64_t> number = table.value.AsUint();
      if (!number || *number >= layouts.size()) return Malformed("a table without a layout");
      catalog.tables_[{database.name, table.name}] = layouts[*number];
    }
  }
  MR_RETURN_IF_ERROR(catalog.ReadRuns(json, layouts));
  return catalog;
}

}  // namespace millrace::mysql
