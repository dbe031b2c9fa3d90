#include "runtime/job.h"

#include <fmt/format.h>

#include "base/quote.h"
#include "runtime/single_row_source.h"

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

SourceDoor DoorTo(const PlanSource& source, const JobEnvironment& environment) {
  if (source.table.is_single_row()) {
    return {[](const SourceRequest& request) -> Result<std::unique_ptr<Source>> {
              return MakeSingleRowSource(request.limit);
            },
            {}};
  }
  const std::string& name = source.table.connector;
  const Connector* connector = Find(name, environment.connectors);
  SourceDoor door;
  if (connector != nullptr) {
    door.options = Options::FromTexts(connector->options, source.table.options);
  }
  door.open = [connector, name, outside = environment.environment](
                  const SourceRequest& request) -> Result<std::unique_ptr<Source>> {
    if (connector == nullptr || connector->open_source == nullptr) return CannotOpen(name);
    return connector->open_source(request, outside);
  };
  return door;
}

SinkDoor DoorTo(const PlanSink& sink, const JobEnvironment& environment) {
  const std::string& name = sink.table.connector;
  const Connector* connector = Find(name, environment.connectors);
  SinkDoor door;
  if (connector != nullptr) {
    door.options = Options::FromTexts(connector->options, sink.table.options);
    door.keyed = connector->keeps_last_row_per_key;
  }
  door.open = [connector, name, outside = environment.environment](
                  const SinkRequest& request) -> Result<std::unique_ptr<Sink>> {
    if (connector == nullptr || connector->open_sink == nullptr) return CannotOpen(name);
    return connector->open_sink(request, outside);
  };
  return door;
}

// The part of a coordinator's configuration that comes from the plan and the connectors.
CoordinatorConfig ConfigFor(const Plan& plan, JobEnvironment environment, StopToken* stop) {
  CoordinatorConfig config;
  config.plan = &plan;
  environment.environment.stop = stop;
  config.environment = environment.environment;
  config.stop = stop;
  config.fresh = environment.fresh;
  for (const PlanSource& source : plan.sources) {
    config.sources.push_back(DoorTo(source, environment));
  }
  for (const PlanSink& sink : plan.sinks) config.sinks.push_back(DoorTo(sink, environment));
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

Job::Job(Plan plan, const JobEnvironment& environment)
    : plan_(std::move(plan)), stop_(environment.environment.clock) {
  store_ =
      std::make_unique<CheckpointStore>(environment.files, environment.environment.clock, plan_);
  CoordinatorConfig config = ConfigFor(plan_, environment, &stop_);
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
  StopToken token(environment.environment.clock);
  CoordinatorConfig config = ConfigFor(plan, environment, &token);
  config.sinks[0].open = [sink](const SinkRequest&) -> Result<std::unique_ptr<Sink>> {
    return std::unique_ptr<Sink>(std::make_unique<BorrowedSink>(sink));
  };
  Coordinator coordinator(std::move(config));
  Coordinator::State state = Coordinator::State::kRunning;
  while (state == Coordinator::State::kRunning && !stop()) state = coordinator.Step();
  return state == Coordinator::State::kFailed ? coordinator.status() : Status::Ok();
}

}  // namespace millrace
