#include "runtime/pipeline.h"

#include <algorithm>

#include "base/check.h"

namespace millrace {
namespace {

// An idle source must not hold up its neighbours: a Poll waits so long, and then the source is left
// alone for a while, the longer the more of them there are.
constexpr int64_t kSharedPollWaitMs = 2;
constexpr int64_t kPauseAfterEmptyPerSourceMs = 10;

// Those that are opened together, and each of the others by itself, in the order of the plan.
std::vector<PlanReader> AllReaders(const PipelineConfig& config) {
  std::vector<PlanReader> readers;
  for (uint32_t i = 0; i < config.plan->sources.size(); ++i) {
    const auto shared =
        std::find_if(config.shared_sources.begin(), config.shared_sources.end(),
                     [i](const SharedSourceFactory& factory) {
                       return std::find(factory.sources.begin(), factory.sources.end(), i) !=
                              factory.sources.end();
                     });
    if (shared == config.shared_sources.end()) {
      readers.push_back({i});
    } else if (shared->sources.front() == i) {
      readers.push_back(shared->sources);
    }
  }
  return readers;
}

std::string ShortName(const std::string& table) { return table.substr(table.rfind('.') + 1); }

}  // namespace

Pipeline::Pipeline(const PipelineConfig& config)
    : config_(config),
      readers_(AllReaders(config)),
      plan_(*config.plan),
      clock_(*config.environment.clock),
      zone_(TimeZone::Parse(plan_.time_zone).value_or(TimeZone())) {
  MR_CHECK(config.sources.size() == plan_.sources.size(), "every source of the plan can be opened");
  MR_CHECK(config.sinks.size() == plan_.sinks.size(), "every sink of the plan can be opened");
}

void Pipeline::Close() {
  inputs_.clear();
  outputs_.clear();
  rows_since_checkpoint_ = 0;
}

SinkRequest Pipeline::RequestFor(size_t index) const {
  const PlanSink& sink = plan_.sinks[index];
  SinkRequest request;
  request.table = ShortName(sink.table.name);
  request.job = plan_.job;
  request.options = &config_.sinks[index].options;
  request.schema = sink.table.schema;
  request.columns = sink.columns;
  request.slots = sink.slots;
  request.types = sink.types;
  request.updates = sink.updates;
  request.deletes_rows =
      std::any_of(plan_.flows.begin(), plan_.flows.end(), [&](const PlanFlow& flow) {
        return flow.sink == index && config_.sources[flow.source].empties_tables;
      });
  request.parallelism = plan_.parallelism;
  request.zone = zone_;
  request.checkpoint_interval_ms = plan_.checkpoint_interval_ms;
  return request;
}

Result<std::unique_ptr<Sink>> Pipeline::MakeSink(size_t index) const {
  return config_.sinks[index].open(RequestFor(index));
}

Status Pipeline::OpenSink(size_t index) {
  if (outputs_.size() < plan_.sinks.size()) outputs_.resize(plan_.sinks.size());
  MR_ASSIGN_OR_RETURN(outputs_[index].sink, MakeSink(index));
  return outputs_[index].sink->Open();
}

// Rows of all tables of a source stand in the same batch.
uint32_t Pipeline::StrideOf(const PlanReader& tables) const {
  uint32_t stride = 0;
  for (const uint32_t index : tables) stride = std::max(stride, plan_.StrideOf(index));
  return stride;
}

SourceRequest Pipeline::RequestForSource(size_t index, uint32_t stride) const {
  const PlanSource& source = plan_.sources[index];
  SourceRequest request;
  request.table = ShortName(source.table.name);
  request.options = &config_.sources[index].options;
  request.schema = source.table.schema;
  request.columns = source.columns;
  request.stride = stride;
  request.limit = source.limit;
  request.parallelism = plan_.parallelism;
  request.keyed_target = std::all_of(
      plan_.flows.begin(), plan_.flows.end(),
      [&](const PlanFlow& flow) { return flow.source != index || config_.sinks[flow.sink].keyed; });
  request.deleting_target =
      std::all_of(plan_.flows.begin(), plan_.flows.end(), [&](const PlanFlow& flow) {
        return flow.source != index || config_.sinks[flow.sink].deletes;
      });
  if (readers_.size() > 1) request.poll_wait_ms = kSharedPollWaitMs;
  return request;
}

Result<std::unique_ptr<Source>> Pipeline::OpenSource(const PlanReader& tables) const {
  const uint32_t stride = StrideOf(tables);
  std::vector<SourceRequest> requests;
  for (const uint32_t index : tables) {
    requests.push_back(RequestForSource(index, stride));
    requests.back().number = static_cast<uint32_t>(requests.size() - 1);
  }
  if (tables.size() == 1) return config_.sources[tables.front()].open(requests.front());
  const auto shared =
      std::find_if(config_.shared_sources.begin(), config_.shared_sources.end(),
                   [&](const SharedSourceFactory& factory) { return factory.sources == tables; });
  return shared->open(requests);
}

Result<std::vector<Finding>> Pipeline::CheckSource(size_t index, const Position& position) const {
  const SourceFactory& factory = config_.sources[index];
  if (!factory.check) return std::vector<Finding>();
  return factory.check(RequestForSource(index, plan_.StrideOf(index)), position);
}

Result<Pipeline::Input> Pipeline::OpenInput(PlanReader tables, const Checkpoint& from) {
  Input input;
  MR_ASSIGN_OR_RETURN(input.source, OpenSource(tables));
  for (const uint32_t index : tables) input.positions.push_back(from.positions[index]);
  MR_RETURN_IF_ERROR(input.source->Seek(input.positions));
  input.batch.Reset(StrideOf(tables));
  // Where it starts is a position too: a source that has emitted nothing yet, because its server
  // does not answer, must not hold up the checkpoints of the others.
  input.at_position = true;
  for (uint32_t table = 0; table < tables.size(); ++table) {
    for (const PlanFlow& flow : plan_.flows) {
      if (flow.source != tables[table]) continue;
      input.flows.push_back(
          {table, &flow,
           std::make_unique<ProgramRun>(flow.program, RunContext{.zone = zone_, .clock = &clock_}),
           OriginOf(plan_.sources[flow.source], flow, plan_.sinks[flow.sink])});
    }
  }
  input.tables = std::move(tables);
  input.ended = LimitReached(input);
  return input;
}

Status Pipeline::OpenSources(const Checkpoint& from) {
  MR_CHECK(from.positions.size() == plan_.sources.size(), "a checkpoint has all positions");
  for (size_t i = 0; i < outputs_.size(); ++i) {
    const int64_t limit = plan_.sinks[i].limit;
    outputs_[i].rows = from.rows[i];
    outputs_[i].limit_left = limit < 0 ? -1 : std::max<int64_t>(0, limit - from.rows[i]);
  }
  // All or none: is_open() must not be true of half of them.
  std::vector<Input> inputs;
  for (const PlanReader& tables : readers_) {
    MR_ASSIGN_OR_RETURN(Input input, OpenInput(tables, from));
    inputs.push_back(std::move(input));
  }
  inputs_ = std::move(inputs);
  failure_ = Status::Ok();
  next_input_ = 0;
  rows_since_checkpoint_ = 0;
  return Status::Ok();
}

bool Pipeline::LimitReached(const Input& input) const {
  return std::all_of(input.flows.begin(), input.flows.end(),
                     [&](const FlowRun& run) { return outputs_[run.flow->sink].limit_left == 0; });
}

bool Pipeline::AtCheckpointPosition() const {
  return std::all_of(inputs_.begin(), inputs_.end(),
                     [&](const Input& input) { return AtCheckpointPosition(input); });
}

bool Pipeline::AllEnded() const {
  return std::all_of(inputs_.begin(), inputs_.end(),
                     [](const Input& input) { return input.ended; });
}

Pipeline::Input* Pipeline::NextInput(Which which) {
  const int64_t now_ms = clock_.NowMs();
  Input* paused = nullptr;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    Input& input = inputs_[next_input_++ % inputs_.size()];
    if (input.ended || input.failed) continue;
    if (input.deletion == Deletion::kWaits || input.deletion == Deletion::kDone) continue;
    if (which == Which::kWithoutPosition && AtCheckpointPosition(input)) continue;
    if (which == Which::kNotHeld && input.held) continue;
    if (input.poll_again_at_ms <= now_ms) return &input;
    // If all of them are paused, the one whose pause ends first: its Poll waits for rows.
    if (paused == nullptr || input.poll_again_at_ms < paused->poll_again_at_ms) paused = &input;
  }
  return paused;
}

