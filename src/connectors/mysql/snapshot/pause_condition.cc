#include "connectors/mysql/snapshot/pause_condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/units.h"

namespace millrace::mysql {
namespace {

using Comparison = PauseCondition::Comparison;

constexpr int64_t kMsPerSecond = 1'000;

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view TextOf(Comparison comparison) {
  switch (comparison) {
    case Comparison::kGreater:
      return ">";
    case Comparison::kGreaterOrEqual:
      return ">=";
    case Comparison::kLess:
      return "<";
    case Comparison::kLessOrEqual:
      return "<=";
  }
  return "";
}

class Parser final {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  // False: see error().
  bool ParseOne(PauseCondition* condition) {
    SkipBlanks();
    const size_t name = at_;
    while (at_ < text_.size() && IsNameByte(text_[at_])) ++at_;
    if (at_ == name) return Fail(name, "expected the name of a status variable");
    condition->variable = ToLower(text_.substr(name, at_ - name));
    SkipBlanks();
    if (!ParseComparison(&condition->comparison)) return false;
    SkipBlanks();
    const size_t value = at_;
    at_ = std::min(text_.find(',', at_), text_.size());
    return ParseValue(value, Trim(text_.substr(value, at_ - value)), condition);
  }

  // Whether one more condition follows.
  bool SkipComma() {
    if (at_ == text_.size()) return false;
    ++at_;
    return true;
  }

  const PauseSyntaxError& error() const { return error_; }

 private:
  void SkipBlanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  bool Fail(size_t offset, std::string message) {
    error_ = {offset, std::move(message)};
    return false;
  }

  bool ParseComparison(Comparison* comparison) {
    const char sign = at_ < text_.size() ? text_[at_] : '\0';
    if (sign != '>' && sign != '<') return Fail(at_, "expected >, >=, < or <=");
    ++at_;
    const bool or_equal = at_ < text_.size() && text_[at_] == '=';
    if (or_equal) ++at_;
    if (sign == '>') {
      *comparison = or_equal ? Comparison::kGreaterOrEqual : Comparison::kGreater;
    } else {
      *comparison = or_equal ? Comparison::kLessOrEqual : Comparison::kLess;
    }
    return true;
  }

  bool ParseValue(size_t offset, std::string_view value, PauseCondition* condition) {
    const std::optional<int64_t> number = ParseInteger(value);
    if (number && *number >= 0) {
      condition->value = *number;
      return true;
    }
    if (condition->variable != PauseCondition::kReplicaLag) {
      return Fail(offset, "expected a whole number");
    }
    const std::optional<int64_t> lag_ms = ParseDurationMs(value);
    if (!lag_ms || *lag_ms % kMsPerSecond != 0) {
      return Fail(offset, "expected a duration in whole seconds, such as 10s");
    }
    condition->value = *lag_ms / kMsPerSecond;
    return true;
  }

  const std::string_view text_;
  size_t at_ = 0;
  PauseSyntaxError error_;
};

}  // namespace

bool PauseCondition::HoldsFor(int64_t seen) const {
  switch (comparison) {
    case Comparison::kGreater:
      return seen > value;
    case Comparison::kGreaterOrEqual:
      return seen >= value;
    case Comparison::kLess:
      return seen < value;
    case Comparison::kLessOrEqual:
      return seen <= value;
  }
  return false;
}

std::string PauseCondition::ToString() const {
  return fmt::format("{} {} {}{}", variable, TextOf(comparison), value,
                     variable == kReplicaLag ? " s" : "");
}

std::variant<std::vector<PauseCondition>, PauseSyntaxError> ParsePauseConditions(
    std::string_view text) {
  std::vector<PauseCondition> conditions;
  Parser parser(text);
  do {
    if (!parser.ParseOne(&conditions.emplace_back())) return parser.error();
  } while (parser.SkipComma());
  return conditions;
}

}  // namespace millrace::mysql
