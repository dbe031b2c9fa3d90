#include "minidoris/backend/backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/ascii.h"
#include "minidoris/backend/stream_load.h"

namespace millrace::minidoris {
namespace {

constexpr int kJsonIndent = 4;

HttpResponse TwoPhaseAnswer(const std::string& status, const std::string& message) {
  nlohmann::ordered_json answer;
  answer["status"] = status;
  answer["msg"] = message;
  HttpResponse response;
  response.body =
      answer.dump(kJsonIndent, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  return response;
}

// Reads as std::stoull does: stops at the first byte that is no digit, negative numbers wrap.
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

std::optional<LoadPath> ReadLoadPath(const std::string& path) {
  std::vector<std::string> parts = Split(path, '/');
  std::erase(parts, "");
  if (parts.size() < 3 || parts.size() > 5 || parts[0] != "api") return std::nullopt;
  if (parts.size() == 5) parts.erase(parts.begin() + 1);  // /api/{catalog}/{db}/{table}/...
  if (parts.size() == 3) return LoadPath{parts[1], "", parts[2]};
  return LoadPath{parts[1], parts[2], parts[3]};
}

std::unique_ptr<HttpExchange> Backend::Open(HttpRequest request) {
  const std::optional<LoadPath> path = ReadLoadPath(request.path);
  if (path && path->action == "_stream_load" && request.method == "PUT") {
    return std::make_unique<StreamLoad>(service_, std::move(request), path->database, path->table);
  }
  if (auto fault = MeetFault(service_, "be")) return Answer(*fault);
  if (path && path->action == "_stream_load_2pc" && request.method == "PUT") {
    return AnswerWithBody([this, request = std::move(request), database = path->database](
                              const std::string&) { return TwoPhaseCommit(request, database); });
  }
  if (request.path == "/api/_load_error_log") return Answer(ErrorLog(request));
  HttpResponse response;
  response.content_type = "text/html";
  response.body = "minidoris backend\n";
  if (request.path == "/api/health") {
    response.content_type = "application/json";
    response.body = "{\"status\": \"OK\",\"msg\": \"To Be Added\"}";
  } else if (request.path != "/") {
    response.status = 404;
  }
  return Answer(std::move(response));
}

HttpResponse Backend::TwoPhaseCommit(const HttpRequest& request, const std::string& database) {
  const std::optional<Credentials> credentials = BasicCredentials(request);
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
    if (*id == -1) id.reset();  // the backend's own mark for "not given"
  }
  if (operation != "commit" && operation != "abort") {
    return TwoPhaseAnswer("INTERNAL_ERROR", "transaction operation should be 'commit' or 'abort'");
  }
  if (!id && !label) {
    return TwoPhaseAnswer("ANALYSIS_ERROR", "TStatus: errCode = 2, detailMessage = failed " +
                                                operation +
                                                " txn, with illegal input, txn_id=-1 label=");
  }
  if (const std::optional<Fault> fault = service_->faults->Take(operation)) {
    Wait(service_, fault->delay_ms);
    if (fault->action == "fail") {
      return TwoPhaseAnswer("INTERNAL_ERROR",
                            "TStatus: errCode = 2, detailMessage = injected fault");
    }
    HttpResponse response;
    response.status = fault->action == "unavailable" ? 503 : 200;
    response.drop = fault->action == "drop";
    if (fault->action != "delay") return response;
  }
  const TwoPhaseResult result =
      service_->transactions->Operate(database, operation == "commit", id, label);
  HttpResponse response = TwoPhaseAnswer(result.status, result.message);
  if (operation != "commit") return response;
  if (const std::optional<Fault> fault = service_->faults->Take("commit_answer")) {
    response.delay_ms = fault->delay_ms;
    response.drop = fault->action != "delay";
  }
  return response;
}

HttpResponse Backend::ErrorLog(const HttpRequest& request) {
  // Only the last part of the name counts, so that nothing outside the folder can be asked for.
  const std::filesystem::path name =
      std::filesystem::path(request.Query("file").value_or("")).filename();
  HttpResponse response;
  response.content_type = "text/plain";
  std::ifstream in(std::filesystem::path(service_->folder) / "error_log" / name, std::ios::binary);
  if (name.empty() || !in) {
    response.status = 404;
    response.body = "file not exist\n";
    return response;
  }
  std::ostringstream text;
  text << in.rdbuf();
  response.body = text.str();
  return response;
}

}  // namespace millrace::minidoris
