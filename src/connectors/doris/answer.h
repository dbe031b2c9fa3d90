// What Doris answers, and what it means for us. Every answer is HTTP 200 with one of several JSON
// shapes; what counts is in the JSON, and where that is only a text, message.h says what it means.
// (Doris's manual, "Stream Load"; docs/doris.md has the facts.)
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
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

// What became of the load with a label.
enum class LabelState : uint8_t {
  kUnknown,  // never seen or forgotten
  kPrepare,
  kPrecommitted,
  kCommitted,  // final, and soon visible
  kVisible,
  kAborted,
};

// No answer can make these throw, and every failure names the URL.
Result<LoadAnswer> ParseLoadAnswer(const HttpAnswer& answer);
Result<OperationAnswer> ParseOperationAnswer(const HttpAnswer& answer);
Result<LabelState> ParseLabelState(const HttpAnswer& answer);
// The "data" member of the frontend's envelope {"msg","code","data","count"}.
Result<Json> ParseEnvelope(const HttpAnswer& answer);
// The same of a question for a table: the failure says so if there is no such table.
Result<Json> ParseSchemaAnswer(const HttpAnswer& answer);
// "host:port" of every backend in the answer to a question for them. Transient if there is none.
Result<std::vector<std::string>> ParseBackends(const HttpAnswer& answer);

enum class LoadVerdict : uint8_t {
  kPrepared,       // all rows safe
  kLabelFinished,  // the label is taken by a load that was committed
  kLabelBusy,      // the label is taken by a load that is not finished
  kTransient,      // the same load may succeed later
  kPermanent,      // the rows, the rights or the table are the problem
};
LoadVerdict Judge(const LoadAnswer& answer);

enum class CommitVerdict : uint8_t {
  kDone,      // committed, now or before
  kAborted,   // the rows are lost
  kNotFound,  // forgotten or never there: the state of the label may decide
  kTransient,
  kPermanent,
};
CommitVerdict JudgeCommit(const OperationAnswer& answer);

enum class AbortVerdict : uint8_t {
  kDone,       // aborted, now or before, or never there
  kCommitted,  // too late
  kTransient,
  kPermanent,
};
AbortVerdict JudgeAbort(const OperationAnswer& answer);

}  // namespace millrace::doris
