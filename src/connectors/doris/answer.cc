#include "connectors/doris/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/ascii.h"
#include "base/units.h"
#include "net/url.h"

namespace millrace::doris {
namespace {

using Json = nlohmann::json;

constexpr size_t kExcerptMax = 300;

// Longer than this a message is a stack trace, and its first line says it all.
std::string Excerpt(std::string_view text) {
  text = Trim(text);
  std::string excerpt(text.substr(0, std::min(text.size(), kExcerptMax)));
  if (text.size() > kExcerptMax) excerpt += "...";
  return RedactUrls(excerpt);
}

std::string TextOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

int64_t NumberOf(const Json& object, const char* key, int64_t otherwise) {
  const auto found = object.find(key);
  if (found == object.end()) return otherwise;
  if (found->is_number_integer()) return found->get<int64_t>();
  if (found->is_string()) {
    return ParseInteger(found->get_ref<const std::string&>()).value_or(otherwise);
  }
  return otherwise;
}

bool ContainsAny(std::string_view text, std::span<const std::string_view> words) {
  const std::string lower = ToLower(text);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// Rights: trying again cannot help, whatever else the answer looks like.
Status AccessDenied(const HttpAnswer& answer, std::string_view text) {
  return Status::Permanent(fmt::format(
      "{}: {} (check 'username' and 'password', and that the user may LOAD and SELECT the table)",
      answer.url, Excerpt(text)));
}

constexpr std::string_view kAccessWords[] = {"access denied", "need auth information",
                                             "no valid basic authorization", "not_authorized",
                                             "unauthorized"};

// The object in the body, or why there is none. Looks after everything that is not particular to
// one kind of request: HTTP errors, garbage, refused rights.
Result<Json> ParseObject(const HttpAnswer& answer) {
  if (answer.status == 401 || answer.status == 403) {
    return AccessDenied(answer, answer.body.empty() ? "access denied" : answer.body);
  }
  Json object = Json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (answer.status == 404 && !object.is_object()) {
    return Status::Permanent(
        fmt::format("{}: HTTP 404; this does not look like the HTTP port of Doris", answer.url));
  }
  if (!object.is_object()) {
    return Status::Transient(fmt::format("{}: HTTP {} with an answer that is not JSON: {}",
                                         answer.url, answer.status, Excerpt(answer.body)));
  }
  if (answer.status >= 500) {
    return Status::Transient(
        fmt::format("{}: HTTP {}: {}", answer.url, answer.status, Excerpt(answer.body)));
  }
  if (NumberOf(object, "code", 0) == 401) {
    return AccessDenied(answer, TextOf(object, "data"));
  }
  return object;
}

// The frontend's refusal {"status":"FAILED","msg":"..."}: small letters, no Status, no Label.
std::optional<Status> FrontendRefusal(const HttpAnswer& answer, const Json& object) {
  if (object.contains("Status") || !object.contains("status")) return std::nullopt;
  const std::string message = TextOf(object, "msg");
  if (ContainsAny(message, kAccessWords)) return AccessDenied(answer, message);
  const std::string text = fmt::format("{}: {}", answer.url, Excerpt(message));
  constexpr std::string_view kLasting[] = {"100-continue header", "no database selected",
                                           "no table selected", "group_commit",
                                           "no cloud cluster name"};
  if (ContainsAny(message, kLasting)) return Status::Permanent(text);
  return Status::Transient(text);  // mostly "no backend available"
}

// Passing troubles first: they come wrapped in the same prefixes as lasting ones.
constexpr std::string_view kPassing[] = {"timeout by txn manager",
                                         "lock timeout",
                                         "larger than limit",
                                         "-235",
                                         "version count",
                                         "exceed limit",
                                         "mem_limit_exceeded",
                                         "mem_alloc_failed",
                                         "memory limit",
                                         "coordinate be",
                                         "not_master",
                                         "thrift_rpc_error",
                                         "heartbeat yet",
                                         "no backend",
                                         "sender is gone",
                                         "cancelled",
                                         "network_error",
                                         "receive body don't equal",
                                         "too many aborted",
                                         "service_unavailable",
                                         "publish_timeout",
                                         "rpc failed",
                                         "rpc timeout"};
constexpr std::string_view kLasting[] = {"data_quality",         "too many filtered rows",
                                         "unqualified data",     "analysis_error",
                                         "invalid_argument",     "not_implemented",
                                         "not_authorized",       "not_found",
                                         "access denied",        "unknown database",
                                         "unknown table",        "table not found",
                                         "column has no source", "label format error",
                                         "unknown column",       "two phase commit",
                                         "exceed be's conf",     "streaming_load_max_mb",
                                         "exceed max size",      "invalid timeout",
                                         "unknown data format",  "sequence column",
                                         "errcode = 7",          "partial update",
                                         "no basic auth",        "not support"};

bool IsPassing(std::string_view message) {
  constexpr std::string_view kRows[] = {"data_quality", "too many filtered rows"};
  if (ContainsAny(message, kRows)) return false;
  if (ContainsAny(message, kPassing)) return true;
  return !ContainsAny(message, kLasting);
}

}  // namespace

Result<LoadAnswer> ParseLoadAnswer(const HttpAnswer& answer) {
  MR_ASSIGN_OR_RETURN(const Json object, ParseObject(answer));
  if (const std::optional<Status> refusal = FrontendRefusal(answer, object)) return *refusal;
  if (!object.contains("Status")) {
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

Result<std::string> ParseEnvelope(const HttpAnswer& answer) {
  MR_ASSIGN_OR_RETURN(const Json object, ParseObject(answer));
  if (const std::optional<Status> refusal = FrontendRefusal(answer, object)) return *refusal;
  const int64_t code = NumberOf(object, "code", 0);
  const auto data = object.find("data");
  if (code != 0 || data == object.end()) {
    const std::string text = TextOf(object, data == object.end() ? "msg" : "data");
    if (ContainsAny(text, kAccessWords)) return AccessDenied(answer, text);
    const std::string failure = fmt::format("{}: {}", answer.url, Excerpt(text));
    if (code == 503 || ContainsAny(text, kPassing)) return Status::Transient(failure);
    return Status::Permanent(failure);
  }
  return data->dump();
}

Result<LabelState> ParseLabelState(const HttpAnswer& answer) {
  MR_ASSIGN_OR_RETURN(const std::string data, ParseEnvelope(answer));
  if (data == "\"UNKNOWN\"") return LabelState::kUnknown;
  if (data == "\"PREPARE\"") return LabelState::kPrepare;
  if (data == "\"PRECOMMITTED\"") return LabelState::kPrecommitted;
  if (data == "\"COMMITTED\"" || data == "\"VISIBLE\"") return LabelState::kCommitted;
  if (data == "\"ABORTED\"") return LabelState::kAborted;
  return Status::Transient(
      fmt::format("{}: a label cannot be in state {}", answer.url, Excerpt(data)));
}

LoadVerdict Judge(const LoadAnswer& answer) {
  if (EqualsIgnoreCase(answer.status, "Success")) return LoadVerdict::kPrepared;
  if (EqualsIgnoreCase(answer.status, "Label Already Exists")) {
    return EqualsIgnoreCase(answer.existing_job_status, "FINISHED") ? LoadVerdict::kLabelFinished
                                                                    : LoadVerdict::kLabelBusy;
  }
  return IsPassing(answer.message) ? LoadVerdict::kTrouble : LoadVerdict::kRefused;
}

CommitVerdict JudgeCommit(const OperationAnswer& answer) {
  if (EqualsIgnoreCase(answer.status, "Success")) return CommitVerdict::kDone;
  constexpr std::string_view kDone[] = {"is already committed", "is already visible"};
  constexpr std::string_view kAborted[] = {"is already aborted"};
  constexpr std::string_view kNotFound[] = {"not found, label", "] not found",
                                            "transaction not found"};
  constexpr std::string_view kNotYet[] = {"is prepare, not pre-committed"};
  if (ContainsAny(answer.message, kDone)) return CommitVerdict::kDone;
  if (ContainsAny(answer.message, kAborted)) return CommitVerdict::kAborted;
  if (ContainsAny(answer.message, kNotFound)) return CommitVerdict::kNotFound;
  if (ContainsAny(answer.message, kNotYet)) return CommitVerdict::kRefused;
  // A wrong password may be put right while the job waits; nothing is lost by asking again later,
  // but somebody must be told now.
  return IsPassing(answer.message) ? CommitVerdict::kTrouble : CommitVerdict::kRefused;
}

AbortVerdict JudgeAbort(const OperationAnswer& answer) {
  if (EqualsIgnoreCase(answer.status, "Success")) return AbortVerdict::kDone;
  constexpr std::string_view kCommitted[] = {"is already committed", "is already visible"};
  constexpr std::string_view kDone[] = {"is already aborted", "not found"};
  if (ContainsAny(answer.message, kCommitted)) return AbortVerdict::kCommitted;
  if (ContainsAny(answer.message, kDone)) return AbortVerdict::kDone;
  return IsPassing(answer.message) ? AbortVerdict::kTrouble : AbortVerdict::kRefused;
}

std::optional<int64_t> OwnerOfLabel(std::string_view message) {
  constexpr std::string_view kMark = "relate to txn [";
  const size_t at = message.find(kMark);
  if (at == std::string_view::npos) return std::nullopt;
  message.remove_prefix(at + kMark.size());
  const std::optional<int64_t> id = ParseInteger(message.substr(0, message.find(']')));
  return id && *id >= 0 ? id : std::nullopt;
}

}  // namespace millrace::doris
