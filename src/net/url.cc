#include "net/url.h"

#include "base/ascii.h"
#include "base/encode.h"
#include "base/quote.h"

namespace millrace {
namespace {

constexpr std::string_view kSchemeEnd = "://";

// Where the authority that starts at `begin` ends.
size_t AuthorityEnd(std::string_view text, size_t begin) {
  const size_t end = text.find_first_of("/?# \t\r\n\"'<>", begin);
  return end == std::string_view::npos ? text.size() : end;
}

bool IsUnreserved(char c) {
  return IsLetterOrDigit(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

}  // namespace

std::optional<Url> ParseUrl(std::string_view text) {
  const size_t scheme_end = text.find(kSchemeEnd);
  if (scheme_end == std::string_view::npos) return std::nullopt;
  Url url;
  url.scheme = ToLower(text.substr(0, scheme_end));
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  const size_t begin = scheme_end + kSchemeEnd.size();
  const size_t end = AuthorityEnd(text, begin);
  std::string_view authority = text.substr(begin, end - begin);
  const size_t at = authority.rfind('@');
  if (at != std::string_view::npos) authority.remove_prefix(at + 1);
  if (authority.empty()) return std::nullopt;
  url.authority = authority;
  url.target = text.substr(end, text.find('#', end) - end);
  if (url.target.empty() || url.target.front() != '/') url.target.insert(0, "/");
  return url;
}

std::string RedactUrls(std::string_view text) {
  std::string result;
  size_t done = 0;
  for (size_t at = text.find(kSchemeEnd); at != std::string_view::npos;
       at = text.find(kSchemeEnd, at)) {
    at += kSchemeEnd.size();
    const size_t end = AuthorityEnd(text, at);
    const size_t mark = text.substr(at, end - at).rfind('@');
    if (mark == std::string_view::npos) continue;
    result.append(text.substr(done, at - done)).append(kRedacted);
    done = at + mark;
  }
  result.append(text.substr(done));
  return result;
}

std::string EscapeSegment(std::string_view segment) {
  std::string result;
  for (const char c : segment) {
    if (IsUnreserved(c)) {
      result += c;
    } else {
      result += '%';
      AppendHex({&c, 1}, kUpperHexDigits, &result);
    }
  }
  return result;
}

std::string BasicAuthorization(std::string_view user, std::string_view password) {
  return "Basic " + ToBase64(std::string(user) + ":" + std::string(password));
}

}  // namespace millrace
