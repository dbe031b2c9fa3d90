#include "http/message.h"

#include "base/ascii.h"
#include "base/encode.h"

namespace millrace::http {
namespace {

std::optional<std::string> Lookup(const std::map<std::string, std::string>& map,
                                  std::string_view name) {
  const auto found = map.find(std::string(name));
  if (found == map.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::optional<std::string> Request::Header(std::string_view lower_case_name) const {
  return Lookup(headers, lower_case_name);
}

std::optional<std::string> Request::Query(std::string_view name) const {
  return Lookup(query, name);
}

std::optional<Credentials> BasicCredentials(const Request& request) {
  constexpr std::string_view kScheme = "basic ";
  const std::optional<std::string> header = request.Header("authorization");
  if (!header || !EqualsIgnoreCase(header->substr(0, kScheme.size()), kScheme)) return std::nullopt;
  const auto plain = FromBase64(Trim(std::string_view(*header).substr(kScheme.size())));
  if (!plain) return std::nullopt;
  const size_t colon = plain->find(':');
  if (colon == plain->npos) return std::nullopt;
  return Credentials{plain->substr(0, colon), plain->substr(colon + 1)};
}

}  // namespace millrace::http
