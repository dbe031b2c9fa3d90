#include "cli/words.h"

#include <algorithm>

#include "base/ascii.h"

namespace millrace {
namespace {

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The end of the comment or the blank that begins at `at`; `at` if none does.
size_t SkipBlank(std::string_view sql, size_t at) {
  const std::string_view rest = sql.substr(at);
  if (!rest.empty() && (rest[0] == ' ' || (rest[0] >= '\t' && rest[0] <= '\r'))) return at + 1;
  // Slashes of "file:///folder" open no comment.
  const bool in_address = at > 0 && (sql[at - 1] == ':' || sql[at - 1] == '/');
  if (rest.starts_with("--") || (rest.starts_with("//") && !in_address)) {
    return std::min(sql.find('\n', at), sql.size());
  }
  if (rest.starts_with("/*") && !rest.starts_with("/*+")) {
    const size_t end = sql.find("*/", at + 2);
    return end == std::string_view::npos ? sql.size() : end + 2;
  }
  return at;
}

Word TakeQuoted(std::string_view sql, size_t at) {
  const char quote = sql[at];
  Word word{quote == '`' ? WordKind::kName : WordKind::kText, "", at, sql.size(), false};
  for (size_t i = at + 1; i < sql.size(); ++i) {
    if (sql[i] != quote) {
      word.text += sql[i];
    } else if (i + 1 < sql.size() && sql[i + 1] == quote) {
      word.text += sql[i++];
    } else {
      word.closed = true;
      word.end = i + 1;
      break;
    }
  }
  return word;
}

}  // namespace

bool Word::Is(std::string_view upper) const {
  return kind == WordKind::kWord && EqualsIgnoreCase(text, upper);
}

std::vector<Word> ScanWords(std::string_view sql) {
  std::vector<Word> words;
  for (size_t at = 0; at < sql.size();) {
    if (const size_t after = SkipBlank(sql, at); after > at) {
      at = after;
      continue;
    }
    if (sql[at] == '\'' || sql[at] == '`') {
      words.push_back(TakeQuoted(sql, at));
    } else {
      size_t end = at + 1;
      const bool is_word = IsWordByte(sql[at]);
      while (is_word && end < sql.size() && IsWordByte(sql[end])) ++end;
      words.push_back({is_word ? WordKind::kWord : WordKind::kSymbol,
                       std::string(sql.substr(at, end - at)), at, end});
    }
    at = words.back().end;
  }
  return words;
}

}  // namespace millrace
