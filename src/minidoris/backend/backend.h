// The backend's HTTP side: loads, 2PC, error logs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "http/exchange.h"
#include "minidoris/frontend/instance.h"

namespace millrace::minidoris {

class Backend final : public http::Service {
 public:
  explicit Backend(Instance* instance) : instance_(instance) {}
  std::unique_ptr<http::Exchange> Open(http::Request request) override;

 private:
  http::Response TwoPhaseCommit(const http::Request& request, const std::string& database);
  // With the fault, if there is one, that is set for the operation.
  http::Response Operate(const std::string& database, const std::string& operation,
                         std::optional<int64_t> id, const std::optional<std::string>& label);
  http::Response ErrorLog(const http::Request& request);

  Instance* const instance_;
};

}  // namespace millrace::minidoris
