#include "engine/cursor.h"

#include <algorithm>

#include "base/thread.h"

namespace millrace {
namespace {

bool IsStream(const Plan& plan, std::span<const Connector* const> connectors) {
  return std::any_of(plan.sources.begin(), plan.sources.end(), [&](const PlanSource& source) {
    for (const Connector* connector : connectors) {
      if (connector->name != source.table.connector) continue;
      const Options options = Options::FromTexts(connector->options, source.table.options);
      return connector->bounded == nullptr || !connector->bounded(options);
    }
    return false;
  });
}

}  // namespace

// Copies the result's columns of every row into batches of its own and queues them: those of the
// pipeline are used again at once.
class Cursor::QueueSink final : public Sink {
 public:
  explicit QueueSink(Cursor* cursor)
      : slots_(cursor->plan_.sinks[0].slots), queue_(cursor->queue_) {}

  Status Open() override { return Status::Ok(); }
  Status Recover(std::string_view) override { return Status::Ok(); }
  Status Write(const Batch& batch, std::span<const uint32_t> rows) override {
    auto copy = std::make_shared<Batch>(static_cast<uint32_t>(slots_.size()));
    for (const uint32_t index : rows) {
      const Cell* from = batch.row(index);
      Cell* to = copy->AddRow(batch.kind(index));
      for (size_t i = 0; i < slots_.size(); ++i) {
        to[i] = CopyCell(from[slots_[i]], &copy->arena());
      }
    }
    return copy->empty() || queue_.Push(std::move(copy)) ? Status::Ok() : Status::Cancelled();
  }
  Result<std::string> Prepare(uint64_t) override { return std::string(); }
  Status Commit(std::string_view) override { return Status::Ok(); }

 private:
  const std::vector<uint32_t>& slots_;
  BoundedQueue<std::shared_ptr<const Batch>>& queue_;
};

Cursor::Cursor(Plan plan, const JobEnvironment& environment)
    : plan_(std::move(plan)),
      is_stream_(IsStream(plan_, environment.connectors)),
      stop_(environment.environment.clock) {
  thread_ = std::thread([this, environment] {
    NameThread("select");
    status_ = CatchExceptions([&] { return Run(environment); });
    queue_.Close();  // hands status_ over
  });
}

Cursor::~Cursor() {
  Cancel();
  thread_.join();
}

Status Cursor::Run(const JobEnvironment& environment) {
  QueueSink sink(this);
  return RunSelect(plan_, environment, &sink, &stop_);
}

void Cursor::Cancel() {
  stop_.Request();
  queue_.Close();
}

Result<Page> Cursor::Next(size_t rows_max, int64_t wait_ms) {
  std::lock_guard lock(reader_mutex_);
  if (stop_.requested()) return Status::Cancelled();
  if (current_ == nullptr) {
    std::optional<std::shared_ptr<const Batch>> next = queue_.Pop(wait_ms);
    if (stop_.requested()) return Status::Cancelled();
    if (!next) {
      if (!queue_.closed()) return Page();
      // By Cancel, which asks for the stop first: the thread may still be writing its status.
      if (stop_.requested()) return Status::Cancelled();
      // Closed between the wait and now: what was pushed before that is still to be read.
      next = queue_.Pop(0);
      if (!next) return status_.ok() ? Result<Page>(Page({}, 0, 0, true)) : status_;
    }
    current_ = std::move(*next);
    next_row_ = 0;
  }
  const uint32_t begin = next_row_;
  const size_t left = current_->rows() - begin;
  next_row_ += static_cast<uint32_t>(std::min(left, std::max<size_t>(1, rows_max)));
  Page page(current_, begin, next_row_, false);
  if (next_row_ == current_->rows()) current_.reset();
  return page;
}

}  // namespace millrace
