#include "runtime/coordinator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plan/settings.h"

namespace millrace {
namespace {

constexpr int64_t kWaitPieceMs = 100;
constexpr int64_t kProgressMs = 200;  // how old progress() may be
// An idle source must not hold up its neighbours: a Poll waits so long, and then the source rests,
// the longer the more of them there are.
constexpr int64_t kSharedPollWaitMs = 2;
constexpr int64_t kRestPerSourceMs = 10;
constexpr size_t kFailuresCountedMax = 64;

std::string ShortName(const std::string& table) { return table.substr(table.rfind('.') + 1); }

Checkpoint NoCheckpoint(const Plan& plan) {
  Checkpoint none;
  none.positions.resize(plan.sources.size());
  none.tokens.resize(plan.sinks.size());
  none.rows.resize(plan.sinks.size());
  return none;
}

// What all sources together have to say.
void Add(const SourceProgress& one, SourceProgress* all) {
  if (!all->position.empty() && !one.position.empty()) all->position += "; ";
  all->position += one.position;
  all->tables += one.tables;
  all->tables_done += one.tables_done;
  all->rows_estimated += one.rows_estimated;
  all->rows_read += one.rows_read;
  all->lag_ms = std::max(all->lag_ms, one.lag_ms);
  all->lag_bytes = std::max(all->lag_bytes, one.lag_bytes);
}

}  // namespace

Coordinator::Coordinator(CoordinatorConfig config)
    : config_(std::move(config)),
      plan_(*config_.plan),
      clock_(*config_.environment.clock),
      log_(*config_.environment.log),
      zone_(TimeZone::Parse(plan_.time_zone).value_or(TimeZone())),
      last_(NoCheckpoint(plan_)) {}

void Coordinator::Close() {
  inputs_.clear();
  outputs_.clear();
}

Coordinator::State Coordinator::Fail(Status status) {
  status_ = std::move(status);
  Close();
  // Who asks twice to stop does not wait for the other side.
  if (prepared_ && stop_requests_ <= 1) DropPrepared();
  std::lock_guard lock(progress_mutex_);
  progress_.last_error = status_.message();
  return State::kFailed;
}

// Only if the file is not there: one that was renamed and not synced may still count.
void Coordinator::DropPrepared() {
  const auto latest = config_.store->Latest();
  if (!latest.ok() || (*latest ? (*latest)->number : 0) != last_.number) return;
  for (size_t i = 0; i < plan_.sinks.size(); ++i) {
    const auto drop = [&]() -> Status {
      MR_ASSIGN_OR_RETURN(const std::unique_ptr<Sink> sink,
                          config_.sinks[i].open(RequestFor(plan_.sinks[i], config_.sinks[i])));
      MR_RETURN_IF_ERROR(sink->Open());
      return sink->Recover(last_.tokens[i]);
    };
    const Status dropped = drop();
    if (dropped.ok()) continue;
    log_.Warning(
        "job {}: what was prepared for {} after checkpoint {} stays until the next start: {}",
        plan_.job, plan_.sinks[i].table.name, last_.number, dropped.message());
  }
}

void Coordinator::RequestStop() {
  // The token ends what waits inside of a connector, where a look at the counter cannot.
  if (++stop_requests_ > 1) {
    config_.stop->Request();
  } else {
    config_.stop->RequestAt(clock_.NowMs() + kStopDeadlineMs);
  }
}

void Coordinator::Wait(int64_t duration_ms) {
  for (int64_t waited = 0; waited < duration_ms; waited += kWaitPieceMs) {
    if (config_.stop->requested() || (stop_requests_ > 0 && !commit_owed_)) return;
    clock_.SleepMs(std::min(kWaitPieceMs, duration_ms - waited));
  }
}

Coordinator::State Coordinator::Restart(const Status& cause) {
  if (cause.cancelled() && stop_requests_ > 0) return State::kDone;
  if (!cause.transient() || config_.store == nullptr) return Fail(cause);
  Close();
  const RestartStrategy& strategy = plan_.restart;
  const int64_t now_ms = clock_.NowMs();
  if (strategy.window_ms > 0) {
    std::erase_if(failures_ms_, [&](int64_t at_ms) { return now_ms - at_ms > strategy.window_ms; });
  }
  failures_ms_.push_back(now_ms);
  if (strategy.attempts < 0) {
    // Only their number counts, and beyond this one the pause grows no more.
    if (failures_ms_.size() > kFailuresCountedMax) failures_ms_.pop_back();
  } else if (static_cast<int64_t>(failures_ms_.size()) > strategy.attempts) {
    return Fail(cause);
  }
  if (stop_requests_ > 1) return Fail(cause);
  const double growth = std::pow(strategy.multiplier, static_cast<double>(failures_ms_.size() - 1));
  const auto delay_ms = static_cast<int64_t>(std::min(
      static_cast<double>(strategy.delay_ms) * growth, static_cast<double>(strategy.delay_max_ms)));
  log_.Warning("job {}: {}; starting again from checkpoint {} in {} ms", plan_.job, cause.message(),
               last_.number, delay_ms);
  {
    std::lock_guard lock(progress_mutex_);
    ++progress_.restarts;
    progress_.last_error = cause.message();
  }
  Wait(delay_ms);
  return State::kRunning;
}

Status Coordinator::Open() {
  if (config_.store != nullptr && !loaded_) MR_RETURN_IF_ERROR(LoadCheckpoint());
  MR_RETURN_IF_ERROR(OpenSinks());
  prepared_ = commit_owed_ = false;
  MR_RETURN_IF_ERROR(OpenSources());
  rows_since_ = 0;
  token_to_renew_ = std::any_of(last_.tokens.begin(), last_.tokens.end(),
                                [](const std::string& token) { return !token.empty(); });
  checkpoint_ms_ = clock_.NowMs();
  return Status::Ok();
}

Status Coordinator::LoadCheckpoint() {
  MR_RETURN_IF_ERROR(config_.store->Lock());
  if (config_.fresh) {
    MR_ASSIGN_OR_RETURN(last_, config_.store->StartOver());
  } else {
    MR_ASSIGN_OR_RETURN(std::optional<Checkpoint> latest, config_.store->Latest());
    if (latest) {
      last_ = std::move(*latest);
      int64_t rows = 0;
      for (const int64_t taken : last_.rows) rows += taken;
      log_.Info("job {}: resuming from checkpoint {} ({} rows so far)", plan_.job, last_.number,
                rows);
    }
  }
  loaded_ = true;
  return Status::Ok();
}

SinkRequest Coordinator::RequestFor(const PlanSink& sink, const SinkDoor& door) const {
  SinkRequest request;
  request.table = ShortName(sink.table.name);
  request.job = plan_.job;
  request.options = &door.options;
  request.schema = sink.table.schema;
  request.columns = sink.columns;
  request.slots = sink.slots;
  request.types = sink.types;
  request.updates = sink.updates;
  request.parallelism = plan_.parallelism;
  request.zone = zone_;
  request.checkpoint_interval_ms = plan_.checkpoint_interval_ms;
  return request;
}

Status Coordinator::OpenSinks() {
  for (size_t i = 0; i < plan_.sinks.size(); ++i) {
    const SinkRequest request = RequestFor(plan_.sinks[i], config_.sinks[i]);
    outputs_.emplace_back();
    MR_ASSIGN_OR_RETURN(outputs_[i].sink, config_.sinks[i].open(request));
    MR_RETURN_IF_ERROR(outputs_[i].sink->Open());
    MR_RETURN_IF_ERROR(Recover(i, request));
    const int64_t limit = plan_.sinks[i].limit;
    outputs_[i].rows = last_.rows[i];
    outputs_[i].limit_left = limit < 0 ? -1 : std::max<int64_t>(0, limit - last_.rows[i]);
  }
  return Status::Ok();
}

// After --fresh the old token still tells which loads an earlier run may have left behind; a token
// that means nothing any more is no reason to stop.
Status Coordinator::Recover(size_t sink, const SinkRequest& request) {
  std::string& token = last_.tokens[sink];
  const Status recovered = outputs_[sink].sink->Recover(token);
  const bool anew = std::all_of(last_.positions.begin(), last_.positions.end(),
                                [](const Position& position) { return position.empty(); });
  if (recovered.ok() || recovered.transient() || !anew || token.empty()) return recovered;
  log_.Warning("job {}: what the last run prepared cannot be found any more: {}", plan_.job,
               recovered.message());
  token.clear();
  MR_ASSIGN_OR_RETURN(outputs_[sink].sink, config_.sinks[sink].open(request));
  MR_RETURN_IF_ERROR(outputs_[sink].sink->Open());
  return outputs_[sink].sink->Recover(token);
}

SourceRequest Coordinator::RequestFor(const PlanSource& source, size_t index) const {
  SourceRequest request;
  request.table = ShortName(source.table.name);
  request.options = &config_.sources[index].options;
  request.schema = source.table.schema;
  request.columns = source.columns;
  request.stride = plan_.StrideOf(index);
  request.limit = source.limit;
  request.parallelism = plan_.parallelism;
  request.keyed_target = std::all_of(
      plan_.flows.begin(), plan_.flows.end(),
      [&](const PlanFlow& flow) { return flow.source != index || config_.sinks[flow.sink].keyed; });
  if (plan_.sources.size() > 1) request.poll_wait_ms = kSharedPollWaitMs;
  return request;
}

Status Coordinator::OpenSources() {
  std::vector<Input> inputs;
  for (size_t i = 0; i < plan_.sources.size(); ++i) {
    Input& input = inputs.emplace_back();
    MR_ASSIGN_OR_RETURN(input.source, config_.sources[i].open(RequestFor(plan_.sources[i], i)));
    MR_RETURN_IF_ERROR(input.source->Seek(last_.positions[i]));
    input.batch.Reset(plan_.StrideOf(i));
    input.position = last_.positions[i];
    input.resumable = last_.number != 0;
    for (const PlanFlow& flow : plan_.flows) {
      if (flow.source != i) continue;
      input.ways.push_back({&flow, std::make_unique<ProgramRun>(
                                       flow.program, RunContext{.zone = zone_, .clock = &clock_})});
    }
    input.ended = IsSated(input);
  }
  inputs_ = std::move(inputs);
  next_input_ = 0;
  return Status::Ok();
}

bool Coordinator::IsSated(const Input& input) const {
  return std::all_of(input.ways.begin(), input.ways.end(),
                     [&](const Way& way) { return outputs_[way.flow->sink].limit_left == 0; });
}

bool Coordinator::AllCanResume() const {
  return std::all_of(inputs_.begin(), inputs_.end(),
                     [&](const Input& input) { return CanResume(input); });
}

bool Coordinator::AllEnded() const {
  return std::all_of(inputs_.begin(), inputs_.end(),
                     [](const Input& input) { return input.ended; });
}

// Once a checkpoint is due, a source that has come to a position waits there for the others. Once a
// stop is asked for, nothing more is read than it takes to come to positions.
Coordinator::Input* Coordinator::NextInput() {
  const bool all = AllCanResume();
  if (stop_ms_ >= 0 && (all || rows_since_ == 0)) return nullptr;
  const bool waiting = CheckpointDue() && !all;
  const int64_t now_ms = clock_.NowMs();
  Input* resting = nullptr;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    Input& input = inputs_[next_input_++ % inputs_.size()];
    if (input.ended || (waiting && CanResume(input))) continue;
    if (input.rests_until_ms <= now_ms) return &input;
    // The one that has rested longest, if all of them do.
    if (resting == nullptr || input.rests_until_ms < resting->rests_until_ms) resting = &input;
  }
  return resting;
}

