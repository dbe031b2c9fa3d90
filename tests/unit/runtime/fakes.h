// A source, a sink, a disk and a clock that do what the test says, and write down what they were
// asked for.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/json.h"
#include "runtime/coordinator.h"

namespace millrace {

class FakeClock final : public Clock {
 public:
  int64_t NowMs() override { return now_ms_; }
  int64_t WallMs() override { return now_ms_; }
  void SleepMs(int64_t duration_ms) override {
    now_ms_ += duration_ms;
    slept_ms_ += duration_ms;
  }
  void Advance(int64_t ms) { now_ms_ += ms; }
  int64_t slept_ms() const { return slept_ms_; }

 private:
  int64_t now_ms_ = 1'700'000'000'000;
  int64_t slept_ms_ = 0;
};

class MemoryFiles final : public Files {
 public:
  Result<std::string> Read(const std::string& path) override {
    const auto file = files.find(path);
    if (file == files.end()) return Status::Permanent("no such file: " + path);
    return file->second;
  }
  Status WriteAtomically(const std::string& path, std::string_view content) override {
    if (full) return Status::Permanent("writing \"" + path + "\" failed: the disk is full");
    files[path] = content;
    if (sync_fails) return Status::Permanent("syncing the folder failed");
    if (std::exchange(throws_after_write, false)) throw std::bad_alloc();
    return Status::Ok();
  }
  Status Remove(const std::string& path) override {
    files.erase(path);
    return Status::Ok();
  }
  Result<std::vector<std::string>> List(const std::string& folder) override {
    std::vector<std::string> names;
    for (const auto& [path, content] : files) {
      if (path.starts_with(folder + "/")) names.push_back(path.substr(folder.size() + 1));
    }
    return names;
  }
  Result<std::unique_ptr<FileLock>> Lock(const std::string& path) override {
    if (locked) return Status::Transient("\"" + path + "\" is held by process 4711");
    if (full) return Status::Permanent("writing \"" + path + "\" failed: the disk is full");
    return std::make_unique<FileLock>();
  }

  std::map<std::string, std::string> files;
  bool full = false;
  bool sync_fails = false;          // after the file was renamed
  bool throws_after_write = false;  // the same, once
  bool locked = false;
};

// A position from its JSON text; empty from an empty one.
inline Position At(const std::string& text) {
  return text.empty() ? Position() : Position(Json::Parse(text).value());
}

// What one Poll reads. Rows are single integers.
struct Step {
  std::vector<int64_t> rows = {};
  std::string position = {};
  bool end = false;
  Status status = {};
  bool empties_tables = false;
};

// A system that both sides belong to; it outlives every source and sink that is opened.
struct FakeWorld {
  std::vector<std::string> calls;  // "seek 2", "write 1 2", "prepare 1", "file 1", ...
  std::deque<Step> steps;          // emitted one by one; then empty batches
  std::deque<Status> open_sink;    // what the next calls say; then all is well
  std::deque<Status> prepare;
  std::deque<Status> commit;
  std::vector<int64_t> pending;    // written and not prepared
  std::vector<int64_t> prepared;   // since the last Prepare that had rows
  std::vector<int64_t> committed;  // visible
  int loads = 0;
  // The call that throws, or that waits for the other side: "make source", "seek", "poll", "request
  // position", "acknowledge", "progress", "make sink", "open", "recover", "write", "prepare",
  // "commit".
  std::string throws_in;
  bool out_of_memory = false;  // what it throws
  std::string hangs_in;
  int64_t hangs_ms = 3'600'000;  // or until the stop token is requested
  FakeClock* clock = nullptr;    // passes while a source is polled, if there is one

  static constexpr int64_t kPollMs = 1;  // of a Poll that reads something

  Status Enter(std::string_view call, const StopToken* stop = nullptr) const {
    if (call == throws_in && out_of_memory) throw std::bad_alloc();
    if (call == throws_in) throw std::logic_error("a promise was broken in " + throws_in);
    if (call != hangs_in || stop == nullptr) return Status::Ok();
    return stop->WaitFor(hangs_ms) ? Status::Ok() : Status::Cancelled();
  }

