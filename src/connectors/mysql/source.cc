#include "connectors/mysql/source.h"

#include <optional>
#include <thread>
#include <utility>

#include "base/thread.h"
#include "connectors/mysql/options.h"
#include "connectors/mysql/source_run.h"

namespace millrace::mysql {
namespace {

class MysqlSource final : public Source {
 public:
  MysqlSource(const SourceRequest& request, const Environment& environment)
      : request_(request),
        options_(*request.options),
        environment_(environment),
        config_(ReadConfig(options_)),
        batches_(request.stride) {
    request_.options = &options_;
  }

  ~MysqlSource() override { Stop(); }

  Status Seek(const Position& position) override {
    std::optional<SourcePosition> start;
    if (!position.empty()) {
      MR_ASSIGN_OR_RETURN(start, SourcePosition::Parse(position));
    }
    run_.emplace(request_, config_, environment_, std::move(start), &batches_, &progress_);
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
    return batches_.Poll(batch, request_.poll_wait_ms);
  }

  void RequestPosition() override {
    if (run_) run_->RequestPosition();
  }

  SourceProgress Progress() override { return progress_.Read(environment_.clock->WallMs()); }

 private:
  void Interrupt() {
    batches_.Stop();
    if (run_) run_->Interrupt();
  }

  void Stop() {
    Interrupt();
    if (reader_thread_.joinable()) reader_thread_.join();
  }

  SourceRequest request_;  // its options are ours
  const Options options_;
  const Environment environment_;
  const SourceConfig config_;
  cdc::BatchPool batches_;
  cdc::ProgressBoard progress_;
  std::optional<SourceRun> run_;  // set by Seek, used by both threads
  std::thread reader_thread_;
};

}  // namespace

Result<std::unique_ptr<Source>> OpenSource(const SourceRequest& request,
                                           const Environment& environment) {
  return std::unique_ptr<Source>(std::make_unique<MysqlSource>(request, environment));
}

}  // namespace millrace::mysql
