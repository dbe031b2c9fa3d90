// URLs: their parts as in java.net.URL, and the encoding of their parameters.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/encode.h"
#include "base/units.h"
#include "expr/functions/resolve.h"

namespace millrace {
namespace {

struct Url {
  std::string protocol;
  std::optional<std::string_view> authority;
  std::optional<std::string_view> user;
  std::string_view host;
  std::string_view path;
  std::string_view file;  // path and query
  std::optional<std::string_view> query;
  std::optional<std::string_view> fragment;
};

std::optional<Url> ParseUrl(std::string_view text) {
  constexpr std::array<std::string_view, 6> kProtocols = {"http", "https", "ftp",
                                                          "file", "jar",   "mailto"};
  Url url;
  text = Trim(text);
  const size_t colon = text.find(':');
  if (colon == text.npos) return std::nullopt;
  url.protocol = ToLower(text.substr(0, colon));
  if (std::find(kProtocols.begin(), kProtocols.end(), url.protocol) == kProtocols.end()) {
    return std::nullopt;
  }
  text.remove_prefix(colon + 1);
  if (const size_t hash = text.find('#'); hash != text.npos) {
    url.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const size_t end = std::min(text.find_first_of("/?"), text.size());
    url.authority = text.substr(0, end);
    text.remove_prefix(end);
    std::string_view host = *url.authority;
    if (const size_t at = host.rfind('@'); at != host.npos) {
      url.user = host.substr(0, at);
      host.remove_prefix(at + 1);
    }
    const size_t port = host.find(':', host.starts_with('[') ? host.find(']') : 0);
    if (port != host.npos) {
      const std::string_view digits = host.substr(port + 1);
      if (!digits.empty() && !ParseInteger(digits)) return std::nullopt;
    }
    url.host = host.substr(0, port);
  }
  url.file = text;
  const size_t mark = text.find('?');
  url.path = text.substr(0, mark);
  if (mark != text.npos) url.query = text.substr(mark + 1);
  return url;
}

std::optional<std::string_view> PartOf(const Url& url, std::string_view part) {
  if (part == "HOST") return url.host;
  if (part == "PATH") return url.path;
  if (part == "QUERY") return url.query;
  if (part == "REF") return url.fragment;
  if (part == "PROTOCOL") return url.protocol;
  if (part == "FILE") return url.file;
  if (part == "AUTHORITY") return url.authority;
  if (part == "USERINFO") return url.user;
  return std::nullopt;
}

std::optional<std::string_view> Parameter(std::string_view query, std::string_view key) {
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.starts_with(key) && pair.substr(key.size()).starts_with('=')) {
      return pair.substr(key.size() + 1);
    }
  }
  return std::nullopt;
}

Status Parse(const FunctionCall& call, Cell* out) {
  *out = Cell::Null();
  const std::optional<Url> url = ParseUrl(call.Text(0));
  if (!url) return Status::Ok();
  std::optional<std::string_view> part = PartOf(*url, call.Text(1));
  if (call.count() > 2) {
    part = part && call.Text(1) == "QUERY" ? Parameter(*part, call.Text(2)) : std::nullopt;
  }
  if (part) *out = Cell::Text(call.arena->Copy(*part));
  return Status::Ok();
}

Status UrlEncode(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  char* target = call.arena->Allocate(3 * text.size());
  size_t size = 0;
  for (const char c : text) {
    const bool plain = IsLetterOrDigit(c) || c == '.' || c == '-' || c == '*' || c == '_';
    if (plain || c == ' ') {
      target[size++] = plain ? c : '+';
      continue;
    }
    target[size++] = '%';
    WriteHex({&c, 1}, kUpperHexDigits, target + size);
    size += 2;
  }
  call.arena->Shrink(3 * text.size(), size);
  *out = Cell::Text({target, size});
  return Status::Ok();
}

// NULL for an invalid %.
Status UrlDecode(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  char* target = call.arena->Allocate(text.size());
  size_t size = 0;
  *out = Cell::Null();
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      target[size++] = text[at] == '+' ? ' ' : text[at];
      continue;
    }
    if (at + 2 >= text.size()) return Status::Ok();
    const int high = HexValue(text[at + 1]);
    const int low = HexValue(text[at + 2]);
    if (high < 0 || low < 0) return Status::Ok();
    target[size++] = static_cast<char>(high * 16 + low);
    at += 2;
  }
  *out = Cell::Text({target, size});
  return Status::Ok();
}

constexpr Function kFunctions[] = {
    {"URL_ENCODE", "URL_ENCODE(STRING) -> STRING", 1, 1, "t", Returns<kStringType>, Op::kCall,
     UrlEncode, "The string encoded as application/x-www-form-urlencoded."},
    {"URL_DECODE", "URL_DECODE(STRING) -> STRING", 1, 1, "t", ReturnsNullable<kStringType>,
     Op::kCall, UrlDecode,
     "The string decoded from application/x-www-form-urlencoded; NULL if it is invalid."},
    {"PARSE_URL", "PARSE_URL(STRING, STRING [, STRING]) -> STRING", 2, 3, "t",
     ReturnsNullable<kStringType>, Op::kCall, Parse,
     "One part: HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY or USERINFO; with a third "
     "argument the value of that key in QUERY."},
};

}  // namespace

std::span<const Function> UrlFunctions() { return kFunctions; }

}  // namespace millrace
