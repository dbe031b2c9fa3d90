// Which parts of which tables are still to be read, and reading one part. A part is a chunk of a
// table by its key; parts are claimed by the reader threads of a round.
//
//   integer key    ranges of the key, several at a time
//   other keys     page after page, keyset paging, one reader a table; the server compares
//   no usable key  the whole table as one part
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "connectors/mysql/schema/row_layout.h"
#include "connectors/mysql/snapshot/result_row.h"
#include "connectors/mysql/values/cell_writer.h"
#include "connectors/mysql/wire/connection.h"
#include "row/batch.h"

namespace millrace::mysql {

enum class ReadBy : uint8_t { kIntegerRanges, kPages, kWhole };

struct TableProgress {
  RowLayout layout;
  ReadBy read_by = ReadBy::kWhole;
  bool done = false;
  bool started = false;  // bounds are known (this process)
  bool busy = false;     // a reader works on it (pages)
  // Everything below `next` (integer ranges) or up to `after` (pages) is read.
  std::optional<int64_t> next;
  int64_t last = 0;  // the largest key when the table was started; the end is open
  int64_t step = 1;
  std::vector<std::string> after;  // SQL literals of the last key read, empty at the start
};

struct Part {
  size_t table = 0;
  std::optional<int64_t> from;  // integer ranges: from <= key < to
  std::optional<int64_t> to;
};

// Takes batches of rows; waits if there are too many. False: stop.
using BatchTaker = std::function<bool(std::unique_ptr<Batch>)>;
using BatchGiver = std::function<std::unique_ptr<Batch>()>;

class Snapshot final {
 public:
  Snapshot(std::vector<RowLayout> layouts, int64_t rows_per_part, bool whole_tables_only);

  // Sets what an earlier run has read, from the position; false if it does not fit.
  bool Restore(const std::string& table, bool done, std::optional<int64_t> next,
               std::vector<std::string> after);

  // The next part to read, if any; `connection` finds out the bounds of a table that is begun. The
  // tables of finished parts must be given back with Finish.
  Result<std::optional<Part>> Claim(Connection* connection);
  // Reads a part row by row; `over` says that the round should end (looked at between pages).
  Status Read(const Part& part, Connection* connection, const std::atomic<bool>& over,
              const TimeZone& server_zone, uint32_t stride, const BatchGiver& give,
              const BatchTaker& take);

  bool done() const;
  std::vector<TableProgress> progress() const;
  int64_t rows_read() const { return rows_read_; }
  int64_t rows_estimated() const;

 private:
  Status Begin(TableProgress* table, Connection* connection);
  Status ReadRange(const TableProgress& table, const std::string& where, Connection* connection,
                   const TimeZone& server_zone, uint32_t stride, const BatchGiver& give,
                   const BatchTaker& take);
  Result<std::vector<std::string>> PageEnd(const TableProgress& table,
                                           const std::vector<std::string>& after,
                                           Connection* connection) const;

  const int64_t rows_per_part_;
  mutable std::mutex mutex_;
  std::vector<TableProgress> tables_;  // mutex_; layout and read_by are constant
  std::atomic<int64_t> rows_read_ = 0;
};

// "(a > 1) OR (a = 1 AND b > 'x')" and the like; `strictly`: > and <, else >= and <=.
std::string KeyCondition(const ServerTable& table, const std::vector<std::string>& key,
                         bool greater, bool strictly);
// The SELECT of a snapshot, without its WHERE.
std::string SelectText(const ServerTable& table, const std::vector<uint32_t>& selected);

}  // namespace millrace::mysql
