// How the captured tables look at a position of the binlog, and what a change of them means for the
// declared columns. Begins with what the server says, or a checkpoint says, and follows the
// statements of the log from there. No network; one thread.
//
//   history ::= {"captured": [{"databases": text, "tables": text}, ...]?, "catalog": catalog,
//                "null_columns": [{"database": text, "table": text, "columns": [text, ...]}, ...],
//                "later": [{"database": text, "table": text, "file": text, "offset": number,
//                           "layout": layout}, ...]}
//
// (The catalog: table_catalog.h. A captured table matches all patterns of "captured", which an
// earlier release did not write.)
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/log.h"
#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/binlog/statement_context.h"
#include "connectors/mysql/options.h"
#include "connectors/mysql/schema/name_pattern.h"
#include "connectors/mysql/schema/statement_tables.h"
#include "connectors/mysql/schema/table_catalog.h"

namespace millrace::mysql {

class TableHistory final {
 public:
  using Layout = TableCatalog::Layout;

  struct Config {
    const SourceRequest* request = nullptr;
    const NamePattern* databases = nullptr;
    const NamePattern* tables = nullptr;
    SchemaChange schema_change = SchemaChange::kStop;
    // The target is to lose the rows that DDL takes from captured tables.
    bool deletes_rows = false;
    Log* log = nullptr;
    // Tables that do not match all of these, too, are not captured yet.
    const std::vector<TablePatterns>* earlier = nullptr;

    bool IsCaptured(const TableKey& table) const;
  };

  // A table that looks like `layout` from a position of the log on, and before it in an unknown
  // way.
  struct Later {
    TableKey table;
    LogPosition from;
    TableLayout layout;
  };

  TableHistory(const Config& config, TableCatalog catalog, std::vector<Later> later = {});
  // Permanent error naming what is wrong with the JSON.
  static Result<std::unique_ptr<TableHistory>> FromJson(const Config& config, const Json& json);

  bool IsCaptured(const TableKey& table) const { return config_.IsCaptured(table); }
  // Those that are known.
  std::vector<TableKey> CapturedTables() const;

  // Null: not known.
  Layout Find(const TableKey& table) const;
  // Why it is not known, as the end of a sentence; empty if nothing is known of that.
  std::string WhyUnknown(const TableKey& table) const;
  // What another source says about a table that is not known.
  void Learn(const TableKey& table, TableLayout layout);
  // Declared columns that are read as NULL, because the table lost them.
  const std::set<std::string>& NullColumns(const TableKey& table) const;

  // Follows a statement that ends at `here`; the captured tables that may look otherwise now.
  // Permanent error if the rows of a captured table cannot be followed beyond it, with nothing
  // changed; it says why and what to do.
  Result<std::vector<TableKey>> Apply(const LoggedStatement& statement, const LogPosition& here);

  // Becomes what a copy of it was, which was made before statements were applied.
  void GoBackTo(TableHistory&& copy) {
    state_ = std::move(copy.state_);
    json_ = std::move(copy.json_);
  }

  // The patterns in the JSON of a history; none if an earlier release wrote it.
  static std::vector<TablePatterns> CapturedIn(const Json& json);
  // Config::earlier is empty now.
  void ForgetEarlier() { json_.reset(); }

  // Captured tables that look otherwise since the last call.
  std::set<TableKey> TakeChanged() { return std::exchange(state_.changed, {}); }

  // Captured tables got or lost rows of which the log has no row events.
  bool has_moved_rows() const { return !state_.arrived.empty() || !state_.emptied.empty(); }
  // Those that got all their rows by a RENAME, once: under another name they were not captured, or
  // the target loses the rows of that name.
  std::set<TableKey> TakeArrived() { return std::exchange(state_.arrived, {}); }
  // Those whose rows the target is to lose, once; none unless Config::deletes_rows.
  std::set<TableKey> TakeEmptied() { return std::exchange(state_.emptied, {}); }

  // {"history": ...}, until the next change the same object.
  std::shared_ptr<const Json> ToJson() const;

 private:
  // What a statement changes, wholly or not at all.
  struct State {
    TableCatalog catalog;
    std::vector<Later> later;
    std::map<TableKey, std::set<std::string>> null_columns;
    std::set<TableKey> arrived;
    std::set<TableKey> emptied;
    std::set<TableKey> changed;
    std::map<TableKey, std::string> unknown;  // the statement after which a table is not known
  };
  struct Change;

  Result<std::vector<TableKey>> Follow(const ddl::Statement& parsed,
                                       const LoggedStatement& statement, const LogPosition& here);

  // Of a statement that is not understood, or does not say what it writes.
  bool MayNameCaptured(const LoggedStatement& statement) const;
  Status CheckWrites(const ddl::WriteRows& writes, const LoggedStatement& statement) const;
  void Sort(const std::vector<TableChange>& changes, Change* change) const;
  Status CheckExchange(const Change& change) const;
  Status CompareColumns(const TableKey& table, const Change& change);
  Status LoseColumn(const TableKey& table, const Column& column, const Change& change);
  Status LoseRows(const Change& change);
  void InstallLater(const LogPosition& here, std::set<TableKey>* changed);

  const Config config_;
  State state_;
  mutable std::shared_ptr<const Json> json_;
};

}  // namespace millrace::mysql