Status Coordinator::Poll(Input* input) {
  input->batch.Reset(input->batch.stride());
  MR_RETURN_IF_ERROR(input->source->Poll(&input->batch));
  if (input->batch.empty() && inputs_.size() > 1) {
    input->rests_until_ms =
        clock_.NowMs() + kRestPerSourceMs * static_cast<int64_t>(inputs_.size());
  }
  if (!input->batch.empty()) MR_RETURN_IF_ERROR(WriteRows(input));
  if (!input->batch.position().empty()) {
    input->position = input->batch.position();
    input->resumable = true;
  } else if (!input->batch.empty()) {
    input->resumable = false;
  }
  input->ended = input->batch.end_of_input() || IsSated(*input);
  return Status::Ok();
}

Status Coordinator::WriteRows(Input* input) {
  for (const Way& way : input->ways) {
    Output& output = outputs_[way.flow->sink];
    if (output.limit_left == 0) continue;
    MR_RETURN_IF_ERROR(way.program->Run(&input->batch, &selected_));
    if (output.limit_left >= 0 && static_cast<int64_t>(selected_.size()) > output.limit_left) {
      selected_.resize(static_cast<size_t>(output.limit_left));
    }
    if (selected_.empty()) continue;
    MR_RETURN_IF_ERROR(output.sink->Write(input->batch, selected_));
    const auto written = static_cast<int64_t>(selected_.size());
    if (output.limit_left >= 0) output.limit_left -= written;
    output.rows += written;
    rows_since_ += written;
  }
  return Status::Ok();
}

