#include "minidoris/query/pattern.h"

namespace millrace::minidoris {

bool MatchesPattern(std::string_view text, std::string_view pattern) {
  size_t at = 0;  // in the text
  size_t next = 0;
  // Where to go on if what follows the last % does not match here: one byte later. An earlier %
  // need not be tried again, so the time is at most that of comparing everything with everything.
  size_t retry_at = 0;
  size_t retry_next = pattern.npos;
  while (at < text.size()) {
    if (next < pattern.size() && pattern[next] == '%') {
      retry_next = ++next;
      retry_at = at;
      continue;
    }
    const bool escaped = next + 1 < pattern.size() && pattern[next] == '\\';
    const size_t literal = next + (escaped ? 1 : 0);
    if (literal < pattern.size() &&
        (pattern[literal] == text[at] || (!escaped && pattern[literal] == '_'))) {
      next = literal + 1;
      ++at;
      continue;
    }
    if (retry_next == pattern.npos) return false;
    at = ++retry_at;
    next = retry_next;
  }
  while (next < pattern.size() && pattern[next] == '%') ++next;
  return next == pattern.size();
}

std::optional<std::string> AcceptLike(TokenCursor* cursor) {
  if (!cursor->AcceptWord("LIKE")) return std::nullopt;
  return cursor->AcceptString();
}

bool Passes(const std::optional<std::string>& pattern, std::string_view name) {
  return !pattern || MatchesPattern(name, *pattern);
}

}  // namespace millrace::minidoris
