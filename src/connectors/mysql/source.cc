#include "connectors/mysql/source.h"

#include <optional>
#include <thread>
#include <utility>

#include "base/thread.h"
#include "connectors/mysql/capture.h"
#include "connectors/mysql/source_run.h"

namespace millrace::mysql {
namespace {

class MysqlSource final : public Source {
 public:
  MysqlSource(std::span<const SourceRequest> requests, const Environment& environment)
      : environment_(environment),
        poll_wait_ms_(requests.front().poll_wait_ms),
        batches_(requests.front().stride) {
    for (const SourceRequest& request : requests) {
      captures_.push_back(std::make_unique<Capture>(request, environment.log));
    }
  }

  ~MysqlSource() override { Stop(); }

  Status Seek(std::span<const Position> positions) override {
    for (size_t i = 0; i < captures_.size(); ++i) {
      if (positions[i].empty()) continue;
      MR_ASSIGN_OR_RETURN(captures_[i]->start, SourcePosition::Parse(positions[i]));
    }
    run_.emplace(&captures_, environment_, &batches_);
    reader_thread_ = std::thread([this] {
      NameThread("mysql-reader");
      batches_.Finish(CatchExceptions([this] { return run_->Run(); }));
    });
    return Status::Ok();
  }

  Status Poll(Batch* batch) override {
    if (environment_.stop != nullptr && environment_.stop->requested()) {
      Interrupt();
      return Status::Cancelled();
    }
    return batches_.Poll(batch, poll_wait_ms_);
  }

  void RequestPosition() override {
    if (run_) run_->RequestPosition();
  }

  SourceProgress Progress(uint32_t table) override {
    return captures_[table]->progress.Read(environment_.clock->WallMs());
  }

 private:
  void Interrupt() {
    batches_.Stop();
    if (run_) run_->Interrupt();
  }

  void Stop() {
    Interrupt();
    if (reader_thread_.joinable()) reader_thread_.join();
  }

  const Environment environment_;
  const int64_t poll_wait_ms_;
  cdc::BatchPool batches_;
  Captures captures_;
  std::optional<SourceRun> run_;  // set by Seek, used by both threads
  std::thread reader_thread_;
};

}  // namespace

Result<std::unique_ptr<Source>> OpenSharedSource(std::span<const SourceRequest> requests,
                                                 const Environment& environment) {
  return std::unique_ptr<Source>(std::make_unique<MysqlSource>(requests, environment));
}

Result<std::unique_ptr<Source>> OpenSource(const SourceRequest& request,
                                           const Environment& environment) {
  return OpenSharedSource({&request, 1}, environment);
}

}  // namespace millrace::mysql
