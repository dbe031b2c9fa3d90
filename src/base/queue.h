// The one queue threads talk through: bounded, blocking, closable.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace millrace {

template <typename T>
class BoundedQueue final {
 public:
  explicit BoundedQueue(size_t capacity) : capacity_(capacity) {}

  // Waits while it is full. False, and the item dropped, if the queue is closed.
  bool Push(T item) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return closed_ || items_.size() < capacity_; });
    if (closed_) return false;
    items_.push_back(std::move(item));
    filled_.notify_one();
    return true;
  }

  // Waits up to `timeout_ms` for an item. Nothing if none came, or if closed and drained.
  std::optional<T> Pop(int64_t timeout_ms) {
    std::unique_lock lock(mutex_);
    filled_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                     [this] { return closed_ || !items_.empty(); });
    return TakeFront();
  }

  // Waits until there is an item. Nothing if closed and drained.
  std::optional<T> Pop() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return closed_ || !items_.empty(); });
    return TakeFront();
  }

  // No more pushes; what is inside can still be popped. Wakes all that wait.
  void Close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    room_.notify_all();
    filled_.notify_all();
  }

  size_t size() const {
    std::lock_guard lock(mutex_);
    return items_.size();
  }

  bool closed() const {
    std::lock_guard lock(mutex_);
    return closed_;
  }

 private:
  std::optional<T> TakeFront() {  // mutex_ held
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    room_.notify_one();
    return item;
  }

  const size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable filled_;
  std::deque<T> items_;  // mutex_
  bool closed_ = false;  // mutex_
};

}  // namespace millrace
