#include "net/redirect.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"

namespace millrace {
namespace {

constexpr size_t kLocationShownMax = 200;

// "host:port" in lower case. The colons of an IPv6 address are inside of brackets.
std::string WithPort(std::string_view authority, std::string_view scheme) {
  std::string text = ToLower(authority);
  const size_t colon = text.rfind(':');
  const size_t bracket = text.rfind(']');
  const bool has_port =
      colon != std::string::npos && (bracket == std::string::npos || bracket < colon);
  if (!has_port) text += scheme == "https" ? ":443" : ":80";
  return text;
}

}  // namespace

bool IsRedirect(int http_status) {
  return http_status == 301 || http_status == 302 || http_status == 307 || http_status == 308;
}

bool IsOnHost(const Url& url, const std::vector<std::string>& hosts) {
  const std::string wanted = WithPort(url.authority, url.scheme);
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](const std::string& host) { return WithPort(host, url.scheme) == wanted; });
}

Result<Url> FollowRedirect(const Url& from, std::string_view location,
                           const RedirectPolicy& policy) {
  const std::optional<Url> next = ParseUrl(location);
  if (!next) {
    return Status::Transient(fmt::format("{}: redirect without a usable Location: {}", from.Text(),
                                         RedactUrls(location.substr(0, kLocationShownMax))));
  }
  if (from.scheme == "https" && next->scheme != "https") {
    return Status::Permanent(
        fmt::format("{}: redirected from https to {}://{}; refused, because the password would be "
                    "sent without encryption",
                    from.Text(), next->scheme, next->authority));
  }
  if (!policy.hosts.empty() && !IsOnHost(*next, policy.hosts)) {
    return Status::Permanent(fmt::format(
        "{}: redirected to {}; refused, because that is not one of the given hosts ({})",
        from.Text(), next->authority, Join(policy.hosts, ", ")));
  }
  return *next;
}

}  // namespace millrace
