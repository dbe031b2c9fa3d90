// What Doris answers, and what it means for us. Every answer is HTTP 200 with one of several JSON
// shapes; what counts is in the JSON, and texts differ from version to version, so they are matched
// by what they contain. (Stream Load manual; facts in docs/doris.md.)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "net/http_client.h"

namespace millrace::doris {

// To a load.
struct LoadAnswer {
  int64_t transaction = -1;
  std::string label;
  std::string status;               // "Success", "Label Already Exists", "Fail", ...
  std::string existing_job_status;  // of a label that exists
  std::string message;
  std::string error_url;
  std::string first_error;
  int64_t total_rows = 0;
  int64_t filtered_rows = 0;
  bool two_phase = false;
};

// To a commit or an abort.
struct OperationAnswer {
  std::string status;
  std::string message;
};

// Where a label stands.
enum class LabelState : uint8_t {
  kUnknown,  // never seen or forgotten
  kPrepare,
  kPrecommitted,
  kCommitted,  // or visible: for ever
  kAborted,
};

Result<LoadAnswer> ParseLoadAnswer(const HttpAnswer& answer);
Result<OperationAnswer> ParseOperationAnswer(const HttpAnswer& answer);
Result<LabelState> ParseLabelState(const HttpAnswer& answer);
// The "data" member of the frontend's envelope {"msg","code","data","count"} as JSON text.
Result<std::string> ParseEnvelope(const HttpAnswer& answer);

enum class LoadVerdict : uint8_t {
  kPrepared,       // all rows safe
  kLabelFinished,  // the label is taken by a load that was committed
  kLabelBusy,      // the label is taken by a load that is not finished
  kTrouble,        // passing: the same load may succeed later
  kRefused,        // the rows, the rights or the table are the problem
};
LoadVerdict Judge(const LoadAnswer& answer);

enum class CommitVerdict : uint8_t {
  kDone,      // committed, now or before
  kAborted,   // the rows are gone
  kNotFound,  // forgotten or never there: the label may tell
  kTrouble,
  kRefused,
};
CommitVerdict JudgeCommit(const OperationAnswer& answer);

enum class AbortVerdict : uint8_t {
  kDone,       // aborted, now or before, or never there
  kCommitted,  // too late
  kTrouble,
  kRefused,
};
AbortVerdict JudgeAbort(const OperationAnswer& answer);

// The transaction that owns a label, as the text of "Label Already Exists" tells.
std::optional<int64_t> OwnerOfLabel(std::string_view message);

}  // namespace millrace::doris
