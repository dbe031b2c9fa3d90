// The snapshot of a change-data source, in rounds over one reader of its log (decision 0001): the
// loop that makes a snapshot without locks exact, over two small interfaces that a system
// implements. `Position` is a position in that system's log.
//
//   round ::= open read views that show everything up to P, the position of the log
//             read chunks of tables in these views, on N connections
//             HIGH = where the log ends now
//             emit the changes of (P, HIGH] after the rows; P = HIGH; emit the position
//
// A key that no change of (P, HIGH] touches looks the same in the views and at HIGH; a key that one
// touches ends up as its last change left it, because changes are emitted after rows and none is
// held back.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "base/thread.h"

namespace millrace::cdc {

// The log of changes. Used by the thread that runs the rounds.
template <typename Position>
class Log {
 public:
  virtual ~Log() = default;
  // Every change up to here was emitted.
  virtual const Position& position() const = 0;
  // Where the log ends now.
  virtual Result<Position> End() = 0;
  // Emits the changes after position() up to `end`, which becomes position(). `view` is the
  // position of the first reader's view in this round: a target that must get every change once
  // needs none that the view showed.
  virtual Status ReadUntil(const Position& end, const Position& view) = 0;
  // Emits position() as one at which the source can be resumed: the round is whole.
  virtual Status EmitPosition() = 0;
};

// One connection that reads chunks of tables. OpenView, CloseView: the thread that runs the rounds;
// ReadChunk: a thread of this reader's own.
template <typename Position>
class Reader {
 public:
  virtual ~Reader() = default;
  // Opens a read view that shows everything up to `visible`; returns the position of the view in
  // the log, or one before it.
  virtual Result<Position> OpenView(const Position& visible) = 0;
  // Reads the next chunk and emits its rows. False: there is none for this reader now. What waits
  // in it looks at `over`, which asks to end the round.
  virtual Result<bool> ReadChunk(const std::atomic<bool>& over) = 0;
  virtual Status CloseView() = 0;
};

// Runs rounds. One thread, but for EndRound.
template <typename Position>
class Rounds final {
 public:
  struct Config {
    Clock* clock = nullptr;
    int64_t round_ms_max = 30'000;           // a round ends by itself after so long
    const char* thread_name = "cdc-reader";  // a literal, at most 15 characters
  };

  explicit Rounds(const Config& config) : config_(config) {}

  // One round, from opening the views to emitting the position. Without readers it reads nothing
  // and only emits what changed.
  Status Run(Log<Position>* log, std::span<Reader<Position>* const> readers) {
    const int64_t end_ms = config_.clock->NowMs() + config_.round_ms_max;
    std::vector<Position> views;
    for (Reader<Position>* reader : readers) {
      MR_ASSIGN_OR_RETURN(Position view, reader->OpenView(log->position()));
      views.push_back(std::move(view));
    }
    MR_RETURN_IF_ERROR(ReadChunks(readers, end_ms));
    for (Reader<Position>* reader : readers) MR_RETURN_IF_ERROR(reader->CloseView());
    // After the views were read: what they may already show lies before this end.
    MR_ASSIGN_OR_RETURN(const Position high, log->End());
    const Position view = views.empty() ? log->position() : views.front();
    MR_RETURN_IF_ERROR(log->ReadUntil(high, view));
    // This position satisfies every request made so far; a later one ends the next round.
    over_ = false;
    return log->EmitPosition();
  }

  // Any thread: this round (or the next, if none runs) should end soon, so that there is a
  // position.
  void EndRound() { over_ = true; }

 private:
  // Every reader reads chunks in a thread of its own until none is left or the round is over. The
  // first failure ends the round for all.
  Status ReadChunks(std::span<Reader<Position>* const> readers, int64_t end_ms) {
    std::vector<Status> statuses(readers.size());
    std::vector<std::thread> threads;
    // Threads must be joined also if one of them cannot be started.
    const Status started = CatchExceptions([&] {
      for (size_t i = 0; i < readers.size(); ++i) {
        threads.emplace_back([&, i] {
          NameThread(config_.thread_name);
          statuses[i] = CatchExceptions([&] { return ReadChunksWith(readers[i], end_ms); });
          if (!statuses[i].ok()) over_ = true;
        });
      }
      return Status::Ok();
    });
    if (!started.ok()) over_ = true;
    for (std::thread& thread : threads) thread.join();
    MR_RETURN_IF_ERROR(started);
    Status result;
    for (Status& status : statuses) {
      if (status.ok()) continue;
      // A stop ends the others' work as well: the failure that caused it says more.
      if (result.ok() || result.cancelled()) result = std::move(status);
    }
    return result;
  }

  Status ReadChunksWith(Reader<Position>* reader, int64_t end_ms) {
    while (!over_) {
      MR_ASSIGN_OR_RETURN(const bool more, reader->ReadChunk(over_));
      if (!more) break;
      if (config_.clock->NowMs() > end_ms) over_ = true;
    }
    return Status::Ok();
  }

  const Config config_;
  std::atomic<bool> over_ = false;
};

}  // namespace millrace::cdc
