#include "minidoris/service.h"

#include <fmt/format.h>

namespace millrace::minidoris {

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
    Wait(service->clock, fault->delay_ms);
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

void Wait(Clock* clock, int64_t delay_ms) {
  if (delay_ms > 0) clock->SleepMs(delay_ms);
}

}  // namespace millrace::minidoris
