#include "minidoris/service.h"

#include <fmt/format.h>

#include <algorithm>

namespace millrace::minidoris {
namespace {

constexpr int64_t kDelayStepMs = 20;

}  // namespace

bool IsKnownUser(const Credentials& credentials) {
  return (credentials.user == "root" || credentials.user == "admin") &&
         credentials.password.empty();
}

std::string AccessDenied(const Credentials& credentials) {
  return fmt::format("Access denied for user '{}' (using password: {})", credentials.user,
                     credentials.password.empty() ? "NO" : "YES");
}

std::optional<HttpResponse> MeetFault(Service* service, std::string_view at) {
  const std::optional<Fault> fault = service->faults->Take(at);
  if (!fault) return std::nullopt;
  HttpResponse response;
  response.delay_ms = fault->delay_ms;
  if (fault->action == "delay") {
    Wait(service, fault->delay_ms);
    return std::nullopt;
  }
  if (fault->action == "drop") {
    response.drop = true;
  } else if (fault->action == "unavailable") {
    response.status = 503;
    response.content_type = "text/plain";
    response.body = "Service Unavailable\n";
  } else {
    response.body = "{\"status\":\"FAILED\",\"msg\":\"injected fault\"}";
  }
  return response;
}

void Wait(Service* service, int64_t delay_ms) {
  const int64_t end = service->clock->NowMs() + delay_ms;
  for (int64_t left = delay_ms; left > 0 && !service->stopping;
       left = end - service->clock->NowMs()) {
    service->clock->SleepMs(std::min(left, kDelayStepMs));
  }
}

}  // namespace millrace::minidoris
