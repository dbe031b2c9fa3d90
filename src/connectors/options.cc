#include "connectors/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/regex.h"
#include "base/secret.h"
#include "base/suggest.h"
#include "base/units.h"

namespace millrace {
namespace {

constexpr std::string_view kWildcard = "*";

bool IsPattern(const OptionSpec& spec) { return spec.key.ends_with(kWildcard); }

// Whether a value that is not written is filled in.
bool HasDefault(const OptionSpec& spec) { return !IsPattern(spec) && !spec.no_default; }

bool Matches(const OptionSpec& spec, std::string_view key) {
  if (!IsPattern(spec)) return spec.key == key;
  const std::string_view prefix = spec.key.substr(0, spec.key.size() - kWildcard.size());
  return key.size() > prefix.size() && key.starts_with(prefix);
}

const OptionSpec* Find(std::span<const OptionSpec> specs, std::string_view key) {
  const auto exact = std::find_if(specs.begin(), specs.end(), [&](const OptionSpec& spec) {
    return !IsPattern(spec) && spec.key == key;
  });
  if (exact != specs.end()) return &*exact;
  const auto pattern = std::find_if(specs.begin(), specs.end(),
                                    [&](const OptionSpec& spec) { return Matches(spec, key); });
  return pattern == specs.end() ? nullptr : &*pattern;
}

std::optional<double> ParseDouble(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// What is wrong with a value; empty if nothing is.
struct Fault {
  std::string what;
  std::string hint;
};

Fault CheckRegex(const std::string& value) {
  if (Regex::Compile(value)) return {};
  return {"is not a valid regular expression", "Check brackets, braces and backslashes."};
}

// `choices` as "a|b".
bool IsAmong(std::string_view choices, std::string_view value) {
  const std::vector<std::string> list = Split(choices, '|');
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& choice) { return EqualsIgnoreCase(choice, value); });
}

Fault CheckChoice(const OptionSpec& spec, std::string_view value) {
  if (IsAmong(spec.choices, value)) return {};
  const std::vector<std::string> choices = Split(spec.choices, '|');
  return {fmt::format("must be one of {}", Join(choices, ", ")), DidYouMean(value, choices)};
}

Fault CheckValue(const OptionSpec& spec, const std::string& value) {
  switch (spec.kind) {
    case OptionKind::kText:
    case OptionKind::kSecret:
      return {};
    case OptionKind::kInteger:
      if (ParseInteger(Trim(value))) return {};
      return {"is not an integer", {}};
    case OptionKind::kDouble:
      if (ParseDouble(Trim(value))) return {};
      return {"is not a number", {}};
    case OptionKind::kBoolean:
      if (ParseBoolean(Trim(value))) return {};
      return {"is neither true nor false", {}};
    case OptionKind::kDuration:
      if (ParseDurationMs(value)) return {};
      return {"is not a duration",
              "Write a number and a unit, such as '500 ms', '10 s' or '3 min'."};
    case OptionKind::kMemory:
      if (ParseMemoryBytes(value)) return {};
      return {"is not a memory size",
              "Write a number and a unit, such as '256 kb', '64 mb' or '1 gb'."};
    case OptionKind::kRegex:
      return CheckRegex(value);
    case OptionKind::kChoice:
      return CheckChoice(spec, value);
  }
  return {};
}

// What an unknown option may have been meant to be.
std::string HintFor(const std::string& key, std::span<const OptionSpec> specs) {
  if (specs.empty()) return "It has no options.";
  std::vector<std::string> keys;
  std::vector<std::string> working;
  for (const OptionSpec& spec : specs) {
    keys.emplace_back(spec.key);
    if (!spec.ignored) working.emplace_back(spec.key);
  }
  const std::string hint = DidYouMean(key, keys);
  return hint.empty() ? fmt::format("The options are: {}.", Join(working, ", ")) : hint;
}

// Checks one option against its row and says what is wrong with it. True if it may be kept.
bool CheckOne(const OptionSpec& spec, const OptionText& option, std::string_view connector,
              Diagnostics* diagnostics) {
  const bool matters = !spec.instead.empty();
  if (matters && (spec.harmless.empty() || !IsAmong(spec.harmless, Trim(option.value)))) {
    diagnostics->emplace_back(
        DiagnosticCode::kNotSupported, option.value_span,
        fmt::format("option {} of connector {} is not supported{}", Quoted(option.key),
                    Quoted(connector), spec.harmless.empty() ? "" : " with this value"),
        std::string(spec.instead));
    return false;
  }
  if (spec.ignored && !matters) {
    diagnostics->emplace_back(DiagnosticCode::kNoEffect, option.key_span,
                              fmt::format("option {} of connector {} has no effect",
                                          Quoted(option.key), Quoted(connector)),
                              std::string(spec.help), Severity::kWarning);
  }
  const Fault fault = CheckValue(spec, option.value);
  if (fault.what.empty()) return true;
  const std::string shown =
      spec.kind == OptionKind::kSecret ? std::string(kRedacted) : option.value;
  diagnostics->emplace_back(
      DiagnosticCode::kInvalidValue, option.value_span,
      fmt::format("the value {} of option {} {}", Quoted(shown), Quoted(option.key), fault.what),
      fault.hint);
  return false;
}

}  // namespace