int64_t Coordinator::rows() const {
  int64_t rows = 0;
  for (const Output& output : outputs_) rows += output.rows;
  return rows;
}

bool Coordinator::CheckpointDue() const {
  return config_.store != nullptr &&
         (AllEnded() || stop_ms_ >= 0 ||
          clock_.NowMs() - checkpoint_ms_ >= plan_.checkpoint_interval_ms);
}

Status Coordinator::TakeCheckpoint() {
  const int64_t started_ms = clock_.NowMs();
  bool moved = rows_since_ > 0;
  Checkpoint next;
  next.number = last_.number + 1;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    inputs_[i].position_requested = false;
    moved = moved || inputs_[i].position != last_.positions[i];
    next.positions.push_back(inputs_[i].position);
  }
  if (!moved && !token_to_renew_) return NothingNew();
  bool token_renewed = false;
  prepared_ = true;
  for (size_t i = 0; i < outputs_.size(); ++i) {
    MR_ASSIGN_OR_RETURN(std::string token, outputs_[i].sink->Prepare(next.number));
    token_renewed = token_renewed || (!token.empty() && token != last_.tokens[i]);
    next.tokens.push_back(token.empty() ? last_.tokens[i] : std::move(token));
    next.rows.push_back(outputs_[i].rows);
  }
  token_to_renew_ = rows_since_ > 0;
  if (!moved && !token_renewed) {
    prepared_ = false;
    return NothingNew();
  }
  MR_RETURN_IF_ERROR(config_.store->Write(next));
  last_ = std::move(next);
  prepared_ = false;
  commit_owed_ = true;
  MR_RETURN_IF_ERROR(CommitAll());
  commit_owed_ = false;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    inputs_[i].source->Acknowledge(last_.positions[i]);
  }
  if (moved) LogCheckpoint(rows_since_, started_ms);
  if (plan_.restart.window_ms == 0) failures_ms_.clear();
  rows_since_ = 0;
  checkpoint_ms_ = clock_.NowMs();
  return Status::Ok();
}

