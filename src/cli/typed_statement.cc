#include "cli/typed_statement.h"

#include <algorithm>

namespace millrace {

TypedStatement::TypedStatement(std::string_view text) : text_(text), words_(ScanWords(text)) {
  if (words_.empty() || words_.back().end != text.size()) return;
  const Word& last = words_.back();
  const bool quoted = last.kind == WordKind::kText || last.kind == WordKind::kName;
  if (last.kind == WordKind::kSymbol || (quoted && last.closed)) return;
  prefix_ = text.substr(last.begin + (quoted ? 1 : 0));
  quote_ = quoted ? text[last.begin] : '\0';
  words_.pop_back();
}

const Word* TypedStatement::WordBefore(size_t distance) const {
  return distance < words_.size() ? &words_[words_.size() - 1 - distance] : nullptr;
}

bool TypedStatement::Before(size_t distance, char symbol) const {
  return WordBefore(distance) != nullptr && WordBefore(distance)->IsSymbol(symbol);
}

bool TypedStatement::Before(size_t distance, std::string_view upper) const {
  return WordBefore(distance) != nullptr && WordBefore(distance)->Is(upper);
}

std::string TypedStatement::At(size_t distance) const {
  return WordBefore(distance) != nullptr ? WordBefore(distance)->text : "";
}

bool TypedStatement::StartsWith(std::string_view upper) const {
  return !words_.empty() && words_[0].Is(upper);
}

std::string TypedStatement::ConnectorName() const {
  for (size_t i = 0; i + 2 < words_.size(); ++i) {
    const bool key = words_[i].kind == WordKind::kText && words_[i].text == "connector";
    if (key && words_[i + 1].IsSymbol('=')) return words_[i + 2].text;
  }
  return {};
}

std::string TypedStatement::TableOf(const std::string& name,
                                    const std::vector<std::string>& tables) const {
  const auto is_table = [&](const std::string& text) {
    return std::find(tables.begin(), tables.end(), text) != tables.end();
  };
  if (is_table(name)) return name;
  for (size_t i = 1; i < words_.size(); ++i) {
    if (words_[i].text != name) continue;
    const size_t before = words_[i - 1].Is("AS") && i > 1 ? i - 2 : i - 1;
    if (is_table(words_[before].text)) return words_[before].text;
  }
  return name;
}

}  // namespace millrace
