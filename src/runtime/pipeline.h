// The open part of a job: its sources, the flows of rows through programs, and its sinks. It moves
// rows, batch by batch, and knows how far every source has come. When to poll and when to take a
// checkpoint is the coordinator's business.
//
//   source 0 --batch--> flow 0: program --selected rows--> sink 0
//                  \--> flow 1: program --selected rows--> sink 1
//
// Used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "connectors/connector.h"
#include "plan/plan.h"
#include "plan/readers.h"
#include "plan/row_origin.h"
#include "runtime/checkpoint.h"

namespace millrace {

// How a source or a sink of the plan is opened, and what its connector says of itself.
struct SourceFactory {
  std::function<Result<std::unique_ptr<Source>>(const SourceRequest&)> open;
  Options options;
  bool empties_tables = false;  // Connector::empties_tables
  // Connector::check_source; empty: there is nothing to check.
  std::function<Result<std::vector<Finding>>(const SourceRequest&, const Position&)> check = {};
};
// Sources of the plan, two or more, that are opened as one.
struct SharedSourceFactory {
  PlanReader sources;
  std::function<Result<std::unique_ptr<Source>>(std::span<const SourceRequest>)> open;
};
struct SinkFactory {
  std::function<Result<std::unique_ptr<Sink>>(const SinkRequest&)> open;
  Options options;
  bool keyed = false;    // Connector::keeps_last_row_per_key
  bool deletes = false;  // Connector::deletes_rows
};

struct PipelineConfig {
  const Plan* plan = nullptr;
  std::vector<SourceFactory> sources;  // as in the plan
  std::vector<SharedSourceFactory> shared_sources;
  std::vector<SinkFactory> sinks;
  Environment environment;
};

class Pipeline final {
 public:
  // `config` must outlive it. Nothing is opened yet.
  explicit Pipeline(const PipelineConfig& config);

  // What a look at the peer of source `index` finds; nothing is opened.
  Result<std::vector<Finding>> CheckSource(size_t index, const Position& position) const;
  // A sink of the plan that stands alone, not part of what is open; for Recover only.
  Result<std::unique_ptr<Sink>> MakeSink(size_t index) const;
  // Makes sink `index` and opens it; once more, with a new object, if it is open. All sinks come
  // before the sources, each followed by its Recover.
  Status OpenSink(size_t index);
  // Makes the sources and seeks to the positions of `from`. Rows are counted on from there.
  Status OpenSources(const Checkpoint& from);
  // Closes everything; from then on it is as new.
  void Close();
  bool is_open() const { return !inputs_.empty(); }

  enum class Which : uint8_t { kAll, kNotHeld, kWithoutPosition };
  // Polls the next source whose turn it is, runs its flows and writes. Without effect if there is
  // none to poll.
  Status PollNext(Which which);
  // The sources that are not at a position are asked, once, to come to one soon. Permanent error if
  // one has ended and can never be.
  Status RequestPositions();
  // A source was asked for a position more than kLateMs ago and has not come to one: the others go
  // on meanwhile (kNotHeld). When it comes, it is held there until the checkpoint, so that each
  // source can be late only once and the checkpoint is taken in the end.
  bool WaitsForLateSource() const;
  static constexpr int64_t kLateMs = 500;

  // Every source is where a checkpoint can be taken, or its rows are no longer wanted.
  bool AtCheckpointPosition() const;
  // No source has anything more to read, or no sink wants it.
  bool AllEnded() const;
  // Rows that tables of a source have lost are to be deleted, or were: everything before is first
  // committed, and then the deletion alone, so that it finds what it deletes and nothing of the
  // same checkpoint comes back under it. The source waits meanwhile.
  bool DeletionWaits() const;
  // A source failed for good where a checkpoint can be taken: what it emitted before is whole. It
  // is not polled any more. Ok: none did.
  const Status& failure() const { return failure_; }
  int64_t rows_since_checkpoint() const { return rows_since_checkpoint_; }
  int64_t rows() const;                    // written since the job began
  std::vector<int64_t> sink_rows() const;  // the same by sink
  std::vector<Position> positions() const;
  std::vector<SourceProgress> SourcesProgress() const;

  // For the checkpoint cycle.
  Sink& sink(size_t index) { return *outputs_[index].sink; }
  // A checkpoint begins: positions may be requested again.
  void ForgetPositionRequests();
  // A checkpoint is complete: what is older than its positions may be forgotten by the sources.
  void Acknowledge(const Checkpoint& complete);
  // Everything that was written is committed, for the deletions that wait for it.
  void ReleaseDeletions();

 private:
  struct FlowRun {
    uint32_t table;  // of the input
    const PlanFlow* flow;
    std::unique_ptr<ProgramRun> program;
    RowOrigin origin;
  };
  // Of the tables that the batch in hand empties.
  enum class Deletion : uint8_t { kNone, kWaits, kMayBegin, kDone };
  struct Input {  // a source while it is open
    std::unique_ptr<Source> source;
    PlanReader tables;  // sources of the plan that it reads
    Batch batch;
    std::vector<Position> positions;  // of its tables, after the last batch, if at_position
    bool at_position = false;
    bool ended = false;   // nothing more comes, or nobody wants more
    bool failed = false;  // at its position, see failure()
    int64_t position_requested_ms = kNever;
    bool held = false;  // it came to its position late, and waits for the checkpoint
    Deletion deletion = Deletion::kNone;
    int64_t poll_again_at_ms = 0;  // it had nothing; others go first
    std::vector<FlowRun> flows;
  };
  struct Output {  // a sink while it is open
    std::unique_ptr<Sink> sink;
    int64_t rows = 0;         // since the job began
    int64_t limit_left = -1;  // -1: no limit
  };

  static constexpr int64_t kNever = -1;

  SinkRequest RequestFor(size_t sink) const;
  uint32_t StrideOf(const PlanReader& tables) const;
  SourceRequest RequestForSource(size_t source, uint32_t stride) const;
  Result<std::unique_ptr<Source>> OpenSource(const PlanReader& tables) const;
  Result<Input> OpenInput(PlanReader tables, const Checkpoint& from);
  Input* NextInput(Which which);
  Status Poll(Input* input);
  Status WriteRows(Input* input);
  Status DeleteRows(Input* input);
  Status DeleteRows(const FlowRun& run, const RowRun& rows, Batch* batch);
  Status WriteRows(const FlowRun& run, const RowRun& rows, Batch* batch);
  void ReachPosition(Input* input);
  // No sink of this source takes more rows, so that its position no longer matters.
  bool LimitReached(const Input& input) const;
  bool AtCheckpointPosition(const Input& input) const {
    return input.at_position || LimitReached(input);
  }
  bool IsLate(const Input& input) const;

  const PipelineConfig& config_;
  const std::vector<PlanReader> readers_;  // every source is in one
  const Plan& plan_;
  Clock& clock_;
  const TimeZone zone_;

  std::vector<Input> inputs_;
  std::vector<Output> outputs_;
  size_t next_input_ = 0;
  std::vector<uint32_t> selected_;
  int64_t rows_since_checkpoint_ = 0;
  Status failure_;
};

}  // namespace millrace
