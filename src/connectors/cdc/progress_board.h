// The progress that a change-data source reports: written by its threads, read by the engine's. A
// small struct under a lock that nobody holds while waiting for anything.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

#include "connectors/connector.h"

namespace millrace::cdc {

class ProgressBoard final {
 public:
  // Tables found; `rows_estimated` of all of them.
  void SetTables(SourcePhase phase, int64_t tables, int64_t rows_estimated) {
    std::lock_guard lock(mutex_);
    progress_.phase = phase;
    progress_.tables = tables;
    progress_.rows_estimated = rows_estimated;
  }
  void SetTablesDone(int64_t tables) {
    std::lock_guard lock(mutex_);
    progress_.tables_done = tables;
  }
  // The snapshot is over, or there was none.
  void SetStreaming() {
    std::lock_guard lock(mutex_);
    progress_.phase = SourcePhase::kStreaming;
    progress_.tables_done = progress_.tables;
    progress_.rows_estimated = 0;
  }
  // `event_second`: when the last change was made, seconds since 1970; 0: unknown.
  void SetPosition(std::string shown, int64_t event_second) {
    std::lock_guard lock(mutex_);
    progress_.position = std::move(shown);
    event_second_ = event_second;
  }
  void SetLagBytes(int64_t bytes) { lag_bytes_ = bytes; }
  // Whether everything the server has sent was read. Called per event: no lock.
  void SetCaughtUp(bool caught_up) { caught_up_.store(caught_up, std::memory_order_relaxed); }
  // Of the snapshot, in all; those of earlier runs too. Called per batch.
  void AddRowsRead(int64_t rows) { rows_read_ += rows; }
  int64_t rows_read() const { return rows_read_; }

  SourceProgress Read(int64_t wall_ms) const {
    std::lock_guard lock(mutex_);
    SourceProgress progress = progress_;
    const bool streaming = progress.phase == SourcePhase::kStreaming;
    if (progress.phase == SourcePhase::kSnapshot) progress.rows_read = rows_read_;
    if (streaming && event_second_ > 0) {
      const int64_t age_ms = std::max<int64_t>(0, wall_ms - event_second_ * 1000);
      progress.lag_ms = caught_up_ ? 0 : age_ms;
    }
    if (streaming) progress.lag_bytes = caught_up_ && event_second_ > 0 ? 0 : lag_bytes_.load();
    return progress;
  }

 private:
  mutable std::mutex mutex_;
  SourceProgress progress_;   // mutex_
  int64_t event_second_ = 0;  // mutex_
  std::atomic<int64_t> rows_read_ = 0;
  std::atomic<int64_t> lag_bytes_ = -1;
  std::atomic<bool> caught_up_ = false;
};

}  // namespace millrace::cdc
