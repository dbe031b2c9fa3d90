#include "connectors/mysql/schema/name_pattern.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"

namespace millrace::mysql {

NamePattern::NamePattern(std::string_view text) : text_(text) {
  for (const std::string& alternative : SplitAlternatives(text)) {
    // Checked by the options; what is not a regular expression matches nothing.
    std::optional<Regex> regex =
        Regex::Compile(alternative, Regex::Match::kWhole, Regex::Case::kIgnored);
    if (regex) alternatives_.push_back(std::move(*regex));
  }
}

bool NamePattern::Matches(const std::string& name) const {
  std::lock_guard lock(*mutex_);
  return std::any_of(alternatives_.begin(), alternatives_.end(), [&](Regex& regex) {
    const Result<bool> found = regex.Find(name);
    return found.ok() && *found;
  });
}

std::vector<std::string> NamePattern::SplitAlternatives(std::string_view text) {
  std::vector<std::string> alternatives;
  std::string alternative;
  int depth = 0;
  const auto finish = [&] {
    const std::string trimmed(Trim(alternative));
    if (!trimmed.empty()) alternatives.push_back(trimmed);
    alternative.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      const bool comma = text[i + 1] == ',';
      if (!comma) alternative += c;
      alternative += text[++i];
      continue;
    }
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c == ',' && depth == 0) {
      finish();
    } else {
      alternative += c;
    }
  }
  finish();
  return alternatives;
}

}  // namespace millrace::mysql