Status Coordinator::CommitAll() {
  for (size_t i = 0; i < outputs_.size(); ++i) {
    if (!last_.tokens[i].empty()) MR_RETURN_IF_ERROR(outputs_[i].sink->Commit(last_.tokens[i]));
  }
  return Status::Ok();
}

// A quiet interval: nothing to remember, and no reason to hold old failures against the job.
Status Coordinator::NothingNew() {
  if (plan_.restart.window_ms == 0) failures_ms_.clear();
  checkpoint_ms_ = clock_.NowMs();
  return Status::Ok();
}

// Before a long rest the file must not lean on transactions of the sink: the other side forgets
// finished ones after some hours, and then nobody could tell whether the commit was done.
Status Coordinator::TakeLastCheckpoint() {
  MR_RETURN_IF_ERROR(TakeCheckpoint());
  return token_to_renew_ ? TakeCheckpoint() : Status::Ok();
}

void Coordinator::LogCheckpoint(int64_t rows_taken, int64_t started_ms) {
  UpdateProgress();
  {
    std::lock_guard lock(progress_mutex_);
    progress_.checkpoint_wall_ms = clock_.WallMs();
  }
  if (!log_.enabled(LogLevel::kInfo)) return;
  const int64_t now_ms = clock_.NowMs();
  const int64_t elapsed_ms = std::max<int64_t>(1, now_ms - checkpoint_ms_);
  const SourceProgress source = ProgressOfSources();
  std::string facts(ToString(source.phase));
  if (source.tables > 0) facts += fmt::format(", {}/{} tables", source.tables_done, source.tables);
  if (source.phase == SourcePhase::kSnapshot && source.rows_estimated > 0) {
    facts += fmt::format(", {} of about {} rows read", source.rows_read, source.rows_estimated);
  }
  if (!source.position.empty()) facts += ", at " + source.position;
  if (source.lag_ms >= 0)
    facts += fmt::format(", lag {:.1f} s", static_cast<double>(source.lag_ms) / 1000);
  log_.Info("job {}: checkpoint {} complete in {} ms: {} rows ({} rows/s), {} in all; {}",
            plan_.job, last_.number, now_ms - started_ms, rows_taken,
            rows_taken * 1000 / elapsed_ms, rows(), facts);
}

