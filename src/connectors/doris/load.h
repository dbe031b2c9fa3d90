// One stream load, from its begin to its verdict: begun under a label that is free, filled from one
// thread, ended, and then either safe in Doris (pre-committed) or failed with a reason the user can
// act on. Destroyed before its verdict it is abandoned, and Doris aborts it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "base/stop_token.h"
#include "connectors/doris/committer.h"
#include "connectors/doris/label.h"
#include "connectors/doris/stream_load_api.h"
#include "connectors/doris/token.h"

namespace millrace::doris {

// The numbers that labels are made of.
struct Numbering {
  uint64_t incarnation = 1;
  uint64_t sequence = 0;  // of the latest prepared loads
};

// Bodies are ended and continued under a new label before they reach the backends' limit
// (streaming_load_max_mb, 10 GiB by default).
inline constexpr int64_t kLoadBytesMax = int64_t{8} * 1024 * 1024 * 1024;

// What the loads of a sink have in common. Outlives them.
struct LoadContext {
  StreamLoadApi* api = nullptr;
  Committer* committer = nullptr;
  Clock* clock = nullptr;
  Log* log = nullptr;
  const StopToken* stop = nullptr;
  const Labels* labels = nullptr;
  Numbering* numbering = nullptr;
  int64_t load_bytes_max = kLoadBytesMax;
  std::string database;
  std::string table;                 // database.table, for messages
  std::vector<std::string> headers;  // "Name: value", of every load
};

class Load final {
 public:
  // Waits until a backend wants the body. `name` is that of the load; where its label turns out to
  // be used by a load that was committed, its incarnation rises. An unfinished load with the label
  // is aborted. Failures are repeated as far as they are transient.
  static Result<std::unique_ptr<Load>> Begin(const LoadContext& context, LoadName* name);

  // An empty buffer to fill.
  UploadBuffer Take() { return stream_ == nullptr ? UploadBuffer() : stream_->Take(); }
  // Waits while Doris is slow. A failure is why the load ended before its body was complete.
  Status Send(UploadBuffer buffer);
  // The body is complete. Several loads that end together wait for their verdicts together.
  void End();
  // Waits for the verdict over `rows` rows, after End. Ok: all of them are safe.
  Result<Transaction> Finish(int64_t rows);

  int64_t bytes() const { return bytes_; }  // sent
  const std::string& label() const { return label_; }

 private:
  Load(const LoadContext& context, std::string label, std::unique_ptr<LoadStream> stream)
      : context_(context),
        label_(std::move(label)),
        stream_(std::move(stream)),
        start_ms_(context.clock->NowMs()) {}

  Status HasEnded() const;
  Status CheckVerdict(const LoadAnswer& answer, int64_t rows) const;

  const LoadContext& context_;
  const std::string label_;
  std::unique_ptr<LoadStream> stream_;  // null after the load has ended
  const int64_t start_ms_;
  int64_t bytes_ = 0;
};

}  // namespace millrace::doris
