#include "minidoris/frontend/instance.h"

#include <fmt/format.h>

#include <algorithm>

namespace millrace::minidoris {
namespace {

constexpr int64_t kDelayStepMs = 20;

}  // namespace

std::optional<http::Credentials> CredentialsOf(const http::Request& request) {
  std::optional<http::Credentials> credentials = http::BasicCredentials(request);
  if (credentials) credentials->user = credentials->user.substr(0, credentials->user.find('@'));
  return credentials;
}

bool IsKnownUser(const http::Credentials& credentials) {
  return (credentials.user == "root" || credentials.user == "admin") &&
         credentials.password.empty();
}

std::string AccessDenied(const http::Credentials& credentials) {
  return fmt::format("Access denied for user '{}' (using password: {})", credentials.user,
                     credentials.password.empty() ? "NO" : "YES");
}

std::optional<http::Response> InjectFault(Instance* instance, std::string_view at) {
  const std::optional<Fault> fault = instance->faults->Take(at);
  if (!fault) return std::nullopt;
  Wait(instance, fault->delay_ms);
  if (fault->action == "delay") return std::nullopt;
  http::Response response;
  if (fault->action == "drop") {
    response.drop = true;
  } else if (fault->action == "unavailable") {
    response.status = 503;
    response.content_type = "text/plain";
    response.body = "Service Unavailable\n";
  } else {
    response.body = R"({"status":"FAILED","msg":"injected fault"})";
  }
  return response;
}

void Wait(Instance* instance, int64_t delay_ms) {
  const int64_t end = instance->clock->NowMs() + delay_ms;
  for (int64_t left = delay_ms; left > 0 && !instance->stopping;
       left = end - instance->clock->NowMs()) {
    instance->clock->SleepMs(std::min(left, kDelayStepMs));
  }
}

}  // namespace millrace::minidoris
