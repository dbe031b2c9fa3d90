// What Doris's messages mean. Their texts differ from version to version and say more than its
// codes, so they are recognised by what they contain: in the table of message.cc, and nowhere else.
// (Doris's manual, "Stream Load", and its sources; docs/doris.md has the facts.)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::doris {

enum class Meaning : uint8_t {
  kUnrecognised,
  kTransient,          // the same request may succeed later
  kPermanent,          // it cannot
  kAccessDenied,       // name, password or rights
  kNoSuchTable,        // neither the table nor perhaps its database
  kRowsRejected,       // values that the table cannot hold
  kTwoPhaseCommitOff,  // the backend does not allow loads in two phases
  kCommitted,          // the transaction is committed: done, or too late to abort it
  kAborted,
  kNotFound,     // no transaction like that: never there, or forgotten
  kNotPrepared,  // its load has not ended
};

// What a message answers.
enum class Subject : uint8_t {
  kRequest = 1,  // to a frontend, other than the three below
  kLoad = 2,
  kCommit = 4,
  kAbort = 8,
};

// Pure. Letters count as the same in either case.
Meaning MeaningOf(Subject subject, std::string_view message);

// The transaction that has a label, as the message that a label is used already names it.
std::optional<int64_t> OwnerOfLabel(std::string_view message);

// A message of Doris as a part of ours: on one line, cut after some hundred bytes, without the
// user-info of URLs.
std::string Excerpt(std::string_view message);

}  // namespace millrace::doris
