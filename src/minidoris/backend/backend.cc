#include "minidoris/backend/backend.h"

#include <fmt/format.h>

#include <charconv>

#include "base/ascii.h"
#include "base/json.h"
#include "minidoris/backend/error_log.h"
#include "minidoris/backend/stream_load.h"
#include "minidoris/frontend/load_path.h"

namespace millrace::minidoris {
namespace {

constexpr int kJsonIndent = 4;

http::Response TwoPhaseAnswer(std::string_view status, std::string_view message) {
  http::Response response;
  response.body =
      Json::Object({{"status", status}, {"msg", message}}).ToIndentedText(kJsonIndent) + "\n";
  return response;
}

// Reads as std::stoull does: stops at the first byte that is not a digit, negative numbers wrap.
std::optional<int64_t> ReadTransactionId(std::string_view text) {
  text = Trim(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return static_cast<int64_t>(negative ? 0 - value : value);
}

}  // namespace

std::unique_ptr<http::Exchange> Backend::Open(http::Request request) {
  const std::optional<LoadPath> path = ReadLoadPath(request.path);
  if (path && path->action == "_stream_load" && request.method == "PUT") {
    return std::make_unique<StreamLoad>(instance_, std::move(request), path->database, path->table);
  }
  if (auto fault = InjectFault(instance_, "be")) return http::Answer(*fault);
  if (path && path->action == "_stream_load_2pc" && request.method == "PUT") {
    return http::AnswerWithBody(
        [this, request = std::move(request), database = path->database](const std::string&) {
          return TwoPhaseCommit(request, database);
        });
  }
  if (request.path == "/api/_load_error_log") return http::Answer(ErrorLog(request));
  http::Response response;
  response.content_type = "text/html";
  response.body = "minidoris backend\n";
  if (request.path == "/api/health") {
    response.content_type = "application/json";
    response.body = "{\"status\": \"OK\",\"msg\": \"To Be Added\"}";
  } else if (request.path != "/") {
    response.status = 404;
  }
  return http::Answer(std::move(response));
}

http::Response Backend::TwoPhaseCommit(const http::Request& request, const std::string& database) {
  const std::optional<http::Credentials> credentials = CredentialsOf(request);
  if (!credentials) return TwoPhaseAnswer("NOT_AUTHORIZED", "no valid Basic authorization");
  if (!IsKnownUser(*credentials)) {
    return TwoPhaseAnswer("NOT_AUTHORIZED",
                          "TStatus: errCode = 2, detailMessage = " + AccessDenied(*credentials));
  }
  const std::string id_text = request.Header("txn_id").value_or("");
  const std::string operation = request.Header("txn_operation").value_or("");
  std::optional<std::string> label = request.Header("label");
  if (label && label->empty()) label.reset();
  std::optional<int64_t> id;
  if (!id_text.empty()) {
    id = ReadTransactionId(id_text);
    if (!id) {
      return TwoPhaseAnswer("INTERNAL_ERROR",
                            fmt::format("convert txn_id [{}] failed, reason=stoull", id_text));
    }
    if (*id == -1) id.reset();  // means "no id" to the backend
  }
  if (operation != "commit" && operation != "abort") {
    return TwoPhaseAnswer("INTERNAL_ERROR", "transaction operation should be 'commit' or 'abort'");
  }
  if (!id && !label) {
    return TwoPhaseAnswer("ANALYSIS_ERROR", "TStatus: errCode = 2, detailMessage = failed " +
                                                operation +
                                                " txn, with illegal input, txn_id=-1 label=");
  }
  return Operate(database, operation, id, label);
}

http::Response Backend::Operate(const std::string& database, const std::string& operation,
                                std::optional<int64_t> id,
                                const std::optional<std::string>& label) {
  if (const std::optional<Fault> fault = instance_->faults->Take(operation)) {
    Wait(instance_, fault->delay_ms);
    if (fault->action == "fail") {
      return TwoPhaseAnswer("INTERNAL_ERROR",
                            "TStatus: errCode = 2, detailMessage = injected fault");
    }
    http::Response response;
    response.status = fault->action == "unavailable" ? 503 : 200;
    response.drop = fault->action == "drop";
    if (fault->action != "delay") return response;
  }
  const TwoPhaseResult result =
      instance_->transactions->Operate(database, operation == "commit", id, label);
  http::Response response = TwoPhaseAnswer(result.status, result.message);
  if (operation != "commit") return response;
  if (const std::optional<Fault> fault = instance_->faults->Take("commit_answer")) {
    Wait(instance_, fault->delay_ms);
    response.drop = fault->action != "delay";
  }
  return response;
}

http::Response Backend::ErrorLog(const http::Request& request) {
  http::Response response;
  response.content_type = "text/plain";
  const std::optional<std::string> text =
      ReadErrorLog(instance_->folder, request.Query("file").value_or(""));
  response.status = text ? 200 : 404;
  response.body = text.value_or("file not exist\n");
  return response;
}

}  // namespace millrace::minidoris
