#include "connectors/mysql/binlog/logged_statement.h"

#include <algorithm>

#include "base/ascii.h"

namespace millrace::mysql {
namespace {

constexpr size_t kFirstWordMax = 16;

bool IsNameByte(char c) {
  const auto byte = static_cast<uint8_t>(c);
  const char lower = static_cast<char>(c | 0x20);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         byte >= 0x80;
}

// The end of the comment that `text` starts with; 0 if it starts with none. What is in /*! or /*M!
// and the number of a version is executed, so only the marks are passed over.
size_t CommentEnd(std::string_view text) {
  const bool line = text.starts_with('#') || text.starts_with("-- ");
  if (line) return std::min(text.find('\n'), text.size() - 1) + 1;
  if (text.starts_with("*/")) return 2;
  if (!text.starts_with("/*")) return 0;
  for (const std::string_view executed : {"/*!", "/*M!"}) {
    if (!text.starts_with(executed)) continue;
    return std::min(text.find_first_not_of("0123456789", executed.size()), text.size());
  }
  const size_t end = text.find("*/", 2);
  return end == std::string_view::npos ? text.size() : end + 2;
}

// Takes what is quoted off the front of `text`; the quote stands twice for itself.
std::string TakeQuoted(std::string_view* text) {
  const char quote = text->front();
  std::string name;
  size_t at = 1;
  for (; at < text->size(); ++at) {
    const char c = (*text)[at];
    if (c == '\\' && quote != '`') {
      ++at;
      continue;
    }
    if (c == quote) {
      if (at + 1 >= text->size() || (*text)[at + 1] != quote) break;
      ++at;
    }
    name += c;
  }
  text->remove_prefix(std::min(at + 1, text->size()));
  return name;
}

}  // namespace

std::vector<std::string> WordsOf(std::string_view statement) {
  std::vector<std::string> words;
  while (!statement.empty()) {
    const char c = statement.front();
    if (const size_t end = CommentEnd(statement); end > 0) {
      statement.remove_prefix(end);
    } else if (c == '\'' || c == '"' || c == '`') {
      std::string name = TakeQuoted(&statement);
      if (c != '\'') words.push_back(std::move(name));
    } else if (IsNameByte(c)) {
      const auto* name_end = std::find_if_not(statement.begin(), statement.end(), IsNameByte);
      const auto length = static_cast<size_t>(name_end - statement.begin());
      words.emplace_back(statement.substr(0, length));
      statement.remove_prefix(length);
    } else {
      if (c != ' ' && c != '\t' && c != '\n' && c != '\r') words.emplace_back(1, c);
      statement.remove_prefix(1);
    }
  }
  return words;
}

std::string FirstWordOf(std::string_view statement) {
  statement = Trim(statement);
  for (size_t end = CommentEnd(statement); end > 0; end = CommentEnd(statement)) {
    statement = Trim(statement.substr(end));
  }
  size_t length = 0;
  while (length < statement.size() && length < kFirstWordMax &&
         ((statement[length] | 0x20) >= 'a' && (statement[length] | 0x20) <= 'z')) {
    ++length;
  }
  return ToUpper(statement.substr(0, length));
}

}  // namespace millrace::mysql
