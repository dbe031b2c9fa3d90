#include "connectors/mysql/schema/table_history.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/overloaded.h"
#include "base/quote.h"
#include "connectors/mysql/binlog/logged_statement.h"
#include "connectors/mysql/schema/row_layout.h"

namespace millrace::mysql {
namespace {

constexpr size_t kStatementShown = 200;  // bytes in a message
constexpr std::string_view kStartOver =
    "run the script again with --fresh to start with a new snapshot";

std::string Shown(const LoggedStatement& statement) {
  const std::string& text = statement.text;
  if (text.size() <= kStatementShown) return text;
  return text.substr(0, kStatementShown) + "...";
}

// Tables that get rows, or lose some to another one, without a word in the log about which.
std::vector<TableKey> Exchanged(const ddl::Statement& parsed, const LoggedStatement& statement) {
  using Kind = ddl::ChangePartition::Kind;
  const auto* const alter = std::get_if<ddl::AlterTable>(&parsed);
  if (alter == nullptr) return {};
  for (const ddl::Alteration& alteration : alter->alterations) {
    const auto* const change = std::get_if<ddl::ChangePartition>(&alteration);
    if (change == nullptr) continue;
    if (change->kind == Kind::kImportTablespace) return {KeyOf(alter->table, statement)};
    if (!change->other) continue;
    if (change->kind == Kind::kExchange) {
      return {KeyOf(alter->table, statement), KeyOf(*change->other, statement)};
    }
    if (change->kind == Kind::kConvertIn) return {KeyOf(alter->table, statement)};
    return {KeyOf(*change->other, statement)};
  }
  return {};
}

// What an ALTER calls a column from now on; empty: it does not say.
std::string NewNameOf(const std::string& column, const ddl::Statement& parsed) {
  const auto* const alter = std::get_if<ddl::AlterTable>(&parsed);
  if (alter == nullptr) return "";
  std::string name;
  for (const ddl::Alteration& alteration : alter->alterations) {
    std::visit(Overloaded{
                   [&](const ddl::RenameColumn& rename) {
                     if (IsSameName(rename.from, column)) name = rename.to;
                   },
                   [&](const ddl::ChangeColumn& change) {
                     if (IsSameName(change.name, column)) name = change.column.name;
                   },
                   [](const auto&) {},
               },
               alteration);
  }
  return IsSameName(name, column) ? "" : name;
}

// A column that an ALTER drops, perhaps to add another one of its name.
bool Drops(const std::string& column, const ddl::Statement& parsed) {
  const auto* const alter = std::get_if<ddl::AlterTable>(&parsed);
  if (alter == nullptr) return false;
  return std::any_of(alter->alterations.begin(), alter->alterations.end(),
                     [&](const ddl::Alteration& alteration) {
                       const auto* const drop = std::get_if<ddl::DropColumn>(&alteration);
                       return drop != nullptr && IsSameName(drop->name, column);
                     });
}

}  // namespace

struct TableHistory::Change {
  const LoggedStatement& statement;
  const ddl::Statement& parsed;
  LogPosition here;
  std::map<TableKey, Layout> before;   // of the tables the statement names
  std::set<TableKey> altered;          // captured, and still captured
  std::set<TableKey> left;             // captured, and gone from their name
  std::map<TableKey, TableKey> moved;  // what is called so now -> what it was called before
  std::set<TableKey> came;             // have rows that they had under a name that is not captured
  std::set<TableKey> lost_all_rows;    // captured
  std::set<TableKey> lost_some_rows;   // captured
};

TableHistory::TableHistory(const Config& config, TableCatalog catalog, std::vector<Later> later)
    : config_(config), state_{std::move(catalog), std::move(later), {}, {}, {}, {}, {}} {}

bool TableHistory::Config::IsCaptured(const TableKey& table) const {
  const bool waits = earlier != nullptr && !AllMatch(*earlier, table);
  return !waits && databases->Matches(table.first) && tables->Matches(table.second);
}

bool TableHistory::MayNameCaptured(const LoggedStatement& statement) const {
  return MayName(statement, [this](const TableKey& table) { return config_.IsCaptured(table); });
}

std::vector<TableKey> TableHistory::CapturedTables() const {
  std::vector<TableKey> captured;
  for (const auto& [table, layout] : state_.catalog.tables()) {
    if (IsCaptured(table) && !layout->is_sequence) captured.push_back(table);
  }
  return captured;
}

TableHistory::Layout TableHistory::Find(const TableKey& table) const {
  return state_.catalog.Find({table.first, table.second});
}

std::string TableHistory::WhyUnknown(const TableKey& table) const {
  const auto found = state_.unknown.find(table);
  return found == state_.unknown.end() ? std::string() : found->second;
}

void TableHistory::Learn(const TableKey& table, TableLayout layout) {
  state_.catalog.Put({table.first, table.second}, std::move(layout));
  state_.unknown.erase(table);
  json_.reset();
}

const std::set<std::string>& TableHistory::NullColumns(const TableKey& table) const {
  static const std::set<std::string> kNone;
  const auto found = state_.null_columns.find(table);
  return found == state_.null_columns.end() ? kNone : found->second;
}

// A statement that is not understood matters if it may be about a captured table.
Result<std::vector<TableKey>> TableHistory::Apply(const LoggedStatement& statement,
                                                  const LogPosition& here) {
  const Result<ddl::Statement> parsed = ddl::Parse(statement.text, statement.dialect);
  if (!parsed.ok()) {
    if (!MayNameCaptured(statement)) return std::vector<TableKey>();
    return Status::Permanent(
        fmt::format("a statement that may change captured tables is not understood ({}): {}; {}",
                    parsed.status().message(), Shown(statement), kStartOver));
  }
  if (const auto* const writes = std::get_if<ddl::WriteRows>(&*parsed)) {
    MR_RETURN_IF_ERROR(CheckWrites(*writes, statement));
    return std::vector<TableKey>();
  }
  if (const auto* const create = std::get_if<ddl::CreateTable>(&*parsed)) {
    // With rows in the log it stands there without its SELECT.
    const bool writes = create->has_select && !create->is_temporary;
    if (writes) MR_RETURN_IF_ERROR(CheckWrites({{create->table}, false}, statement));
  }
  if (std::holds_alternative<ddl::Nothing>(*parsed)) return std::vector<TableKey>();
  State before = state_;
  auto changed = Follow(*parsed, statement, here);
  if (changed.ok()) {
    json_.reset();
  } else {
    state_ = std::move(before);
  }
  return changed;
}

Result<std::vector<TableKey>> TableHistory::Follow(const ddl::Statement& parsed,
                                                   const LoggedStatement& statement,
                                                   const LogPosition& here) {
  Change change{statement, parsed, here, {}, {}, {}, {}, {}, {}, {}};
  for (const TableKey& table : TablesChangedBy(parsed, statement)) {
    change.before[table] = Find(table);
  }
  auto changes = state_.catalog.Apply(parsed, statement.context);
  if (!changes.ok()) {
    return Status::Permanent(fmt::format("{} does not fit what is known of the table: {}; {}",
                                         Shown(statement), changes.status().message(), kStartOver));
  }
  Sort(*changes, &change);
  MR_RETURN_IF_ERROR(CheckExchange(change));
  state_.arrived.insert(change.came.begin(), change.came.end());
  std::set<TableKey> changed;
  for (const auto& [table, layout] : change.before) {
    if (!IsCaptured(table)) continue;
    changed.insert(table);
    if (Find(table) == nullptr)
      state_.unknown[table] = fmt::format("{} ({})", Shown(statement), here.ToString());
  }
  InstallLater(here, &changed);
  if (const auto* const alter = std::get_if<ddl::AlterTable>(&parsed)) {
    // Also where the layout is as before, see Drops.
    const TableKey table = KeyOf(alter->table, statement);
    if (changed.contains(table)) change.altered.insert(table);
  }
  for (const TableKey& table : change.altered) MR_RETURN_IF_ERROR(CompareColumns(table, change));
  MR_RETURN_IF_ERROR(LoseRows(change));
  state_.changed.insert(changed.begin(), changed.end());
  return std::vector<TableKey>(changed.begin(), changed.end());
}

Status TableHistory::CheckWrites(const ddl::WriteRows& writes,
                                 const LoggedStatement& statement) const {
  const bool may_be_ours =
      writes.may_write_others &&
      (config_.databases->Matches(statement.context.database) || MayNameCaptured(statement));
  const bool ours = std::any_of(writes.tables.begin(), writes.tables.end(), [&](const auto& name) {
    return IsCaptured(KeyOf(name, statement));
  });
  if (!ours && !may_be_ours) return Status::Ok();
  return Status::Permanent(fmt::format(
      "the binlog holds a statement instead of rows: {}; a session wrote with "
      "binlog_format=STATEMENT or MIXED, make it ROW and run the script again with --fresh",
      Shown(statement)));
}

// What the changes of one statement come to: a table that is replaced under its name, as online
// schema changes do it with RENAME TABLE, was altered.
void TableHistory::Sort(const std::vector<TableChange>& changes, Change* change) const {
  using Kind = TableChange::Kind;
  for (const TableChange& one : changes) {
    const TableKey table{one.table.database, one.table.table};
    switch (one.kind) {
      case Kind::kCreated:
      case Kind::kCreatedUnknown:
        change->came.erase(table);
        break;
      case Kind::kAltered:
        if (IsCaptured(table)) change->altered.insert(table);
        break;
      case Kind::kDropped:
        change->moved.erase(table);
        if (IsCaptured(table)) change->lost_all_rows.insert(table);
        break;
      case Kind::kRenamed: {
        const TableKey from{one.from.database, one.from.table};
        const auto earlier = change->moved.extract(from);
        change->moved.insert_or_assign(table, earlier ? earlier.mapped() : from);
        const bool had_our_rows = IsCaptured(from) && !change->came.contains(from);
        change->came.erase(from);
        if (IsCaptured(from)) change->left.insert(from);
        if (IsCaptured(table) && !had_our_rows && !change->left.contains(table))
          change->came.insert(table);
        if (IsCaptured(table) && change->left.contains(table)) change->altered.insert(table);
        break;
      }
      case Kind::kTruncated:
        if (IsCaptured(table)) change->lost_all_rows.insert(table);
        break;
      case Kind::kPartitionsGone:
        if (IsCaptured(table)) change->lost_some_rows.insert(table);
        break;
    }
  }
  for (const TableKey& table : change->left) {
    if (!change->altered.contains(table)) change->lost_all_rows.insert(table);
  }
  if (!config_.deletes_rows) return;
  // The rows of a captured table that has the name of another one now go with the old name.
  for (const auto& [table, before] : change->moved) {
    if (table == before || !IsCaptured(table) || !IsCaptured(before)) continue;
    change->came.insert(table);
    change->lost_all_rows.insert(table);
  }
}

Status TableHistory::CheckExchange(const Change& change) const {
  for (const TableKey& table : Exchanged(change.parsed, change.statement)) {
    if (!IsCaptured(table)) continue;
    return Status::Permanent(
        fmt::format("table {} got or lost rows of which the binlog has no word: {}; {}",
                    FullName(table), Shown(change.statement), kStartOver));
  }
  return Status::Ok();
}

Status TableHistory::CompareColumns(const TableKey& table, const Change& change) {
  const auto found = change.before.find(table);
  const Layout before = found == change.before.end() ? nullptr : found->second;
  const Layout now = Find(table);
  if (before == nullptr || now == nullptr) return Status::Ok();
  const BytesAs bytes_as = ReadBytesAs(config_.request->options);
  for (const Column& column : config_.request->schema.columns) {
    if (!column.metadata_key.empty()) continue;
    const auto readable_in = [&](const TableLayout& layout) {
      const auto index = layout.Find(column.name);
      return index && CanRead(layout.columns[*index], column.type, bytes_as);
    };
    const bool is_another =
        Drops(column.name, change.parsed) && config_.schema_change != SchemaChange::kIgnore;
    if (readable_in(*now) && !is_another) {
      if (config_.schema_change == SchemaChange::kIgnore)
        state_.null_columns[table].erase(column.name);
    } else if (readable_in(*before)) {
      MR_RETURN_IF_ERROR(LoseColumn(table, column, change));
    }
  }
  return Status::Ok();
}

Status TableHistory::LoseColumn(const TableKey& table, const Column& column, const Change& change) {
  const Layout now = Find(table);
  const auto index = now->Find(column.name);
  const std::string new_name = NewNameOf(column.name, change.parsed);
  const std::string what =
      index && CanRead(now->columns[*index], column.type, ReadBytesAs(config_.request->options))
          ? "was replaced by another one of its name"
      : index            ? fmt::format("is {} now, which cannot be read as {}",
                                       now->columns[*index].TypeText(), ToString(column.type.Nullable()))
      : new_name.empty() ? "is gone"
                         : fmt::format("is called {} now", Quoted(new_name));
  const bool may_be_null = config_.schema_change != SchemaChange::kStop && column.type.nullable;
  if (may_be_null) {
    state_.null_columns[table].insert(column.name);
    config_.log->Warning("column {} of MySQL table {} {}, and is read as NULL from {} on: {}",
                         Quoted(column.name), FullName(table), what, change.here.ToString(),
                         Shown(change.statement));
    return Status::Ok();
  }
  const std::string remedy =
      column.type.nullable ? "or set 'schema.change' = 'null' to read it as NULL from there on"
                           : "since it is NOT NULL it cannot be read as NULL";
  return Status::Permanent(
      fmt::format("declared column {} of MySQL table {} {}: {}; every change before that was read: "
                  "declare the columns as "
                  "they are now and run the script with --fresh, {}",
                  Quoted(column.name), FullName(table), what, Shown(change.statement), remedy));
}

// What becomes of rows in the target that statements took from their tables.
Status TableHistory::LoseRows(const Change& change) {
  std::set<TableKey> lost = change.lost_all_rows;
  lost.insert(change.lost_some_rows.begin(), change.lost_some_rows.end());
  if (!config_.deletes_rows) {
    for (const TableKey& table : lost) {
      config_.log->Warning(
          "{} at {}: rows of {} that this removed or moved stay in the target; delete them there "
          "by hand, or empty the target and run the script again with --fresh",
          Shown(change.statement), change.here.ToString(), FullName(table));
    }
    return Status::Ok();
  }
  if (!change.lost_some_rows.empty()) {
    return Status::Permanent(fmt::format(
        "{} removed rows of {}, and the binlog does not say which, so that 'ddl.removed-rows' = "
        "'delete' cannot delete them: delete them in the target by hand and run the script again "
        "with 'ddl.removed-rows' = 'keep', which goes on from here, or empty the target and run "
        "it with --fresh",
        Shown(change.statement), FullName(*change.lost_some_rows.begin())));
  }
  for (const TableKey& table : lost) {
    config_.log->Info("{} at {}: deleting the rows of {} from the target", Shown(change.statement),
                      change.here.ToString(), FullName(table));
  }
  state_.emptied.insert(lost.begin(), lost.end());
  return Status::Ok();
}

// The server described a table as it is since a statement that has come now.
void TableHistory::InstallLater(const LogPosition& here, std::set<TableKey>* changed) {
  std::erase_if(state_.later, [&](Later& later) {
    if (IsBefore(here, later.from)) return false;
    changed->insert(later.table);
    Learn(later.table, std::move(later.layout));
    return true;
  });
}

std::shared_ptr<const Json> TableHistory::ToJson() const {
  if (json_ != nullptr) return json_;
  Json nulls = Json::Array();
  for (const auto& [table, columns] : state_.null_columns) {
    if (columns.empty()) continue;
    nulls.Append(Json::Object({{"database", Json(table.first)},
                               {"table", Json(table.second)},
                               {"columns", Json::ArrayOf(columns)}}));
  }
  Json later = Json::Array();
  for (const Later& one : state_.later) {
    later.Append(Json::Object({{"database", Json(one.table.first)},
                               {"table", Json(one.table.second)},
                               {"file", Json(one.from.file)},
                               {"offset", Json(one.from.offset)},
                               {"layout", one.layout.ToJson()}}));
  }
  Json captured = Json::Array();
  const auto add = [&](const NamePattern& databases, const NamePattern& tables) {
    captured.Append(
        Json::Object({{"databases", Json(databases.text())}, {"tables", Json(tables.text())}}));
  };
  if (config_.earlier != nullptr) {
    for (const TablePatterns& one : *config_.earlier) add(one.databases, one.tables);
  }
  add(*config_.databases, *config_.tables);
  Json history = Json::Object({{"captured", std::move(captured)},
                               {"catalog", state_.catalog.ToJson()},
                               {"null_columns", std::move(nulls)},
                               {"later", std::move(later)}});
  json_ = std::make_shared<const Json>(Json::Object({{"history", std::move(history)}}));
  return json_;
}

std::vector<TablePatterns> TableHistory::CapturedIn(const Json& json) {
  std::vector<TablePatterns> captured;
  for (const Json& item : json["captured"].items()) {
    captured.emplace_back(item["databases"].AsString().value_or(""),
                          item["tables"].AsString().value_or(""));
  }
  return captured;
}

Result<std::unique_ptr<TableHistory>> TableHistory::FromJson(const Config& config,
                                                             const Json& json) {
  const auto malformed = [](std::string_view what) {
    return Status::Permanent(fmt::format(
        "the table history in the checkpoint is malformed: {}; run the script with --fresh", what));
  };
  auto catalog = TableCatalog::FromJson(json["catalog"]);
  if (!catalog.ok()) return malformed(catalog.status().message());
  std::vector<Later> later;
  for (const Json& item : json["later"].items()) {
    const auto database = item["database"].AsString();
    const auto table = item["table"].AsString();
    const auto file = item["file"].AsString();
    const auto offset = item["offset"].AsUint();
    auto layout = TableLayout::FromJson(item["layout"]);
    if (!database || !table || !file || !offset)
      return malformed("a later layout names no table or position");
    if (!layout.ok()) return malformed(layout.status().message());
    later.push_back({{*database, *table}, {*file, *offset, std::nullopt}, std::move(*layout)});
  }
  auto history = std::make_unique<TableHistory>(config, std::move(*catalog), std::move(later));
  for (const Json& item : json["null_columns"].items()) {
    const auto database = item["database"].AsString();
    const auto table = item["table"].AsString();
    if (!database || !table) return malformed("null_columns names no table");
    for (const Json& column : item["columns"].items()) {
      const auto name = column.AsString();
      if (!name) return malformed("null_columns has a column without a name");
      history->state_.null_columns[{*database, *table}].insert(*name);
    }
  }
  return history;
}

}  // namespace millrace::mysql
