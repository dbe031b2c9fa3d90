#include "runtime/job.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "base/thread.h"
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

SourceFactory FactoryFor(const PlanSource& source, const JobEnvironment& environment) {
  if (source.table.is_single_row()) {
    SourceFactory factory;
    factory.open = [](const SourceRequest& request) -> Result<std::unique_ptr<Source>> {
      return MakeSingleRowSource(request.limit);
    };
    return factory;
  }
  const std::string& name = source.table.connector;
  const Connector* connector = Find(name, environment.connectors);
  SourceFactory factory;
  if (connector != nullptr) {
    factory.options = Options::FromTexts(connector->options, source.table.options);
    factory.empties_tables =
        connector->empties_tables != nullptr && connector->empties_tables(factory.options);
    if (connector->check_source != nullptr) {
      factory.check = [connector, outside = environment.environment](const SourceRequest& request,
                                                                     const Position& position) {
        return connector->check_source(request, position, outside);
      };
    }
  }
  factory.open = [connector, name, outside = environment.environment](
                     const SourceRequest& request) -> Result<std::unique_ptr<Source>> {
    if (connector == nullptr || connector->open_source == nullptr) return CannotOpen(name);
    return connector->open_source(request, outside);
  };
  return factory;
}

std::vector<SharedSourceFactory> SharedSources(const Plan& plan,
                                               const JobEnvironment& environment) {
  std::vector<SharedSourceFactory> shared;
  for (PlanReader& reader : ReadersOf(plan, environment.connectors)) {
    if (reader.size() == 1) continue;
    const std::string& name = plan.sources[reader.front()].table.connector;
    const Connector* const connector = Find(name, environment.connectors);
    auto open = [connector, name, outside = environment.environment](
                    std::span<const SourceRequest> requests) -> Result<std::unique_ptr<Source>> {
      if (connector->open_shared_source == nullptr) return CannotOpen(name);
      return connector->open_shared_source(requests, outside);
    };
    shared.push_back({std::move(reader), std::move(open)});
  }
  return shared;
}

SinkFactory FactoryFor(const PlanSink& sink, const JobEnvironment& environment) {
  const std::string& name = sink.table.connector;
  const Connector* connector = Find(name, environment.connectors);
  SinkFactory factory;
  if (connector != nullptr) {
    factory.options = Options::FromTexts(connector->options, sink.table.options);
    factory.keyed = connector->keeps_last_row_per_key;
    factory.deletes =
        connector->deletes_rows != nullptr && connector->deletes_rows(factory.options);
  }
  factory.open = [connector, name, outside = environment.environment](
                     const SinkRequest& request) -> Result<std::unique_ptr<Sink>> {
    if (connector == nullptr || connector->open_sink == nullptr) return CannotOpen(name);
    return connector->open_sink(request, outside);
  };
  return factory;
}

// The part of a coordinator's configuration that comes from the plan and the connectors.
CoordinatorConfig ConfigFor(const Plan& plan, JobEnvironment environment, StopToken* stop) {
  environment.environment.stop = stop;
  CoordinatorConfig config;
  config.stop = stop;
  config.fresh = environment.fresh;
  config.pipeline.plan = &plan;
  config.pipeline.environment = environment.environment;
  for (const PlanSource& source : plan.sources) {
    config.pipeline.sources.push_back(FactoryFor(source, environment));
  }
  config.pipeline.shared_sources = SharedSources(plan, environment);
  for (const PlanSink& sink : plan.sinks) {
    config.pipeline.sinks.push_back(FactoryFor(sink, environment));
  }
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

// Where the job would go on; an empty position for each source if it would begin.
Result<std::vector<Position>> PositionsOf(const Plan& plan, const JobEnvironment& environment) {
  std::vector<Position> positions(plan.sources.size());
  if (plan.is_select || environment.fresh) return positions;
  const CheckpointStore store(environment.files, environment.environment.clock, plan);
  if (store.folder().empty()) return positions;
  MR_ASSIGN_OR_RETURN(const std::optional<Checkpoint> latest, store.Latest());
  return latest ? latest->positions : positions;
}

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

Status Job::Run() {
  Coordinator::State state = Coordinator::State::kRunning;
  while (state == Coordinator::State::kRunning) state = coordinator_->Step();
  return coordinator_->status();
}

void Job::Start() {
  const Status started = CatchExceptions([this] {
    thread_ = std::thread([this] {
      NameThread("job");
      status_ = CatchExceptions([this] { return Run(); });
      finished_ = true;
    });
    return Status::Ok();
  });
  if (started.ok()) return;
  status_ = started;  // there is no thread
  finished_ = true;
}

Status Job::Wait() {
  if (thread_.joinable()) thread_.join();
  return status_;
}

Status RunSelect(const Plan& plan, const JobEnvironment& environment, Sink* sink, StopToken* stop) {
  CoordinatorConfig config = ConfigFor(plan, environment, stop);
  config.pipeline.sinks[0].open = [sink](const SinkRequest&) -> Result<std::unique_ptr<Sink>> {
    return std::unique_ptr<Sink>(std::make_unique<BorrowedSink>(sink));
  };
  Coordinator coordinator(std::move(config));
  Coordinator::State state = Coordinator::State::kRunning;
  while (state == Coordinator::State::kRunning && !stop->requested()) state = coordinator.Step();
  return state == Coordinator::State::kFailed ? coordinator.status() : Status::Ok();
}

std::vector<Finding> CheckPlanSources(const Plan& plan, const JobEnvironment& environment) {
  std::vector<Finding> findings;
  const auto add = [&](Finding finding) {  // what is true of a server is found by each source
    if (std::find(findings.begin(), findings.end(), finding) == findings.end()) {
      findings.push_back(std::move(finding));
    }
  };
  StopToken stop(environment.environment.clock);
  const CoordinatorConfig config = ConfigFor(plan, environment, &stop);
  const Pipeline pipeline(config.pipeline);
  Result<std::vector<Position>> positions = PositionsOf(plan, environment);
  if (!positions.ok()) {
    add({Severity::kError, "job " + plan.job, positions.status().message(), ""});
    positions = std::vector<Position>(plan.sources.size());
  }
  for (size_t i = 0; i < plan.sources.size(); ++i) {
    Result<std::vector<Finding>> found = pipeline.CheckSource(i, (*positions)[i]);
    if (!found.ok()) {
      add({Severity::kError, "table " + plan.sources[i].table.name, found.status().message(), ""});
      continue;
    }
    for (Finding& finding : *found) add(std::move(finding));
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
  return findings;
}

}  // namespace millrace
