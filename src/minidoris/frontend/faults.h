// Faults on demand, for tests. A test puts a JSON list on the frontend's `/api/_minidoris/faults`:
//
//   [{"at": "load_body", "action": "drop", "after_bytes": 1000, "times": 1, "skip": 2}]
//
// Every entry belongs to one point of the work. The first `skip` times the work reaches it nothing
// happens, the next `times` (default 1, -1 for always) the fault does. PUT replaces the list, POST
// appends to it, DELETE empties it, GET shows what is left.
//
//   at             reached
//   load_body      when a load has received `after_bytes` bytes of its body
//   precommit      before a complete load is pre-committed (or committed without 2PC)
//   load_answer    after that, before the answer
//   commit         before a 2PC commit is done
//   commit_answer  after it, before the answer
//   abort          before a 2PC abort is done
//   fe             at each request to the frontend (but those to the faults themselves)
//   be             at each request to the backend
//   query          at each statement of the query port
//   all            at each of fe, be and query
//
//   action         effect
//   drop           the connection is closed without an answer
//   delay          the work continues `delay_ms` later
//   fail           the work fails: a load with Status Fail, a commit with INTERNAL_ERROR (the
//                  transaction stays PRECOMMITTED), a request with an error, a statement with one
//   unavailable    HTTP 503; like drop on the query port
//   publish_timeout  load_answer without 2PC: Status `Publish Timeout` instead of Success
//
// With "duration_ms" the fault also ends that long after it was set, whatever is left of `times`.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"

namespace millrace::minidoris {

struct Fault {
  std::string at;
  std::string action;
  int64_t after_bytes = 0;
  int64_t delay_ms = 0;
  int64_t times = 1;
  int64_t skip = 0;
  int64_t duration_ms = 0;  // 0: without end
  int64_t ends_ms = 0;      // on the clock, made of duration_ms; 0: never
};

// The entries of a fault list, or what is wrong with which of them.
Result<std::vector<Fault>> ReadFaults(std::string_view json);

// The faults that are set. Any thread.
class FaultBoard final {
 public:
  explicit FaultBoard(Clock* clock) : clock_(*clock) {}

  // All entries or none: a list with an error changes nothing.
  Status Set(std::string_view json, bool append);
  void Clear();
  std::string Show() const;

  // The fault for work that reaches this point, used up by one.
  std::optional<Fault> Take(std::string_view at);
  // The same for load_body: only if `bytes` have come.
  std::optional<Fault> TakeAfter(std::string_view at, int64_t bytes);

  static constexpr size_t kFaultsMax = 10'000;

 private:
  Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<Fault> faults_;  // mutex_
};

}  // namespace millrace::minidoris
