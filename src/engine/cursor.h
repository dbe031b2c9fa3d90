// The rows of a SELECT, pulled. A thread of the cursor's own runs the query and waits while the few
// batches it may be ahead are full, so that a slow reader costs no memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/queue.h"
#include "base/stop_token.h"
#include "plan/plan.h"
#include "row/batch.h"
#include "runtime/job.h"

namespace millrace {

// Some rows of a result: a cell for each column of the cursor's schema. Valid as long as it lives.
class Page final {
 public:
  Page() = default;
  // Rows [begin, end) of the batch.
  Page(std::shared_ptr<const Batch> batch, uint32_t begin, uint32_t end, bool last)
      : batch_(std::move(batch)), begin_(begin), end_(end), last_(last) {}

  uint32_t rows() const { return end_ - begin_; }
  const Cell* row(uint32_t index) const { return batch_->row(begin_ + index); }
  RowKind kind(uint32_t index) const { return batch_->kind(begin_ + index); }
  // Nothing comes after these rows.
  bool last() const { return last_; }

 private:
  std::shared_ptr<const Batch> batch_;  // the cursor holds it as well until its last row was read
  uint32_t begin_ = 0;
  uint32_t end_ = 0;
  bool last_ = false;
};

class Cursor final {
 public:
  // Batches that the query may be ahead of its reader; each is as bounded as any Batch.
  static constexpr size_t kBatchesAheadMax = 4;

  // Starts the query. Everything borrowed must outlive the cursor.
  Cursor(Plan plan, const JobEnvironment& environment);
  // Cancels and waits for the thread.
  ~Cursor();
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  // The next rows, at most `rows_max`; waits up to `wait_ms` for the first of them. A page without
  // rows that is not the last one: none came in that time. The error that ended the query, after
  // the rows before it; Cancelled() after Cancel. Any thread, one at a time.
  Result<Page> Next(size_t rows_max, int64_t wait_ms);
  // Ends the query, and a Next that waits for it. Any thread.
  void Cancel();

  size_t batches_ahead() const { return queue_.size(); }  // that wait to be read
  const Schema& schema() const { return plan_.sinks[0].table.schema; }
  const std::string& time_zone() const { return plan_.time_zone; }  // to show instants in
  // Whether rows other than +I may come or the query does not end by itself.
  bool is_stream() const { return is_stream_; }

 private:
  class QueueSink;

  Status Run(const JobEnvironment& environment);

  const Plan plan_;
  const bool is_stream_;
  StopToken stop_;
  BoundedQueue<std::shared_ptr<const Batch>> queue_{kBatchesAheadMax};

  std::mutex reader_mutex_;               // one Next at a time
  std::shared_ptr<const Batch> current_;  // reader_mutex_; the batch that is being read
  uint32_t next_row_ = 0;                 // reader_mutex_; of current_

  Status status_;  // the thread's until the queue is closed
  std::thread thread_;
};

}  // namespace millrace