Status Pipeline::PollNext(Which which) {
  Input* input = NextInput(which);
  return input == nullptr ? Status::Ok() : Poll(input);
}

Status Pipeline::Poll(Input* input) {
  if (input->deletion == Deletion::kMayBegin) return DeleteRows(input);
  Batch& batch = input->batch;
  const uint32_t stride = batch.stride();
  batch.Reset(stride);
  const Status polled = input->source->Poll(&batch);
  if (polled.code() == StatusCode::kPermanent && input->at_position) {
    input->failed = true;
    failure_ = polled;
    return Status::Ok();
  }
  MR_RETURN_IF_ERROR(polled);
  batch.CheckInvariants();
  MR_CHECK(batch.stride() == stride, "a source keeps the stride it was asked for");
  if (batch.empty() && inputs_.size() > 1) {
    input->poll_again_at_ms =
        clock_.NowMs() + kPauseAfterEmptyPerSourceMs * static_cast<int64_t>(inputs_.size());
  }
  if (batch.empties_tables()) {
    MR_CHECK(input->at_position, "tables are emptied at a position");
    input->deletion = Deletion::kWaits;
    return Status::Ok();
  }
  if (!batch.empty()) MR_RETURN_IF_ERROR(WriteRows(input));
  if (!batch.positions().empty() && !batch.positions().front().empty()) {
    ReachPosition(input);
  } else if (!batch.empty()) {
    // Rows after the last position were written: a checkpoint now would write them again.
    if (input->at_position) input->position_requested_ms = kNever;
    input->at_position = false;
  }
  input->ended = batch.end_of_input() || LimitReached(*input);
  return Status::Ok();
}

