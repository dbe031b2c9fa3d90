// Finds the captured tables, and how they looked where a source begins to read the binlog. The
// server says only how they look now; whether that is the same says the log in between.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/status.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/binlog/log_reader.h"
#include "connectors/mysql/capture.h"
#include "connectors/mysql/schema/server_facts.h"
#include "connectors/mysql/schema/server_table.h"
#include "connectors/mysql/schema/table_history.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

// Of one capture.
struct FoundTables {
  LogPosition position;                   // where to begin
  std::vector<ServerTable> tables;        // as they are now
  std::unique_ptr<TableHistory> history;  // at the position
};

class TableFinder final {
 public:
  using CaptureList = std::vector<const Capture*>;

  struct Config {
    const ServerFacts* server = nullptr;
    LogReaderConfig log;  // without tables
    std::function<bool()> stopped;
  };

  explicit TableFinder(Config config) : config_(std::move(config)) {}

  // For captures that begin now: `now` gives the position, again and again until no captured table
  // is changed while the tables are described. Transient error if that takes too many tries.
  Result<std::vector<FoundTables>> FindNow(Connection* control, const CaptureList& captures,
                                           const std::function<Result<LogPosition>()>& now) const;
  // For those that begin at an older position: tables that were changed since have their layout
  // from the last change on, and until then only what a CREATE TABLE says.
  Result<std::vector<FoundTables>> FindAt(Connection* control, const CaptureList& captures,
                                          const LogPosition& position) const;
  // One table that the history does not know; nothing if it is gone, or changed after `here`, where
  // the log was read up to `position`.
  Result<std::optional<TableLayout>> DescribeAt(Connection* control, const TableKey& table,
                                                const LogPosition& position,
                                                const LogPosition& here) const;

 private:
  // The last change of each table that is wanted between two positions of the log.
  struct LastChanges {
    std::map<TableKey, LogPosition> wanted;
    std::set<TableKey> others;
    bool perhaps_any_other = false;  // a statement is not understood
  };
  Result<LastChanges> ChangesBetween(const LogPosition& start, const LogPosition& end,
                                     const WantsTable& wants) const;
  Result<LastChanges> ChangesSince(Connection* control, const LogPosition& position,
                                   const WantsTable& wants) const;
  // `settled`: false if the tables changed while they were described.
  Result<std::vector<FoundTables>> Find(Connection* control, const CaptureList& captures,
                                        const LogPosition& position, LastChanges* changes,
                                        bool* settled) const;
  Status NotSettled() const;
  Result<TableCatalog> MakeCatalog(Connection* control) const;
  Result<bool> AddOthers(Connection* control, const Capture& capture, const LogPosition& position,
                         TableCatalog* catalog) const;
  static void MakeHistory(const Capture& capture, TableCatalog catalog, const LastChanges& changes,
                          FoundTables* found);

  const Config config_;
};

}  // namespace millrace::mysql
