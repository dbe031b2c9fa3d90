#include "connectors/doris/answer.h"

#include <fmt/format.h>

#include <optional>

#include "base/ascii.h"
#include "connectors/doris/field.h"
#include "connectors/doris/message.h"

namespace millrace::doris {
namespace {

constexpr int64_t kPortMax = 65'535;

// Rights: trying again cannot help, whatever else the answer looks like.
Status AccessDenied(const HttpAnswer& answer, std::string_view text) {
  return Status::Permanent(fmt::format(
      "{}: {} (check 'username' and 'password', and that the user may LOAD and SELECT the table)",
      answer.url, Excerpt(text)));
}

// The object in the body, or why there is none. Looks after everything that is not particular to
// one kind of request: HTTP errors, garbage, refused rights.
Result<Json> ParseObject(const HttpAnswer& answer) {
  if (answer.status == 401 || answer.status == 403) {
    return AccessDenied(answer, answer.body.empty() ? "access denied" : answer.body);
  }
  Result<Json> parsed = Json::Parse(answer.body);
  const bool is_object = parsed.ok() && parsed->is_object();
  if (answer.status == 404 && !is_object) {
    return Status::Permanent(
        fmt::format("{}: HTTP 404; this does not look like the HTTP port of Doris", answer.url));
  }
  if (!is_object) {
    return Status::Transient(fmt::format("{}: HTTP {} with an answer that is not a JSON object: {}",
                                         answer.url, answer.status, Excerpt(answer.body)));
  }
  if (answer.status >= 500) {
    return Status::Transient(
        fmt::format("{}: HTTP {}: {}", answer.url, answer.status, Excerpt(answer.body)));
  }
  if (NumberOf(*parsed, "code", 0) == 401) return AccessDenied(answer, TextOf(*parsed, "data"));
  return parsed;
}

// The frontend's refusal {"status":"FAILED","msg":"..."}: small letters, no Status, no Label.
std::optional<Status> FrontendRefusal(const HttpAnswer& answer, const Json& object) {
  if (object.Has("Status") || !object.Has("status")) return std::nullopt;
  const std::string message = TextOf(object, "msg");
  const Meaning meaning = MeaningOf(Subject::kRequest, message);
  if (meaning == Meaning::kAccessDenied) return AccessDenied(answer, message);
  const std::string text = fmt::format("{}: {}", answer.url, Excerpt(message));
  if (meaning == Meaning::kPermanent) return Status::Permanent(text);
  return Status::Transient(text);  // mostly "no backend available"
}

// The envelope's data, or the failure with its meaning.
Result<Json> ParseEnvelope(const HttpAnswer& answer, Meaning* meaning) {
  MR_ASSIGN_OR_RETURN(const Json object, ParseObject(answer));
  if (const std::optional<Status> refusal = FrontendRefusal(answer, object)) return *refusal;
  const int64_t code = NumberOf(object, "code", 0);
  const bool has_data = object.Has("data");
  if (code == 0 && has_data) return object["data"];
  const std::string text = TextOf(object, has_data ? "data" : "msg");
  *meaning = MeaningOf(Subject::kRequest, text);
  if (*meaning == Meaning::kAccessDenied) return AccessDenied(answer, text);
  std::string failure = fmt::format("{}: {}", answer.url, Excerpt(text));
  if (code == 503 || *meaning == Meaning::kTransient) return Status::Transient(std::move(failure));
  return Status::Permanent(std::move(failure));
}

// Of a load, a commit or an abort that failed. What nobody has seen yet may pass.
bool IsTransient(Meaning meaning) {
  return meaning == Meaning::kTransient || meaning == Meaning::kUnrecognised;
}

}  // namespace

Result<LoadAnswer> ParseLoadAnswer(const HttpAnswer& answer) {
  MR_ASSIGN_OR_RETURN(const Json object, ParseObject(answer));
  if (const std::optional<Status> refusal = FrontendRefusal(answer, object)) return *refusal;
  if (!object.Has("Status")) {
    return Status::Transient(
        fmt::format("{}: not the answer to a load: {}", answer.url, Excerpt(answer.body)));
  }
  LoadAnswer load;
  load.transaction = NumberOf(object, "TxnId", -1);
  load.label = TextOf(object, "Label");
  load.status = TextOf(object, "Status");
  load.existing_job_status = TextOf(object, "ExistingJobStatus");
  load.message = TextOf(object, "Message");
  load.error_url = TextOf(object, "ErrorURL");
  load.first_error = TextOf(object, "FirstErrorMsg");
  load.total_rows = NumberOf(object, "NumberTotalRows", 0);
  load.filtered_rows = NumberOf(object, "NumberFilteredRows", 0);
  load.two_phase = EqualsIgnoreCase(TextOf(object, "TwoPhaseCommit"), "true");
  return load;
}

Result<OperationAnswer> ParseOperationAnswer(const HttpAnswer& answer) {
  MR_ASSIGN_OR_RETURN(const Json object, ParseObject(answer));
  OperationAnswer operation{TextOf(object, "status"), TextOf(object, "msg")};
  if (operation.status.empty()) {
    return Status::Transient(fmt::format("{}: not the answer to a commit or an abort: {}",
                                         answer.url, Excerpt(answer.body)));
  }
  return operation;
}

Result<Json> ParseEnvelope(const HttpAnswer& answer) {
  Meaning meaning = Meaning::kUnrecognised;
  return ParseEnvelope(answer, &meaning);
}

Result<Json> ParseSchemaAnswer(const HttpAnswer& answer) {
  Meaning meaning = Meaning::kUnrecognised;
  Result<Json> data = ParseEnvelope(answer, &meaning);
  if (data.ok() || meaning != Meaning::kNoSuchTable) return data;
  return Status(data.status().code(),
                data.status().message() + ". Create it in Doris, or correct 'table.identifier'");
}

Result<std::vector<std::string>> ParseBackends(const HttpAnswer& answer) {
  MR_ASSIGN_OR_RETURN(const Json data, ParseEnvelope(answer));
  std::vector<std::string> backends;
  for (const Json& entry : data["backends"].items()) {
    const std::string host = entry["ip"].AsString().value_or("");
    const int64_t port = NumberOf(entry, "http_port", 0);
    if (!host.empty() && port > 0 && port <= kPortMax) {
      backends.push_back(fmt::format("{}:{}", host, port));
    }
  }
  if (backends.empty()) {
    return Status::Transient(fmt::format("{}: no backend is alive", answer.url));
  }
  return backends;
}

Result<LabelState> ParseLabelState(const HttpAnswer& answer) {
  MR_ASSIGN_OR_RETURN(const Json data, ParseEnvelope(answer));
  const std::string state = data.AsString().value_or("");
  if (state == "UNKNOWN") return LabelState::kUnknown;
  if (state == "PREPARE") return LabelState::kPrepare;
  if (state == "PRECOMMITTED") return LabelState::kPrecommitted;
  if (state == "COMMITTED") return LabelState::kCommitted;
  if (state == "VISIBLE") return LabelState::kVisible;
  if (state == "ABORTED") return LabelState::kAborted;
  return Status::Transient(
      fmt::format("{}: a label cannot be in state {}", answer.url, Excerpt(data.ToText())));
}

LoadVerdict Judge(const LoadAnswer& answer) {
  if (EqualsIgnoreCase(answer.status, "Success")) return LoadVerdict::kPrepared;
  if (EqualsIgnoreCase(answer.status, "Label Already Exists")) {
    return EqualsIgnoreCase(answer.existing_job_status, "FINISHED") ? LoadVerdict::kLabelFinished
                                                                    : LoadVerdict::kLabelBusy;
  }
  return IsTransient(MeaningOf(Subject::kLoad, answer.message)) ? LoadVerdict::kTransient
                                                                : LoadVerdict::kPermanent;
}

CommitVerdict JudgeCommit(const OperationAnswer& answer) {
  if (EqualsIgnoreCase(answer.status, "Success")) return CommitVerdict::kDone;
  const Meaning meaning = MeaningOf(Subject::kCommit, answer.message);
  if (meaning == Meaning::kCommitted) return CommitVerdict::kDone;
  if (meaning == Meaning::kAborted) return CommitVerdict::kAborted;
  if (meaning == Meaning::kNotFound) return CommitVerdict::kNotFound;
  // Nothing is lost if a wrong password is corrected later, but the user must hear of it now.
  return IsTransient(meaning) ? CommitVerdict::kTransient : CommitVerdict::kPermanent;
}

AbortVerdict JudgeAbort(const OperationAnswer& answer) {
  if (EqualsIgnoreCase(answer.status, "Success")) return AbortVerdict::kDone;
  const Meaning meaning = MeaningOf(Subject::kAbort, answer.message);
  if (meaning == Meaning::kCommitted) return AbortVerdict::kCommitted;
  if (meaning == Meaning::kAborted || meaning == Meaning::kNotFound) return AbortVerdict::kDone;
  return IsTransient(meaning) ? AbortVerdict::kTransient : AbortVerdict::kPermanent;
}

}  // namespace millrace::doris
