#include "minidoris/frontend/frontend.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/encode.h"
#include "base/json.h"

namespace millrace::minidoris {
namespace {

constexpr int kOk = 0;
constexpr int kCommonError = 1;
constexpr int kUnauthorized = 401;
constexpr int kBadRequest = 403;  // sic
constexpr int kNotFound = 404;
constexpr std::string_view kOwnPages = "/api/_minidoris/";

// {"msg","code","data","count"}
http::Response Envelope(int code, std::string_view message, Json data) {
  http::Response response;
  response.body =
      Json::Object({{"msg", message}, {"code", code}, {"data", std::move(data)}, {"count", 0}})
          .ToText();
  return response;
}

http::Response Failed(std::string_view message) {
  http::Response response;
  response.body = Json::Object({{"status", "FAILED"}, {"msg", message}}).ToText();
  return response;
}

std::string PercentEncoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (IsLetterOrDigit(c) || c == '-' || c == '_' || c == '.' || c == '~') {
      encoded += c;
    } else {
      encoded += '%';
      AppendHex(std::string_view(&c, 1), kUpperHexDigits, &encoded);
    }
  }
  return encoded;
}

// Nothing if the request is accepted.
std::optional<http::Response> CheckUser(const http::Request& request) {
  const std::optional<http::Credentials> credentials = CredentialsOf(request);
  if (!credentials) return Envelope(kUnauthorized, "Unauthorized", "Need auth information.");
  if (IsKnownUser(*credentials)) return std::nullopt;
  return Envelope(kUnauthorized, "Unauthorized", AccessDenied(*credentials));
}

std::string_view KeysTypeText(KeysModel model) {
  switch (model) {
    case KeysModel::kUnique:
      return "UNIQUE_KEYS";
    case KeysModel::kAggregate:
      return "AGG_KEYS";
    case KeysModel::kDuplicate:
      break;
  }
  return "DUP_KEYS";
}

std::string_view SchemaAggregation(const Table& table, const Column& column) {
  if (column.key) return "";
  if (table.model == KeysModel::kUnique) return "REPLACE";
  return column.aggregation == Aggregation::kNone ? "NONE" : AggregationText(column.aggregation);
}

Json SchemaColumn(const Table& table, const Column& column) {
  Json property = Json::Object({{"name", column.name},
                                {"type", PrimitiveTypeName(column.type)},
                                {"comment", column.comment},
                                {"aggregation_type", SchemaAggregation(table, column)}});
  if (column.type.kind == TypeKind::kDecimal) {
    property.Set("precision", std::to_string(column.type.precision));
    property.Set("scale", std::to_string(column.type.scale));
  }
  return property;
}

}  // namespace

std::unique_ptr<http::Exchange> Frontend::Open(http::Request request) {
  if (request.path.starts_with(kOwnPages)) return OwnPage(request);
  if (auto fault = InjectFault(instance_, "fe")) return http::Answer(*fault);
  const std::optional<LoadPath> path = ReadLoadPath(request.path);
  if (request.method == "PUT" && path &&
      (path->action == "_stream_load" || path->action == "_stream_load_2pc")) {
    return http::Answer(AdmitLoad(request, *path));
  }
  return http::Answer(Metadata(request));
}

http::Response Frontend::AdmitLoad(const http::Request& request, const LoadPath& path) {
  const bool load = path.action == "_stream_load";
  if (const auto group = request.Header("group_commit"); load && group) {
    const std::string mode = ToLower(*group);
    if (mode != "sync_mode" && mode != "async_mode" && mode != "off_mode") {
      return Failed("Header `group_commit` can only be `sync_mode`, `async_mode` or `off_mode`.");
    }
  }
  if (auto refused = CheckUser(request)) return *refused;
  if (!load) {
    const auto has = [&](std::string_view header) {
      return !request.Header(header).value_or("").empty();
    };
    if (!has("txn_id") && !has("label")) {
      return Failed("No transaction id or label selected.");
    }
    if (!has("txn_operation")) {
      return Failed("No transaction operation('commit' or 'abort') selected.");
    }
    return Redirect(request, *CredentialsOf(request));
  }
  if (!request.Header("expect")) return Failed("There is no 100-continue header");
  if (path.database.empty()) return Failed("No database selected.");
  if (path.table.empty()) return Failed("No table selected.");
  return Redirect(request, *CredentialsOf(request));
}

