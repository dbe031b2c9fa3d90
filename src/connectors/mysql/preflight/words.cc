#include "connectors/mysql/preflight/words.h"

#include <algorithm>

#include "base/ascii.h"

namespace millrace::mysql {

bool Word::Is(std::string_view keyword) const {
  return !is_name && EqualsIgnoreCase(text, keyword);
}

std::optional<Word> Words::Next() {
  rest_ = Trim(rest_);
  if (rest_.empty()) return std::nullopt;
  const char first = rest_[0];
  if (first == '`' || first == '"') return Name(first);
  size_t size = 0;
  const auto is_plain = [](char c) { return IsLetterOrDigit(c) || c == '_' || c == '$'; };
  while (size < rest_.size() && is_plain(rest_[size])) ++size;
  size = std::max<size_t>(size, 1);
  Word word{std::string(rest_.substr(0, size))};
  rest_.remove_prefix(size);
  return word;
}

Word Words::Name(char quote) {
  Word word{"", true};
  size_t at = 1;
  for (; at < rest_.size(); ++at) {
    if (rest_[at] == quote && at + 1 < rest_.size() && rest_[at + 1] == quote) {
      ++at;
    } else if (rest_[at] == quote) {
      break;
    }
    word.text += rest_[at];
  }
  rest_.remove_prefix(std::min(at + 1, rest_.size()));
  return word;
}

}  // namespace millrace::mysql
