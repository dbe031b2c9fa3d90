// Batches on their way from the threads of a change-data source to the engine: spare ones for
// reuse, a bounded queue of filled ones, and the end of the source. Producers run in threads of the
// source, Poll in the engine's; Stop in any.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/queue.h"
#include "base/status.h"
#include "row/batch.h"

namespace millrace::cdc {

class BatchPool final {
 public:
  static constexpr size_t kQueuedMax = 8;

  // `stride`: cells of a row.
  explicit BatchPool(uint32_t stride) : stride_(stride), queue_(kQueuedMax) {}

  // An empty batch to fill.
  std::unique_ptr<Batch> Acquire();
  // Queues a filled batch, after waiting for room. False: stopped, the batch is dropped.
  bool Emit(std::unique_ptr<Batch> batch);
  // Takes back a batch that is not needed after all.
  void Release(std::unique_ptr<Batch> batch);
  // Nothing follows what was emitted: `status` says why, Ok if the source is at its end.
  void Finish(Status status);
  // From now on Emit fails at once, also where it waits for room.
  void Stop();
  bool stopped() const { return stopped_; }

  // Moves the next batch into `*batch`, after waiting at most `wait_ms`; leaves it as it is if none
  // came. After the last batch: the status of Finish, again and again; Ok marks the end of input.
  Status Poll(Batch* batch, int64_t wait_ms);

 private:
  struct Item {
    std::unique_ptr<Batch> batch;  // null: the end
    Status status;
  };

  const uint32_t stride_;
  BoundedQueue<Item> queue_;
  std::atomic<bool> stopped_ = false;
  bool finished_ = false;  // Poll's thread
  Status final_status_;    // Poll's thread
  std::mutex mutex_;
  std::vector<std::unique_ptr<Batch>> spare_;  // mutex_; at most kQueuedMax
};

}  // namespace millrace::cdc