  static Status Take(std::deque<Status>* statuses) {
    if (statuses->empty()) return Status::Ok();
    const Status status = statuses->front();
    statuses->pop_front();
    return status;
  }
};

class FakeSource final : public Source {
 public:
  FakeSource(FakeWorld* world, const SourceRequest& request)
      : world_(*world), stride_(request.stride), poll_wait_ms_(request.poll_wait_ms) {}
  Status Seek(std::span<const Position> positions) override {
    MR_RETURN_IF_ERROR(world_.Enter("seek"));
    world_.calls.push_back("seek " + positions.front().ToText());
    return Status::Ok();
  }
  Status Poll(Batch* batch) override {
    MR_RETURN_IF_ERROR(world_.Enter("poll"));
    CHECK(batch->stride() == stride_);
    if (world_.clock != nullptr) {
      world_.clock->Advance(world_.steps.empty() ? poll_wait_ms_ : FakeWorld::kPollMs);
    }
    if (world_.steps.empty()) return Status::Ok();
    const Step step = world_.steps.front();
    world_.steps.pop_front();
    for (const int64_t value : step.rows) batch->AddRow(RowKind::kInsert)[0] = Cell::Int(value);
    batch->set_position(At(step.position));
    if (step.end) batch->set_end_of_input();
    if (step.empties_tables) batch->set_empties_tables();
    return step.status;
  }
  void RequestPosition() override {
    (void)world_.Enter("request position");
    world_.calls.emplace_back("request");
  }
  SourceProgress Progress(uint32_t) override {
    (void)world_.Enter("progress");
    SourceProgress progress;
    progress.phase = SourcePhase::kStreaming;
    progress.position = "here";
    return progress;
  }
  void Acknowledge(std::span<const Position> positions) override {
    (void)world_.Enter("acknowledge");
    world_.calls.push_back("ack " + positions.front().ToText());
  }

 private:
  FakeWorld& world_;
  const uint32_t stride_;
  const int64_t poll_wait_ms_;
};

// Tokens: {"load":n,"open":true} while rows wait for their commit, {"load":n,"open":false} after.
class FakeSink final : public Sink {
 public:
  FakeSink(FakeWorld* world, const StopToken* stop) : world_(*world), stop_(stop) {
    world_.pending.clear();
  }
  Status Open() override {
    MR_RETURN_IF_ERROR(world_.Enter("open", stop_));
    return FakeWorld::Take(&world_.open_sink);
  }
  Status Recover(std::string_view token) override {
    MR_RETURN_IF_ERROR(world_.Enter("recover", stop_));
    world_.calls.push_back("recover " + std::string(token));
    if (token.find("true") != std::string_view::npos) Show();
    world_.prepared.clear();
    return Status::Ok();
  }
  Status Write(const Batch& batch, std::span<const uint32_t> rows) override {
    MR_RETURN_IF_ERROR(world_.Enter("write", stop_));
    std::string call = "write";
    for (const uint32_t row : rows) {
      world_.pending.push_back(batch.row(row)[0].i);
      call += " " + std::to_string(batch.row(row)[0].i);
    }
    world_.calls.push_back(call);
    return Status::Ok();
  }
  Result<int64_t> DeleteRows(const Batch& batch, uint32_t row,
                             std::span<const uint32_t> columns) override {
    world_.calls.push_back(
        fmt::format("delete {} by {}", batch.row(row)[0].i, fmt::join(columns, " ")));
    world_.pending.push_back(-batch.row(row)[0].i);
    return 1;
  }
  Result<std::string> Prepare(uint64_t checkpoint) override {
    MR_RETURN_IF_ERROR(world_.Enter("prepare", stop_));
    world_.calls.push_back("prepare " + std::to_string(checkpoint));
    const Status status = FakeWorld::Take(&world_.prepare);
    if (!status.ok()) return status;
    const bool open = !world_.pending.empty();
    if (open) ++world_.loads;
    world_.prepared = std::move(world_.pending);
    world_.pending.clear();
    if (world_.loads == 0) return std::string();
    return "{\"load\":" + std::to_string(world_.loads) +
           (open ? ",\"open\":true}" : ",\"open\":false}");
  }
  Status Commit(std::string_view token) override {
    MR_RETURN_IF_ERROR(world_.Enter("commit", stop_));
    world_.calls.push_back("commit " + std::string(token));
    const Status status = FakeWorld::Take(&world_.commit);
    if (status.ok()) Show();
    return status;
  }