SourceProgress Coordinator::ProgressOfSources() const {
  SourceProgress all;
  for (const Input& input : inputs_) {
    const SourceProgress one = input.source->Progress();
    // A snapshot is what people wait for; else the one that has got least far.
    const bool first = &input == &inputs_.front();
    const bool leads = all.phase != SourcePhase::kSnapshot && one.phase < all.phase;
    if (first || leads || one.phase == SourcePhase::kSnapshot) all.phase = one.phase;
    Add(one, &all);
  }
  return all;
}

void Coordinator::UpdateProgress() {
  progress_ms_ = clock_.NowMs();
  const SourceProgress source = ProgressOfSources();
  std::lock_guard lock(progress_mutex_);
  progress_.rows = rows();
  progress_.checkpoint = last_.number;
  progress_.source = source;
}

JobProgress Coordinator::progress() {
  std::lock_guard lock(progress_mutex_);
  return progress_;
}

bool Coordinator::StopOverdue() const { return stop_ms_ >= 0 && config_.stop->requested(); }

Coordinator::State Coordinator::Step() {
  if (stop_requests_ > 1) return State::kDone;
  if (stop_requests_ > 0 && stop_ms_ < 0) {
    stop_ms_ = clock_.NowMs();
    if (config_.store == nullptr) return State::kDone;
  }
  if (inputs_.empty()) return StepClosed();
  if (Input* input = NextInput()) {
    const Status polled = Poll(input);
    if (!polled.ok()) return Restart(polled);
    if (clock_.NowMs() - progress_ms_ >= kProgressMs) UpdateProgress();
  }
  if (!CheckpointDue()) return AllEnded() ? State::kDone : State::kRunning;
  if (!AllCanResume()) return StepWithoutPosition();
  const bool last = AllEnded() || stop_ms_ >= 0;
  const Status taken = last ? TakeLastCheckpoint() : TakeCheckpoint();
  if (!taken.ok()) return Restart(taken);
  return last ? State::kDone : State::kRunning;
}

// Nothing is open: at the start and after a failure.
Coordinator::State Coordinator::StepClosed() {
  // A stop need not open anything, unless rows of the last checkpoint wait for their commit.
  if (stop_ms_ >= 0 && (!commit_owed_ || StopOverdue())) {
    if (commit_owed_) {
      log_.Warning("job {}: the commit of checkpoint {} is finished at the next start", plan_.job,
                   last_.number);
    }
    return State::kDone;
  }
  const Status opened = Open();
  return opened.ok() ? State::kRunning : Restart(opened);
}

// A checkpoint is due, but not every source has come to a position.
Coordinator::State Coordinator::StepWithoutPosition() {
  if (stop_ms_ >= 0 && (rows_since_ == 0 || StopOverdue())) {
    if (rows_since_ > 0) {
      log_.Warning(
          "job {}: no last checkpoint within {} s; the rows since checkpoint {} come again",
          plan_.job, kStopDeadlineMs / 1000, last_.number);
    }
    return State::kDone;
  }
  for (Input& input : inputs_) {
    if (CanResume(input)) continue;
    if (input.ended) {
      return Fail(Status::Permanent("the source ended without a position to go on from"));
    }
    if (!input.position_requested) input.source->RequestPosition();
    input.position_requested = true;
  }
  return State::kRunning;
}

}  // namespace millrace