void Pipeline::ReachPosition(Input* input) {
  input->held = input->held || IsLate(*input);
  const std::span<const Position> reached = input->batch.positions();
  MR_CHECK(reached.size() == input->tables.size(), "a source has a position for each table");
  input->positions.assign(reached.begin(), reached.end());
  input->at_position = true;
}

Status Pipeline::DeleteRows(Input* input) {
  Batch& batch = input->batch;
  for (size_t i = 0; i < batch.runs(); ++i) {
    const RowRun rows = batch.run(i);
    for (const FlowRun& run : input->flows) {
      if (run.table == rows.table) MR_RETURN_IF_ERROR(DeleteRows(run, rows, &batch));
    }
  }
  ReachPosition(input);
  input->deletion = Deletion::kDone;
  return Status::Ok();
}

Status Pipeline::DeleteRows(const FlowRun& run, const RowRun& rows, Batch* batch) {
  MR_CHECK(run.origin.names_table, "the rows of a target say which table they come from");
  ProgramRun program(run.origin.program, {.zone = zone_, .clock = &clock_});
  MR_RETURN_IF_ERROR(program.Run(batch, rows.begin, rows.end, &selected_));
  Output& output = outputs_[run.flow->sink];
  for (uint32_t row = rows.begin; row < rows.end; ++row) {
    MR_ASSIGN_OR_RETURN(const int64_t deleted,
                        output.sink->DeleteRows(*batch, row, run.origin.columns));
    output.rows += deleted;
    rows_since_checkpoint_ += deleted;
  }
  return Status::Ok();
}

bool Pipeline::DeletionWaits() const {
  return std::any_of(inputs_.begin(), inputs_.end(), [](const Input& input) {
    return input.deletion == Deletion::kWaits || input.deletion == Deletion::kDone;
  });
}

