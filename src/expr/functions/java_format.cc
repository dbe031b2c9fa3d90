#include "expr/functions/java_format.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"

namespace millrace {
namespace {

struct Rule {
  char letter;
  std::string_view flags;  // that are possible
  bool takes_precision;
  bool has_upper;  // the letter in upper case is valid too
};

constexpr Rule kRules[] = {
    {'b', "-<", true, true},        {'s', "-<", true, true},        {'c', "-<", false, true},
    {'d', "-+ 0,(<", false, false}, {'o', "-#+ 0(<", false, false}, {'x', "-#+ 0(<", false, true},
    {'e', "-#+ 0(<", true, true},   {'f', "-#+ 0,(<", true, false}, {'g', "-+ 0,(<", true, true},
    {'%', "-", false, false},       {'n', "", false, false},
};

// Numbers in a format have 31 bits, as in Java; nothing beyond.
std::optional<uint32_t> ReadNumber(std::string_view digits) {
  uint64_t number = 0;
  for (const char digit : digits) {
    number = number * 10 + static_cast<uint64_t>(digit - '0');
    if (number > INT32_MAX) return std::nullopt;
  }
  return static_cast<uint32_t>(number);
}

std::string_view DigitsAt(std::string_view format, size_t at) {
  size_t end = at;
  while (end < format.size() && IsDigit(format[end])) ++end;
  return format.substr(at, end - at);
}

bool FlagsFit(const FormatDirective& directive) {
  const bool needs_width = directive.Has('-') || directive.Has('0');
  if (needs_width && !directive.width) return false;
  if (directive.Has('-') && directive.Has('0')) return false;
  return !(directive.Has('+') && directive.Has(' '));
}

bool IsAllowed(const FormatDirective& directive) {
  const auto* rule = std::find_if(std::begin(kRules), std::end(kRules), [&](const Rule& known) {
    return known.letter == directive.letter;
  });
  if (rule == std::end(kRules) || (directive.upper && !rule->has_upper)) return false;
  uint8_t allowed = 0;
  for (const char flag : rule->flags) allowed |= FormatFlag(flag);
  if ((directive.flags & ~allowed) != 0) return false;
  if (directive.precision && !rule->takes_precision) return false;
  if (directive.letter == 'n' && directive.width) return false;
  return FlagsFit(directive);
}

}  // namespace

std::optional<FormatDirective> ReadDirective(std::string_view format, size_t* at) {
  FormatDirective directive;
  const std::string_view first = DigitsAt(format, *at);
  if (!first.empty() && format.substr(*at + first.size()).starts_with('$')) {
    const std::optional<uint32_t> argument = ReadNumber(first);
    if (argument.value_or(0) == 0) return std::nullopt;
    directive.argument = *argument;
    *at += first.size() + 1;
  }
  for (; *at < format.size() && kFormatFlags.find(format[*at]) != kFormatFlags.npos; ++*at) {
    if (directive.Has(format[*at])) return std::nullopt;
    directive.flags |= FormatFlag(format[*at]);
  }
  if (const std::string_view width = DigitsAt(format, *at); !width.empty()) {
    directive.width = ReadNumber(width);
    if (!directive.width) return std::nullopt;
    *at += width.size();
  }
  if (*at < format.size() && format[*at] == '.') {
    const std::string_view precision = DigitsAt(format, *at + 1);
    directive.precision = ReadNumber(precision);
    if (precision.empty() || !directive.precision) return std::nullopt;
    *at += 1 + precision.size();
  }
  if (*at == format.size()) return std::nullopt;
  const char letter = format[(*at)++];
  directive.letter = ToLower(letter);
  directive.upper = directive.letter != letter;
  if (!IsAllowed(directive)) return std::nullopt;
  return directive;
}

}  // namespace millrace