http::Response Frontend::Redirect(const http::Request& request,
                                  const http::Credentials& credentials) {
  http::Response response;
  response.status = 307;
  response.content_type = "text/html;charset=utf-8";
  response.headers.emplace_back(
      "Location", fmt::format("http://{}:{}@{}:{}{}", PercentEncoded(credentials.user),
                              PercentEncoded(credentials.password), instance_->host,
                              instance_->be_http_port, request.raw_target));
  return response;
}

http::Response Frontend::Metadata(const http::Request& request) {
  if (request.path == "/" || request.path == "/api/health" || request.path == "/api/bootstrap") {
    return Envelope(kOk, "success",
                    Json::Object({{"online_backend_num", 1}, {"total_backend_num", 1}}));
  }
  if (auto refused = CheckUser(request)) return *refused;
  if (request.path == "/api/backends") return Backends();
  const std::optional<LoadPath> path = ReadLoadPath(request.path);
  if (path && path->action == "get_load_state") return LoadState(request, path->database);
  if (path && path->action == "_schema") return SchemaOf(*path);
  http::Response response = Envelope(kNotFound, "Not Found", "no such page: " + request.path);
  response.status = 404;
  return response;
}

http::Response Frontend::LoadState(const http::Request& request, const std::string& database) {
  const std::string label = request.Query("label").value_or("");
  if (label.empty()) return Envelope(kBadRequest, "Bad Request", "No label selected");
  if (!instance_->store->HasDatabase(database)) {
    return Envelope(kCommonError, "Error", fmt::format("unknown database, database={}", database));
  }
  return Envelope(kOk, "success", instance_->transactions->StateOf(database, label));
}

http::Response Frontend::SchemaOf(const LoadPath& path) {
  const std::shared_ptr<const Table> table = instance_->store->Find(path.database, path.table);
  if (table == nullptr) {
    return Envelope(kCommonError, "Error", fmt::format("unknown table, tableName={}", path.table));
  }
  Json properties = Json::Array();
  for (const Column& column : table->columns) properties.Append(SchemaColumn(*table, column));
  return Envelope(kOk, "success",
                  Json::Object({{"status", 200},
                                {"keysType", KeysTypeText(table->model)},
                                {"tableType", "OLAP"},
                                {"properties", std::move(properties)}}));
}

http::Response Frontend::Backends() {
  Json backend = Json::Object(
      {{"ip", instance_->host}, {"http_port", instance_->be_http_port}, {"is_alive", true}});
  return Envelope(kOk, "success", Json::Object({{"backends", Json::Array({std::move(backend)})}}));
}

std::unique_ptr<http::Exchange> Frontend::OwnPage(const http::Request& request) {
  const std::string page = request.path.substr(kOwnPages.size());
  http::Response response;
  if (page == "stats") {
    const LoadTotals& totals = *instance_->totals;
    response.body = Json::Object({{"loads", totals.loads.load()},
                                  {"rows", totals.rows.load()},
                                  {"bytes", totals.bytes.load()}})
                        .ToText() +
                    "\n";
    return http::Answer(std::move(response));
  }
  if (page != "faults") {
    response.status = 404;
    return http::Answer(std::move(response));
  }
  if (request.method == "PUT" || request.method == "POST") {
    return http::AnswerWithBody([this, append = request.method == "POST"](const std::string& body) {
      return SetFaults(body, append);
    });
  }
  if (request.method == "DELETE") instance_->faults->Clear();
  response.body = instance_->faults->Show();
  return http::Answer(std::move(response));
}

http::Response Frontend::SetFaults(const std::string& json, bool append) {
  http::Response response;
  if (const Status status = instance_->faults->Set(json, append); !status.ok()) {
    response.status = 400;
    response.content_type = "text/plain";
    response.body = status.message() + "\n";
  } else {
    response.body = instance_->faults->Show();
  }
  return response;
}

}  // namespace millrace::minidoris
