// The frontend's HTTP side: admission and redirect of loads, metadata, and this stand-in's own
// `/api/_minidoris/` pages (faults, stats).
#pragma once

#include <memory>
#include <string>

#include "http/server.h"
#include "minidoris/backend/backend.h"
#include "minidoris/service.h"

namespace millrace::minidoris {

class Frontend final : public HttpService {
 public:
  explicit Frontend(Service* service) : service_(service) {}
  std::unique_ptr<HttpExchange> Open(HttpRequest request) override;

 private:
  HttpResponse AdmitLoad(const HttpRequest& request, const LoadPath& path);
  HttpResponse Redirect(const HttpRequest& request, const Credentials& credentials);
  HttpResponse Metadata(const HttpRequest& request);
  HttpResponse LoadState(const HttpRequest& request, const std::string& database);
  HttpResponse SchemaOf(const LoadPath& path);
  HttpResponse Backends();
  std::unique_ptr<HttpExchange> OwnPage(HttpRequest request);

  Service* const service_;
};

}  // namespace millrace::minidoris