std::string_view ToString(OptionKind kind) {
  switch (kind) {
    case OptionKind::kInteger:
      return "integer";
    case OptionKind::kDouble:
      return "number";
    case OptionKind::kBoolean:
      return "boolean";
    case OptionKind::kDuration:
      return "duration";
    case OptionKind::kMemory:
      return "memory size";
    case OptionKind::kRegex:
      return "regular expression";
    case OptionKind::kChoice:
      return "choice";
    case OptionKind::kText:
    case OptionKind::kSecret:
      break;
  }
  return "text";
}

Options Options::Check(std::span<const OptionSpec> specs, std::span<const OptionText> written,
                       std::string_view connector, Span span, Diagnostics* diagnostics) {
  Options options;
  for (const OptionText& option : written) {
    if (option.key == "connector") {  // chose the table of options
      options.given_[option.key] = {option.key_span, option.value_span};
      continue;
    }
    const OptionSpec* spec = Find(specs, option.key);
    if (spec == nullptr) {
      diagnostics->emplace_back(
          DiagnosticCode::kUnknownOption, option.key_span,
          fmt::format("connector {} has no option {}", Quoted(connector), Quoted(option.key)),
          HintFor(option.key, specs));
      continue;
    }
    options.given_[option.key] = {option.key_span, option.value_span};
    if (CheckOne(*spec, option, connector, diagnostics)) options.texts_[option.key] = option.value;
  }
  for (const OptionSpec& spec : specs) {
    if (!HasDefault(spec)) continue;
    if (spec.required && !options.given_.contains(spec.key)) {
      diagnostics->emplace_back(
          DiagnosticCode::kMissingOption, span,
          fmt::format("connector {} needs the option {}", Quoted(connector), Quoted(spec.key)),
          fmt::format("Add '{}' = '...' to WITH: {}", spec.key, spec.help));
    }
    options.texts_.try_emplace(std::string(spec.key), spec.default_value);
  }
  return options;
}

Options Options::FromTexts(std::span<const OptionSpec> specs,
                           const std::map<std::string, std::string>& texts) {
  Options options;
  for (const auto& [key, value] : texts) {
    options.texts_.emplace(key, value);
    const OptionSpec* const spec = Find(specs, key);
    if (spec != nullptr && !HasDefault(*spec)) options.given_[key] = {};
  }
  for (const OptionSpec& spec : specs) {
    if (!HasDefault(spec)) continue;
    const auto [entry, added] =
        options.texts_.try_emplace(std::string(spec.key), spec.default_value);
    if (!added && entry->second != spec.default_value) options.given_[entry->first] = {};
  }
  return options;
}

const std::string& Options::Text(std::string_view key) const {
  const auto entry = texts_.find(key);
  assert(entry != texts_.end());
  static const std::string kNone;
  return entry == texts_.end() ? kNone : entry->second;
}

int64_t Options::Integer(std::string_view key) const {
  return ParseInteger(Trim(Text(key))).value_or(0);
}
int64_t Options::DurationMs(std::string_view key) const {
  return ParseDurationMs(Text(key)).value_or(0);
}
int64_t Options::MemoryBytes(std::string_view key) const {
  return ParseMemoryBytes(Text(key)).value_or(0);
}
double Options::Double(std::string_view key) const {
  return ParseDouble(Trim(Text(key))).value_or(0);
}
bool Options::Boolean(std::string_view key) const {
  return ParseBoolean(Trim(Text(key))).value_or(false);
}
bool Options::Given(std::string_view key) const { return given_.find(key) != given_.end(); }

Span Options::ValueSpan(std::string_view key) const {
  const auto entry = given_.find(key);
  return entry == given_.end() ? Span{} : entry->second.value;
}
Span Options::KeySpan(std::string_view key) const {
  const auto entry = given_.find(key);
  return entry == given_.end() ? Span{} : entry->second.key;
}

std::map<std::string, std::string> Options::WithPrefix(std::string_view prefix) const {
  std::map<std::string, std::string> found;
  for (auto entry = texts_.lower_bound(prefix);
       entry != texts_.end() && entry->first.starts_with(prefix); ++entry) {
    if (entry->first.size() > prefix.size()) {
      found[entry->first.substr(prefix.size())] = entry->second;
    }
  }
  return found;
}

bool IsSecret(std::string_view key, std::span<const OptionSpec> specs) {
  const OptionSpec* spec = Find(specs, key);
  if (spec != nullptr && spec->kind == OptionKind::kSecret) return true;
  return IsSecretKey(key);
}

}  // namespace millrace
