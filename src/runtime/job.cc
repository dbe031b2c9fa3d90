#include "runtime/job.h"

#include <fmt/format.h>

#include "base/text.h"

namespace millrace {
namespace {

const Connector* Find(const std::string& name, std::span<const Connector* const> connectors) {
  for (const Connector* connector : connectors) {
    if (connector->name == name) return connector;
  }
  return nullptr;
}

Status CannotOpen(const std::string& name) {
  return Status::Permanent(fmt::format("connector {} cannot be opened here", Quoted(name)));
}

// The part of a coordinator's configuration that comes from the plan and the connectors.
CoordinatorConfig ConfigFor(const Plan& plan, const JobEnvironment& environment) {
  CoordinatorConfig config;
  config.plan = &plan;
  config.environment = environment.environment;
  config.fresh = environment.fresh;
  const Connector* source = Find(plan.source.table.connector, environment.connectors);
  const Connector* sink = Find(plan.sink.table.connector, environment.connectors);
  if (source != nullptr) {
    config.source_options = Options::FromTexts(source->options, plan.source.table.options);
  }
  if (sink != nullptr) {
    config.sink_options = Options::FromTexts(sink->options, plan.sink.table.options);
    config.keyed_target = sink->keeps_last_row_per_key;
  }
  config.open_source = [source, environment, name = plan.source.table.connector](
                           const SourceRequest& request) -> Result<std::unique_ptr<Source>> {
    if (source == nullptr || source->open_source == nullptr) return CannotOpen(name);
    return source->open_source(request, environment.environment);
  };
  config.open_sink = [sink, environment, name = plan.sink.table.connector](
                         const SinkRequest& request) -> Result<std::unique_ptr<Sink>> {
    if (sink == nullptr || sink->open_sink == nullptr) return CannotOpen(name);
    return sink->open_sink(request, environment.environment);
  };
  return config;
}

// Passes everything on to a sink that belongs to somebody else.
class BorrowedSink final : public Sink {
 public:
  explicit BorrowedSink(Sink* sink) : sink_(*sink) {}
  Status Open() override { return sink_.Open(); }
  Status Recover(std::string_view token) override { return sink_.Recover(token); }
  Status Write(const Batch& batch, std::span<const uint32_t> rows) override {
    return sink_.Write(batch, rows);
  }
  Result<std::string> Prepare(uint64_t checkpoint) override { return sink_.Prepare(checkpoint); }
  Status Commit(std::string_view token) override { return sink_.Commit(token); }

 private:
  Sink& sink_;
};

}  // namespace

Job::Job(Plan plan, const JobEnvironment& environment) : plan_(std::move(plan)) {
  store_ =
      std::make_unique<CheckpointStore>(environment.files, environment.environment.clock, plan_);
  CoordinatorConfig config = ConfigFor(plan_, environment);
  config.store = store_.get();
  coordinator_ = std::make_unique<Coordinator>(std::move(config));
}

Job::~Job() {
  if (!thread_.joinable()) return;
  RequestStop();
  RequestStop();
  thread_.join();
}

void Job::Start() {
  thread_ = std::thread([this] {
    Coordinator::State state = Coordinator::State::kRunning;
    while (state == Coordinator::State::kRunning) state = coordinator_->Step();
    if (state == Coordinator::State::kFailed) status_ = coordinator_->status();
    finished_ = true;
  });
}

Status Job::Wait() {
  if (thread_.joinable()) thread_.join();
  return status_;
}

Status RunSelect(const Plan& plan, const JobEnvironment& environment, Sink* sink,
                 const std::function<bool()>& stop) {
  CoordinatorConfig config = ConfigFor(plan, environment);
  config.open_sink = [sink](const SinkRequest&) -> Result<std::unique_ptr<Sink>> {
    return std::unique_ptr<Sink>(std::make_unique<BorrowedSink>(sink));
  };
  Coordinator coordinator(std::move(config));
  Coordinator::State state = Coordinator::State::kRunning;
  while (state == Coordinator::State::kRunning && !stop()) state = coordinator.Step();
  return state == Coordinator::State::kFailed ? coordinator.status() : Status::Ok();
}

}  // namespace millrace
