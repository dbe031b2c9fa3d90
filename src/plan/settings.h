// Session settings: one row of the table is the whole truth about a key. SET, RESET, the reference
// page and the warnings about keys without effect all follow from it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "connectors/options.h"
#include "plan/plan.h"

namespace millrace {

struct SettingSpec {
  std::string_view key;  // "pipeline.*" stands for every key with that beginning
  OptionKind kind = OptionKind::kText;
  std::string_view default_value = {};
  std::string_view help = {};
  std::string_view choices = {};   // kChoice: "a|b|c"
  std::string_view alias_of = {};  // an older spelling of another key
  int64_t min = INT64_MIN;         // kInteger; kDuration: milliseconds
  int64_t max = INT64_MAX;         // kInteger
  bool ignored = false;            // a setting of Flink without effect
  // A setting of Flink of which only this value exists: any other one has no effect and gets a
  // warning.
  std::string_view satisfied_by = {};
};

std::span<const SettingSpec> SettingSpecs();
// The row of a key or of one of its aliases; null if it is not known.
const SettingSpec* FindSetting(std::string_view key);

// The scheme of a checkpoint folder that is not on this machine, such as "hdfs"; empty for a path
// and file:///path.
std::string_view RemoteScheme(std::string_view folder);

// A path without the scheme of local files: file:/a and file:///a are /a.
std::string LocalFolder(std::string folder);

// The settings of one session. Every value that is kept was checked.
class Settings final {
 public:
  // Checks and remembers a value. False, with an error at the value, if it is not one; unknown keys
  // and keys without effect are kept, as Flink keeps them, with a warning: the latter one once.
  bool Set(std::string_view key, std::string_view value, Span key_span, Span value_span,
           Diagnostics* diagnostics);
  // The same for a value from outside of the script (-D). From then on Set of this key checks its
  // value but changes nothing and warns once if it differs; Reset keeps it.
  bool Fix(std::string_view key, std::string_view value, Diagnostics* diagnostics);
  void Reset(std::string_view key);
  void ResetAll();

  // What was set, or the default.
  std::string Text(std::string_view key) const;
  bool Boolean(std::string_view key) const;
  const std::map<std::string, std::string, std::less<>>& values() const { return values_; }

  // Fills in the part of a plan that settings decide.
  void ApplyTo(Plan* plan) const;

 private:
  bool KeepFixed(const std::string& key, std::string_view value, Span span,
                 Diagnostics* diagnostics);

  std::map<std::string, std::string, std::less<>> values_;
  std::set<std::string, std::less<>> fixed_;  // keys of values_
  std::set<std::string> warned_;
};

}  // namespace millrace
