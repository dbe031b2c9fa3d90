#include "plan/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "base/time_zone.h"
#include "base/units.h"
#include "plan/errors.h"

namespace millrace {
namespace {

// The key under which a value is kept: one for all spellings of a setting.
std::string StoredKey(std::string_view key) {
  const SettingSpec* spec = FindSetting(key);
  const bool family = spec != nullptr && spec->key.ends_with('*');
  return std::string(spec == nullptr || family ? key : spec->key);
}

// What is wrong with a value; empty if nothing is.
std::string Fault(const SettingSpec& spec, std::string_view value) {
  if (spec.key == "table.local-time-zone" && !TimeZone::Parse(value)) {
    return "is not a time zone: write UTC, an offset such as +08:00, or a name such as "
           "Asia/Shanghai";
  }
  if (spec.key == "execution.checkpointing.dir" && !RemoteScheme(value).empty()) {
    return fmt::format("is on {}, which is not supported: write a local path or file:///path",
                       RemoteScheme(value));
  }
  switch (spec.kind) {
    case OptionKind::kDuration: {
      const std::optional<int64_t> duration = ParseDurationMs(value);
      if (!duration) return "is not a duration: write a number and a unit, such as 10 s";
      if (*duration < spec.min) return fmt::format("is too short: at least {} ms", spec.min);
      return {};
    }
    case OptionKind::kInteger: {
      const std::optional<int64_t> number = ParseInteger(Trim(value));
      if (!number) return "is not an integer";
      if (*number < spec.min || *number > spec.max) {
        return spec.max == INT64_MAX ? fmt::format("is out of range: at least {}", spec.min)
                                     : fmt::format("is out of range: {} to {}", spec.min, spec.max);
      }
      return {};
    }
    case OptionKind::kBoolean:
      return ParseBoolean(Trim(value)) ? "" : "is neither true nor false";
    case OptionKind::kDouble: {
      double number = 0;
      const std::string_view text = Trim(value);
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      const bool whole = error == std::errc() && end == text.data() + text.size();
      return whole && number >= 1 ? "" : "is not a number of at least 1";
    }
    case OptionKind::kText:
      if (spec.choices.empty()) return {};
      [[fallthrough]];
    case OptionKind::kChoice: {
      const std::vector<std::string> choices = Split(spec.choices, '|');
      for (const std::string& choice : choices) {
        if (EqualsIgnoreCase(choice, value)) return {};
      }
      return "must be one of " + Join(choices, ", ");
    }
    default:
      return {};
  }
}

}  // namespace

std::string_view RemoteScheme(std::string_view folder) {
  const size_t colon = folder.find(":/");
  if (colon == std::string_view::npos || colon < 2) return {};
  const std::string_view scheme = folder.substr(0, colon);
  const bool is_scheme = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '+' || c == '-' || c == '.';
  });
  return is_scheme && !EqualsIgnoreCase(scheme, "file") ? scheme : std::string_view();
}

std::string LocalFolder(std::string folder) {
  constexpr std::string_view kScheme = "file:";
  constexpr std::string_view kNoHost = "//";
  if (!EqualsIgnoreCase(std::string_view(folder).substr(0, kScheme.size()), kScheme)) return folder;
  folder.erase(0, kScheme.size());
  if (folder.starts_with(kNoHost)) folder.erase(0, kNoHost.size());
  return folder;
}

bool Settings::Set(std::string_view key, std::string_view value, Span key_span, Span value_span,
                   Diagnostics* diagnostics) {
  const SettingSpec* spec = FindSetting(key);
  const std::string stored = StoredKey(key);
  if (spec == nullptr) {
    std::vector<std::string> keys;
    for (const SettingSpec& known : SettingSpecs()) keys.emplace_back(known.key);
    diagnostics->emplace_back(DiagnosticCode::kUnknownSetting, key_span,
                              fmt::format("setting {} is not known and has no effect", Quoted(key)),
                              DidYouMean(key, keys), Severity::kWarning);
    if (!KeepFixed(stored, value, key_span, diagnostics)) values_[stored] = value;
    return true;
  }
  const std::string fault = Fault(*spec, value);
  if (!fault.empty()) {
    diagnostics->emplace_back(
        DiagnosticCode::kInvalidValue, value_span,
        fmt::format("the value {} of setting {} {}", Quoted(value), Quoted(key), fault));
    return false;
  }
  const bool without_effect = spec->ignored || !spec->satisfied_by.empty();
  if (without_effect && !EqualsIgnoreCase(value, spec->satisfied_by) &&
      warned_.insert(std::string(key)).second) {
    diagnostics->push_back(NoEffect(key_span, "setting " + Quoted(key)));
  }
  if (!KeepFixed(stored, value, key_span, diagnostics)) values_[stored] = value;
  return true;
}

