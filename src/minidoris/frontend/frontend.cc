#include "minidoris/frontend/frontend.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/ascii.h"

namespace millrace::minidoris {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kOk = 0;
constexpr int kCommonError = 1;
constexpr int kUnauthorized = 401;
constexpr int kBadRequest = 403;  // sic
constexpr int kNotFound = 404;
constexpr std::string_view kOwnPages = "/api/_minidoris/";

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// {"msg","code","data","count"}
HttpResponse Envelope(int code, std::string_view message, Json data) {
  Json json;
  json["msg"] = message;
  json["code"] = code;
  json["data"] = std::move(data);
  json["count"] = 0;
  HttpResponse response;
  response.body = Dump(json);
  return response;
}

HttpResponse Failed(std::string_view message) {
  Json json;
  json["status"] = "FAILED";
  json["msg"] = message;
  HttpResponse response;
  response.body = Dump(json);
  return response;
}

std::string PercentEncoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

// Nothing if the request may go on.
std::optional<HttpResponse> CheckUser(const HttpRequest& request) {
  const std::optional<Credentials> credentials = BasicCredentials(request);
  if (!credentials) return Envelope(kUnauthorized, "Unauthorized", "Need auth information.");
  if (IsKnownUser(*credentials)) return std::nullopt;
  return Envelope(kUnauthorized, "Unauthorized", AccessDenied(*credentials));
}

}  // namespace

std::unique_ptr<HttpExchange> Frontend::Open(HttpRequest request) {
  if (request.path.starts_with(kOwnPages)) return OwnPage(std::move(request));
  if (auto fault = MeetFault(service_, "fe")) return Answer(*fault);
  const std::optional<LoadPath> path = ReadLoadPath(request.path);
  if (request.method == "PUT" && path &&
      (path->action == "_stream_load" || path->action == "_stream_load_2pc")) {
    return Answer(AdmitLoad(request, *path));
  }
  return Answer(Metadata(request));
}

HttpResponse Frontend::AdmitLoad(const HttpRequest& request, const LoadPath& path) {
  const bool load = path.action == "_stream_load";
  if (const auto group = request.Header("group_commit"); load && group) {
    const std::string mode = ToLower(*group);
    if (mode != "sync_mode" && mode != "async_mode" && mode != "off_mode") {
      return Failed("Header `group_commit` can only be `sync_mode`, `async_mode` or `off_mode`.");
    }
  }
  if (auto refused = CheckUser(request)) return *refused;
  if (!load) {
    const auto given = [&](std::string_view header) {
      return !request.Header(header).value_or("").empty();
    };
    if (!given("txn_id") && !given("label")) {
      return Failed("No transaction id or label selected.");
    }
    if (!given("txn_operation")) {
      return Failed("No transaction operation('commit' or 'abort') selected.");
    }
    return Redirect(request, *BasicCredentials(request));
  }
  if (!request.Header("expect")) return Failed("There is no 100-continue header");
  if (path.database.empty()) return Failed("No database selected.");
  if (path.table.empty()) return Failed("No table selected.");
  return Redirect(request, *BasicCredentials(request));
}

HttpResponse Frontend::Redirect(const HttpRequest& request, const Credentials& credentials) {
  HttpResponse response;
  response.status = 307;
  response.content_type = "text/html;charset=utf-8";
  response.headers.emplace_back(
      "Location", fmt::format("http://{}:{}@{}:{}{}", PercentEncoded(credentials.user),
                              PercentEncoded(credentials.password), service_->host,
                              service_->be_http_port, request.raw_target));
  return response;
}

HttpResponse Frontend::Metadata(const HttpRequest& request) {
  if (request.path == "/" || request.path == "/api/health" || request.path == "/api/bootstrap") {
    return Envelope(kOk, "success",
                    Json::object({{"online_backend_num", 1}, {"total_backend_num", 1}}));
  }
  if (auto refused = CheckUser(request)) return *refused;
  if (request.path == "/api/backends") return Backends();
  const std::optional<LoadPath> path = ReadLoadPath(request.path);
  if (path && path->action == "get_load_state") return LoadState(request, path->database);
  if (path && path->action == "_schema") return SchemaOf(*path);
  HttpResponse response = Envelope(kNotFound, "Not Found", "no such page: " + request.path);
  response.status = 404;
  return response;
}

HttpResponse Frontend::LoadState(const HttpRequest& request, const std::string& database) {
  const std::string label = request.Query("label").value_or("");
  if (label.empty()) return Envelope(kBadRequest, "Bad Request", "No label selected");
  if (!service_->store->HasDatabase(database)) {
    return Envelope(kCommonError, "Error", fmt::format("unknown database, database={}", database));
  }
  return Envelope(kOk, "success", service_->transactions->StateOf(database, label));
}

HttpResponse Frontend::SchemaOf(const LoadPath& path) {
  const std::shared_ptr<const Table> table = service_->store->Find(path.database, path.table);
  if (table == nullptr) {
    return Envelope(kCommonError, "Error", fmt::format("unknown table, tableName={}", path.table));
  }
  Json properties = Json::array();
  for (const Column& column : table->columns) {
    Json property;
    property["name"] = column.name;
    property["type"] = PrimitiveTypeName(column.type);
    property["comment"] = column.comment;
    const bool replaced = !column.key && table->model == KeysModel::kUnique;
    property["aggregation_type"] = column.key ? ""
                                   : replaced ? "REPLACE"
                                   : column.aggregation == Aggregation::kNone
                                       ? "NONE"
                                       : std::string(AggregationText(column.aggregation));
    if (column.type.kind == TypeKind::kDecimal) {
      property["precision"] = std::to_string(column.type.precision);
      property["scale"] = std::to_string(column.type.scale);
    }
    properties.push_back(std::move(property));
  }
  Json data;
  data["status"] = 200;
  data["keysType"] = table->model == KeysModel::kUnique      ? "UNIQUE_KEYS"
                     : table->model == KeysModel::kAggregate ? "AGG_KEYS"
                                                             : "DUP_KEYS";
  data["tableType"] = "OLAP";
  data["properties"] = std::move(properties);
  return Envelope(kOk, "success", std::move(data));
}

HttpResponse Frontend::Backends() {
  Json backend;
  backend["ip"] = service_->host;
  backend["http_port"] = service_->be_http_port;
  backend["is_alive"] = true;
  Json data;
  data["backends"] = Json::array({std::move(backend)});
  return Envelope(kOk, "success", std::move(data));
}

std::unique_ptr<HttpExchange> Frontend::OwnPage(HttpRequest request) {
  const std::string page = request.path.substr(kOwnPages.size());
  HttpResponse response;
  if (page == "stats") {
    Json stats;
    stats["loads"] = service_->totals->loads.load();
    stats["rows"] = service_->totals->rows.load();
    stats["bytes"] = service_->totals->bytes.load();
    response.body = Dump(stats) + "\n";
    return Answer(std::move(response));
  }
  if (page != "faults") {
    response.status = 404;
    return Answer(std::move(response));
  }
  FaultBoard* const faults = service_->faults;
  if (request.method == "PUT" || request.method == "POST") {
    return AnswerWithBody([faults, append = request.method == "POST"](const std::string& body) {
      HttpResponse answer;
      if (const std::optional<std::string> message = faults->Set(body, append)) {
        answer.status = 400;
        answer.body = *message + "\n";
      } else {
        answer.body = faults->Show();
      }
      return answer;
    });
  }
  if (request.method == "DELETE") faults->Clear();
  response.body = faults->Show();
  return Answer(std::move(response));
}

}  // namespace millrace::minidoris
