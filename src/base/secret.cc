#include "base/secret.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"

namespace millrace {
namespace {

constexpr std::string_view kWords[] = {"password", "secret", "token", "auth", "credential"};
// Shorter values are only replaced where a message quotes them: they would be found in any word.
constexpr size_t kReplacedAnywhereMin = 4;

bool IsKeyByte(char c) { return IsLetterOrDigit(c) || c == '_' || c == '-' || c == '.'; }

// "author" is a name of columns, not the beginning of "authorization".
bool Mentions(std::string_view key, std::string_view word) {
  for (size_t at = key.find(word); at != key.npos; at = key.find(word, at + 1)) {
    const std::string_view rest = key.substr(at);
    if (!rest.starts_with("author") || rest.starts_with("authoriz")) return true;
  }
  return false;
}

size_t SkipBlanks(std::string_view sql, size_t at) {
  while (at < sql.size() && IsBlank(sql[at])) ++at;
  return at;
}

// The value that follows a key at `at`: with = and quotes, without one of the two, or none at all.
Span ValueAfter(std::string_view sql, size_t at) {
  if (at < sql.size() && (sql[at] == '\'' || sql[at] == '`')) ++at;
  at = SkipBlanks(sql, at);
  const bool has_equal = at < sql.size() && sql[at] == '=';
  if (has_equal) at = SkipBlanks(sql, at + 1);
  if (at >= sql.size()) return {};
  if (sql[at] != '\'') {
    size_t end = at;
    while (end < sql.size() && !IsBlank(sql[end]) && sql[end] != ';' && sql[end] != ',' &&
           sql[end] != ')' && sql[end] != '\'') {
      ++end;
    }
    return has_equal ? Span{at, end} : Span{};
  }
  const size_t begin = ++at;
  for (; at < sql.size(); ++at) {
    if (sql[at] != '\'') continue;
    if (at + 1 < sql.size() && sql[at + 1] == '\'') {
      ++at;
    } else {
      break;
    }
  }
  return {begin, std::min(at, sql.size())};
}

// The password of an address whose "://" is at `at`.
Span PasswordAfter(std::string_view sql, size_t at) {
  size_t colon = std::string_view::npos;
  for (at += 3; at < sql.size(); ++at) {
    const char c = sql[at];
    if (c == '@') return colon == std::string_view::npos ? Span{} : Span{colon + 1, at};
    if (IsBlank(c) || c == '/' || c == '\'') return {};
    if (c == ':' && colon == std::string_view::npos) colon = at;
  }
  return {};
}

bool MayMask(std::string_view value) { return !value.empty() && !value.starts_with("${"); }

void ReplaceAll(std::string* text, std::string_view what, std::string_view with) {
  for (size_t at = text->find(what); at != std::string::npos; at = text->find(what, at)) {
    text->replace(at, what.size(), with);
    at += with.size();
  }
}

}  // namespace

bool IsSecretKey(std::string_view key) {
  const std::string lower = ToLower(key);
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](std::string_view word) { return Mentions(lower, word); });
}

std::vector<Span> FindSecrets(std::string_view sql) {
  std::vector<Span> found;
  for (size_t at = 0; at < sql.size();) {
    Span secret;
    size_t end = at + 1;
    if (IsKeyByte(sql[at])) {
      while (end < sql.size() && IsKeyByte(sql[end])) ++end;
      if (IsSecretKey(sql.substr(at, end - at))) secret = ValueAfter(sql, end);
    } else if (sql.substr(at).starts_with("://")) {
      secret = PasswordAfter(sql, at);
    }
    at = end;
    if (!MayMask(sql.substr(secret.begin, secret.end - secret.begin))) continue;
    found.push_back(secret);
    at = secret.end;
  }
  return found;
}

std::string WithoutSecrets(std::string message, std::string_view sql,
                           const std::vector<Span>& secrets) {
  for (const Span& span : secrets) {
    const std::string value(sql.substr(span.begin, span.end - span.begin));
    if (value.size() >= kReplacedAnywhereMin) {
      ReplaceAll(&message, value, kRedacted);
    } else {
      ReplaceAll(&message, "'" + value + "'", "'" + std::string(kRedacted) + "'");
      ReplaceAll(&message, Quoted(value), Quoted(kRedacted));
    }
  }
  return message;
}

}  // namespace millrace
