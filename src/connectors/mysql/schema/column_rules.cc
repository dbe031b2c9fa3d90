#include "connectors/mysql/schema/column_rules.h"

#include "connectors/mysql/passed_on_options.h"

namespace millrace::mysql {
namespace {

std::optional<NamePattern> PatternOf(const Options& options, std::string_view key) {
  return options.Given(key) ? std::optional<NamePattern>(options.Text(key)) : std::nullopt;
}

}  // namespace

ColumnRules::ColumnRules(const Options* options) {
  if (options == nullptr) return;
  excluded_ = PatternOf(*options, kColumnExcludeList);
  included_ = PatternOf(*options, kColumnIncludeList);
  masked_ = Parse(*options, kColumnMask);
  cut_ = Parse(*options, kColumnTruncate);
}

ColumnRules::ByNumber ColumnRules::Parse(const Options& options, std::string_view prefix) {
  ByNumber patterns;
  for (const auto& [end, text] : options.WithPrefix(prefix)) {
    patterns.emplace_back(ParseCharacters(end).value_or(0), NamePattern(text));
  }
  return patterns;
}

std::optional<uint32_t> ColumnRules::Find(const ByNumber& patterns, const std::string& column) {
  for (const auto& [number, pattern] : patterns) {
    if (pattern.Matches(column)) return number;
  }
  return std::nullopt;
}

bool ColumnRules::IsExcluded(const std::string& column) const {
  return (excluded_ && excluded_->Matches(column)) || (included_ && !included_->Matches(column));
}

std::optional<uint32_t> ColumnRules::MaskOf(const std::string& column) const {
  return Find(masked_, column);
}

std::optional<uint32_t> ColumnRules::LengthOf(const std::string& column) const {
  return Find(cut_, column);
}

}  // namespace millrace::mysql