// True if the value of -D stays.
bool Settings::KeepFixed(const std::string& key, std::string_view value, Span span,
                         Diagnostics* diagnostics) {
  if (!fixed_.contains(key)) return false;
  if (values_[key] != value && warned_.insert(key).second) {
    diagnostics->emplace_back(DiagnosticCode::kNoEffect, span,
                              fmt::format("setting {} keeps the value given with -D", Quoted(key)),
                              fmt::format("Leave out -D {} to use the value of the script.", key),
                              Severity::kWarning);
  }
  return true;
}

bool Settings::Fix(std::string_view key, std::string_view value, Diagnostics* diagnostics) {
  const std::string stored = StoredKey(key);
  const bool was_fixed = fixed_.erase(stored) > 0;  // of -D twice the last one counts
  const bool accepted = Set(key, value, {}, {}, diagnostics);
  if (accepted || was_fixed) fixed_.insert(stored);
  return accepted;
}

void Settings::Reset(std::string_view key) {
  const std::string stored = StoredKey(key);
  if (!fixed_.contains(stored)) values_.erase(stored);
}

void Settings::ResetAll() {
  std::erase_if(values_, [&](const auto& entry) { return !fixed_.contains(entry.first); });
}

std::string Settings::Text(std::string_view key) const {
  const auto entry = values_.find(key);
  if (entry != values_.end()) return entry->second;
  const SettingSpec* spec = FindSetting(key);
  return spec == nullptr ? "" : std::string(spec->default_value);
}

bool Settings::Boolean(std::string_view key) const {
  return ParseBoolean(Trim(Text(key))).value_or(false);
}

void Settings::ApplyTo(Plan* plan) const {
  const auto duration_ms = [&](std::string_view key) {
    return ParseDurationMs(Text(key)).value_or(0);
  };
  plan->checkpoint_interval_ms = std::max(duration_ms("execution.checkpointing.interval"),
                                          duration_ms("execution.checkpointing.min-pause"));
  plan->checkpoints_retained = static_cast<int>(
      ParseInteger(Trim(Text("execution.checkpointing.num-retained"))).value_or(1));
  plan->checkpoint_dir = LocalFolder(Text("execution.checkpointing.dir"));
  plan->parallelism = static_cast<int>(ParseInteger(Trim(Text("parallelism.default"))).value_or(1));
  plan->time_zone = Text("table.local-time-zone");
  const std::string strategy = ToLower(Text("restart-strategy.type"));
  const auto integer = [&](std::string_view key) {
    return ParseInteger(Trim(Text(key))).value_or(1);
  };
  RestartStrategy& restart = plan->restart;
  restart = {};
  if (strategy.starts_with("exponential")) {
    restart.delay_ms = duration_ms("restart-strategy.exponential-delay.initial-backoff");
    restart.delay_max_ms = duration_ms("restart-strategy.exponential-delay.max-backoff");
    restart.multiplier =
        std::strtod(Text("restart-strategy.exponential-delay.backoff-multiplier").c_str(), nullptr);
  } else if (strategy.starts_with("fixed")) {
    restart.attempts = integer("restart-strategy.fixed-delay.attempts");
    restart.delay_ms = restart.delay_max_ms = duration_ms("restart-strategy.fixed-delay.delay");
    restart.multiplier = 1;
  } else if (strategy.starts_with("failure")) {
    restart.attempts = integer("restart-strategy.failure-rate.max-failures-per-interval");
    restart.window_ms = duration_ms("restart-strategy.failure-rate.failure-rate-interval");
    restart.delay_ms = restart.delay_max_ms = duration_ms("restart-strategy.failure-rate.delay");
    restart.multiplier = 1;
  } else {
    restart.attempts = 0;
  }
}

}  // namespace millrace