void Pipeline::ReleaseDeletions() {
  for (Input& input : inputs_) {
    if (input.deletion == Deletion::kWaits) {
      input.deletion = Deletion::kMayBegin;
    } else if (input.deletion == Deletion::kDone) {
      input.deletion = Deletion::kNone;
    }
  }
}

Status Pipeline::WriteRows(Input* input) {
  Batch& batch = input->batch;
  for (size_t i = 0; i < batch.runs(); ++i) {
    const RowRun rows = batch.run(i);
    if (rows.begin == rows.end) continue;
    for (const FlowRun& run : input->flows) {
      if (run.table == rows.table) MR_RETURN_IF_ERROR(WriteRows(run, rows, &batch));
    }
  }
  return Status::Ok();
}

Status Pipeline::WriteRows(const FlowRun& run, const RowRun& rows, Batch* batch) {
  Output& output = outputs_[run.flow->sink];
  if (output.limit_left == 0) return Status::Ok();
  MR_RETURN_IF_ERROR(run.program->Run(batch, rows.begin, rows.end, &selected_));
  if (output.limit_left >= 0 && static_cast<int64_t>(selected_.size()) > output.limit_left) {
    selected_.resize(static_cast<size_t>(output.limit_left));
  }
  if (selected_.empty()) return Status::Ok();
  MR_CHECK(selected_.back() < batch->rows(), "a program selects rows of its batch");
  MR_RETURN_IF_ERROR(output.sink->Write(*batch, selected_));
  const auto written = static_cast<int64_t>(selected_.size());
  if (output.limit_left >= 0) output.limit_left -= written;
  output.rows += written;
  rows_since_checkpoint_ += written;
  return Status::Ok();
}

Status Pipeline::RequestPositions() {
  for (Input& input : inputs_) {
    if (AtCheckpointPosition(input)) continue;
    if (input.ended) {
      return Status::Permanent("source finished at a position that cannot be resumed");
    }
    // While one is late the others come to positions and leave them again: no need to hurry them.
    if (input.position_requested_ms != kNever || WaitsForLateSource()) continue;
    input.source->RequestPosition();
    input.position_requested_ms = clock_.NowMs();
  }
  return Status::Ok();
}

bool Pipeline::IsLate(const Input& input) const {
  return !AtCheckpointPosition(input) && input.position_requested_ms != kNever &&
         clock_.NowMs() - input.position_requested_ms >= kLateMs;
}

bool Pipeline::WaitsForLateSource() const {
  return std::any_of(inputs_.begin(), inputs_.end(),
                     [&](const Input& input) { return IsLate(input); });
}

void Pipeline::ForgetPositionRequests() {
  for (Input& input : inputs_) {
    input.position_requested_ms = kNever;
    input.held = false;
  }
}

void Pipeline::Acknowledge(const Checkpoint& complete) {
  for (Input& input : inputs_) {
    std::vector<Position> positions;
    for (const uint32_t index : input.tables) positions.push_back(complete.positions[index]);
    input.source->Acknowledge(positions);
  }
  rows_since_checkpoint_ = 0;
}

int64_t Pipeline::rows() const {
  int64_t rows = 0;
  for (const Output& output : outputs_) rows += output.rows;
  return rows;
}

std::vector<int64_t> Pipeline::sink_rows() const {
  std::vector<int64_t> rows;
  for (const Output& output : outputs_) rows.push_back(output.rows);
  return rows;
}

std::vector<Position> Pipeline::positions() const {
  std::vector<Position> positions(plan_.sources.size());
  for (const Input& input : inputs_) {
    for (size_t i = 0; i < input.tables.size(); ++i)
      positions[input.tables[i]] = input.positions[i];
  }
  return positions;
}

std::vector<SourceProgress> Pipeline::SourcesProgress() const {
  std::vector<SourceProgress> all(inputs_.empty() ? 0 : plan_.sources.size());
  for (const Input& input : inputs_) {
    for (uint32_t i = 0; i < input.tables.size(); ++i)
      all[input.tables[i]] = input.source->Progress(i);
  }
  return all;
}

}  // namespace millrace
