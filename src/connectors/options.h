// WITH options: one row of a table is the whole truth about an option. From it follow parsing,
// units, errors (required, unknown, "did you mean") with their span in the SQL text, DESCRIBE
// CONNECTOR, the reference page and redaction.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace millrace {

enum class OptionKind : uint8_t {
  kText,
  kSecret,  // text that every output shows as ***
  kInteger,
  kDouble,
  kBoolean,
  kDuration,  // Flink's spelling; value in milliseconds
  kMemory,    // Flink's spelling; value in bytes
  kRegex,     // ECMAScript regular expression, checked to compile
  kChoice,    // one of `choices`, compared without case
};

// "integer", "duration", ...: as DESCRIBE CONNECTOR shows it.
std::string_view ToString(OptionKind kind);

struct OptionSpec {
  std::string_view key;  // "sink.properties.*" takes every key with that prefix
  OptionKind kind = OptionKind::kText;
  bool required = false;
  std::string_view default_value = {};  // as the user would write it; empty: none
  std::string_view help = {};           // one sentence for the reference page
  std::string_view choices = {};        // kChoice: "a|b|c"
  bool ignored = false;                 // an option of Flink that is accepted without effect
  bool only_here = false;               // Flink's connector does not know it
  // It has no value unless one is written (see Given), so that it adds nothing to what a checkpoint
  // depends on.
  bool no_default = false;
  // An ignored option whose effect would matter: only the values `harmless` ("a|b", compared
  // without case; none if empty) are accepted, all others are errors with this hint.
  std::string_view harmless = {};
  std::string_view instead = {};
};

// One option as written: key and value unquoted, spans of the quoted literals.
struct OptionText {
  std::string key;
  std::string value;
  Span key_span;
  Span value_span;
};

// Checked options: every declared key has a valid value (its own or the default) and a span. The
// getters must be called with declared keys of their kind.
class Options final {
 public:
  Options() = default;

  const std::string& Text(std::string_view key) const;
  int64_t Integer(std::string_view key) const;      // kInteger
  int64_t DurationMs(std::string_view key) const;   // kDuration
  int64_t MemoryBytes(std::string_view key) const;  // kMemory
  double Double(std::string_view key) const;
  bool Boolean(std::string_view key) const;
  bool Given(std::string_view key) const;      // written by the user, not a default
  Span ValueSpan(std::string_view key) const;  // {0,0} if not given
  Span KeySpan(std::string_view key) const;

  // What was written under "prefix" ("sink.properties."): rest of key -> value.
  std::map<std::string, std::string> WithPrefix(std::string_view prefix) const;
  // Everything as key -> text (defaults included), secrets too; for plans, never for output.
  const std::map<std::string, std::string, std::less<>>& texts() const { return texts_; }

  // Checks what was written, each key once, against the table and fills in defaults. Errors and
  // warnings (ignored options) are added to `diagnostics`; `span` is where a missing option is
  // reported.
  static Options Check(std::span<const OptionSpec> specs, std::span<const OptionText> written,
                       std::string_view connector, Span span, Diagnostics* diagnostics);
  // The same without spans, for options that were checked before (a plan read from JSON).
  static Options FromTexts(std::span<const OptionSpec> specs,
                           const std::map<std::string, std::string>& texts);

 private:
  struct Spans {
    Span key;
    Span value;
  };
  std::map<std::string, std::string, std::less<>> texts_;
  std::map<std::string, Spans, std::less<>> given_;
};

// True if the value under `key` must never be shown ("password", "token", ... or kSecret).
bool IsSecret(std::string_view key, std::span<const OptionSpec> specs);

}  // namespace millrace
