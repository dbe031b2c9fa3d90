// One of the tables of a job that a reader of a MySQL server reads, which stands for all MySQL
// tables that it captures: which these are, where it begins, and how they look.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "connectors/cdc/progress_board.h"
#include "connectors/connector.h"
#include "connectors/mysql/options.h"
#include "connectors/mysql/position.h"
#include "connectors/mysql/schema/name_pattern.h"
#include "connectors/mysql/schema/table_history.h"
#include "connectors/mysql/values/zero_dates.h"

namespace millrace::mysql {

struct Capture {
  Capture(const SourceRequest& asked, Log* its_log)
      : options(*asked.options),
        request(asked),
        config(ReadConfig(options)),
        databases(config.database_pattern),
        tables(config.table_pattern),
        log(its_log),
        zero_dates(its_log, asked.table, asked.columns.size()) {
    request.options = &options;
    // What a change was is in no key of the target: each must come once.
    if (config.append_only) request.keyed_target = false;
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  TableHistory::Config HistoryConfig() const {
    return {&request,
            &databases,
            &tables,
            config.schema_change,
            config.delete_removed_rows && request.deleting_target,
            log,
            &earlier};
  }
  bool IsCaptured(const TableKey& table) const { return HistoryConfig().IsCaptured(table); }

  // Constant.
  const Options options;
  SourceRequest request;  // its options are ours
  const SourceConfig config;
  const NamePattern databases;
  const NamePattern tables;
  Log* const log;

  cdc::ProgressBoard progress;  // any thread
  ZeroDates zero_dates;         // any thread

  // The reader's.
  std::optional<SourcePosition> start;  // where an earlier run stopped
  // Begins after this position, and others of the reader before it; nothing once that is reached.
  std::optional<LogPosition> from;
  // What earlier runs captured, where that is not the same: what is new is left alone until the
  // log is read up to now, and then read as in a snapshot.
  std::vector<TablePatterns> earlier;
  bool streaming = false;                 // it began without a snapshot, or after it
  std::unique_ptr<TableHistory> history;  // null until its tables are found
};

// By SourceRequest::number.
using Captures = std::vector<std::unique_ptr<Capture>>;

// A MySQL table as one of the captures sees it.
struct CapturedTable {
  uint32_t capture = 0;
  TableKey table;

  auto operator<=>(const CapturedTable&) const = default;
};

}  // namespace millrace::mysql
