// The backend's HTTP side: loads, 2PC, error logs.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/server.h"
#include "minidoris/service.h"

namespace millrace::minidoris {

class Backend final : public HttpService {
 public:
  explicit Backend(Service* service) : service_(service) {}
  std::unique_ptr<HttpExchange> Open(HttpRequest request) override;

 private:
  HttpResponse TwoPhaseCommit(const HttpRequest& request, const std::string& database);
  HttpResponse ErrorLog(const HttpRequest& request);

  Service* const service_;
};

// `/api/{db}/{table}/_stream_load` and its relatives taken apart; both sides serve them.
struct LoadPath {
  std::string database;
  std::string table;  // empty for /api/{db}/<action>
  std::string action;
};
std::optional<LoadPath> ReadLoadPath(const std::string& path);

}  // namespace millrace::minidoris
