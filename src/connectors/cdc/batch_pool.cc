#include "connectors/cdc/batch_pool.h"

#include <optional>
#include <utility>

namespace millrace::cdc {

std::unique_ptr<Batch> BatchPool::Acquire() {
  std::unique_ptr<Batch> batch;
  {
    std::lock_guard lock(mutex_);
    if (!spare_.empty()) {
      batch = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  if (batch == nullptr) batch = std::make_unique<Batch>();
  batch->Reset(stride_);
  return batch;
}

bool BatchPool::Emit(std::unique_ptr<Batch> batch) {
  return queue_.Push({std::move(batch), Status::Ok()});
}

void BatchPool::Release(std::unique_ptr<Batch> batch) {
  std::lock_guard lock(mutex_);
  if (spare_.size() < kQueuedMax) spare_.push_back(std::move(batch));
}

void BatchPool::Finish(Status status) { queue_.Push({nullptr, std::move(status)}); }

void BatchPool::Stop() {
  stopped_ = true;
  queue_.Close();
}

Status BatchPool::Poll(Batch* batch, int64_t wait_ms) {
  if (!finished_) {
    std::optional<Item> item = queue_.Pop(wait_ms);
    if (!item) return stopped_ ? Status::Cancelled() : Status::Ok();
    if (item->batch != nullptr) {
      std::swap(*batch, *item->batch);
      Release(std::move(item->batch));
      return Status::Ok();
    }
    finished_ = true;
    final_status_ = std::move(item->status);
  }
  if (final_status_.ok()) batch->set_end_of_input();
  return final_status_;
}

}  // namespace millrace::cdc