 private:
  void Show() {
    world_.committed.insert(world_.committed.end(), world_.prepared.begin(), world_.prepared.end());
    world_.prepared.clear();
  }

  FakeWorld& world_;
  const StopToken* const stop_;
};

// A log that a test can read.
class LogText final {
 public:
  LogText() : stream_(::open_memstream(&text_, &size_)), log_(LogLevel::kInfo, stream_) {}
  ~LogText() {
    std::fclose(stream_);
    std::free(text_);
  }
  LogText(const LogText&) = delete;
  LogText& operator=(const LogText&) = delete;
  Log* log() { return &log_; }
  std::string text() const { return {text_, size_}; }  // the log flushes every line
  bool Contains(std::string_view part) const { return text().find(part) != std::string::npos; }

 private:
  char* text_ = nullptr;
  size_t size_ = 0;
  std::FILE* const stream_;
  Log log_;
};

inline Plan FakePlan() {
  Plan plan;
  plan.job = "job";
  plan.checkpoint_dir = "/state";
  plan.checkpoint_interval_ms = 1'000;
  plan.restart.delay_ms = 100;
  PlanSource source;
  source.table.name = "c.d.from";
  source.table.connector = "fake";
  PlanSink sink;
  sink.table.name = "c.d.into";
  sink.table.connector = "fake";
  const Column column{"n", Type::Of(TypeKind::kBigInt), ""};
  source.table.schema.columns = sink.table.schema.columns = {column};
  source.columns = sink.columns = sink.slots = {0};
  sink.types = {column.type};
  plan.sources = {source};
  plan.sinks = {sink};
  plan.flows = {{0, 0, Program(1, {}, {}, -1), {}, ""}};
  return plan;
}

// One process that runs the job.
class Process final {
 public:
  Process(FakeWorld* world, MemoryFiles* files, FakeClock* clock, Plan plan = FakePlan(),
          bool fresh = false)
      : Process(std::vector<FakeWorld*>{world}, files, clock, std::move(plan), fresh) {}
  // Source i and sink i of the plan belong to world i.
  Process(const std::vector<FakeWorld*>& worlds, MemoryFiles* files, FakeClock* clock, Plan plan,
          bool fresh = false, const SharedSourceFactory* shared = nullptr)
      : plan_(std::move(plan)), stop_(clock), store_(files, clock, plan_) {
    CoordinatorConfig config;
    config.pipeline.plan = &plan_;
    config.pipeline.environment = {clock, log_.log(), &stop_};
    config.stop = &stop_;
    config.store = &store_;
    config.fresh = fresh;
    for (size_t i = 0; i < plan_.sources.size(); ++i) {
      config.pipeline.sources.push_back(
          {[world = worlds[i]](const SourceRequest& request) -> Result<std::unique_ptr<Source>> {
             MR_RETURN_IF_ERROR(world->Enter("make source"));
             return std::unique_ptr<Source>(std::make_unique<FakeSource>(world, request));
           },
           {}});
    }
    for (size_t i = 0; i < plan_.sinks.size(); ++i) {
      config.pipeline.sinks.push_back(
          {[world = worlds[i], stop = &stop_](const SinkRequest&) -> Result<std::unique_ptr<Sink>> {
             MR_RETURN_IF_ERROR(world->Enter("make sink"));
             return std::unique_ptr<Sink>(std::make_unique<FakeSink>(world, stop));
           },
           {}});
    }
    if (shared) config.pipeline.shared_sources.push_back(*shared);
    coordinator_ = std::make_unique<Coordinator>(std::move(config));
  }

  Coordinator* operator->() { return coordinator_.get(); }
  const LogText& log() const { return log_; }
  // Steps until it is no longer running.
  Coordinator::State Run() {
    constexpr int kStepsMax = 10'000;
    Coordinator::State state = Coordinator::State::kRunning;
    for (int i = 0; i < kStepsMax && state == Coordinator::State::kRunning; ++i)
      state = coordinator_->Step();
    return state;
  }
  void Steps(int count) {
    for (int i = 0; i < count; ++i) {
      CHECK(coordinator_->Step() == Coordinator::State::kRunning);
    }
  }

 private:
  const Plan plan_;
  StopToken stop_;
  LogText log_;
  CheckpointStore store_;
  std::unique_ptr<Coordinator> coordinator_;
};

}  // namespace millrace
