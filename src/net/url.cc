#include "net/url.h"

#include "base/text.h"

namespace millrace {
namespace {

constexpr std::string_view kSchemeEnd = "://";

// Where the authority that starts at `begin` ends.
size_t AuthorityEnd(std::string_view text, size_t begin) {
  const size_t end = text.find_first_of("/?# \t\r\n\"'<>", begin);
  return end == std::string_view::npos ? text.size() : end;
}

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
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
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string result;
  for (const char c : segment) {
    if (IsUnreserved(c)) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += '%';
      result += kHex[byte >> 4];
      result += kHex[byte & 15];
    }
  }
  return result;
}

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (size_t k = 0; k < 4; ++k) {
      result += i + k <= bytes.size() ? kDigits[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return result;
}

std::string BasicAuthorization(std::string_view user, std::string_view password) {
  return "Basic " + Base64(std::string(user) + ":" + std::string(password));
}

}  // namespace millrace
