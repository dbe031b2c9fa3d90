// The frontend's HTTP side: admission and redirect of loads, metadata, and minidoris's own
// `/api/_minidoris/` pages (faults, stats).
#pragma once

#include <memory>
#include <string>

#include "http/exchange.h"
#include "minidoris/frontend/instance.h"
#include "minidoris/frontend/load_path.h"

namespace millrace::minidoris {

class Frontend final : public http::Service {
 public:
  explicit Frontend(Instance* instance) : instance_(instance) {}
  std::unique_ptr<http::Exchange> Open(http::Request request) override;

 private:
  http::Response AdmitLoad(const http::Request& request, const LoadPath& path);
  http::Response Redirect(const http::Request& request, const http::Credentials& credentials);
  http::Response Metadata(const http::Request& request);
  http::Response LoadState(const http::Request& request, const std::string& database);
  http::Response SchemaOf(const LoadPath& path);
  http::Response Backends();
  std::unique_ptr<http::Exchange> OwnPage(const http::Request& request);
  http::Response SetFaults(const std::string& json, bool append);

  Instance* const instance_;
};

}  // namespace millrace::minidoris
