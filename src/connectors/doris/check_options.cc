#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "base/units.h"
#include "connectors/doris/check_tls.h"
#include "connectors/doris/flink_differences.h"
#include "connectors/doris/load_header.h"
#include "connectors/doris/sink_config.h"

namespace millrace::doris {
namespace {

constexpr size_t kLabelPrefixMax = 64;

bool IsHeaderName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return IsLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  });
}

bool IsAddress(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::optional<int64_t> port = ParseInteger(text.substr(colon + 1));
  return port && *port > 0 && *port < 65536 &&
         text.find_first_of("/@ ?#") == std::string_view::npos;
}

class Checker final {
 public:
  Checker(const Options& options, Span statement, Diagnostics* diagnostics)
      : options_(options), statement_(statement), diagnostics_(diagnostics) {}

  void Addresses(std::string_view key, bool required);
  void Names();
  void Modes();
  void OldRows();
  void Limits();
  void Properties();

 private:
  void Report(std::string_view key, std::string message, std::string hint,
              Severity severity = Severity::kError) {
    const Span span = options_.Given(key) ? options_.ValueSpan(key) : statement_;
    diagnostics_->push_back(
        {DiagnosticCode::kInvalidValue, span, std::move(message), std::move(hint), severity});
  }
  void Property(const std::string& name, const std::string& value);
  void Format(const std::string& key, const std::string& value);

  const Options& options_;
  const Span statement_;
  Diagnostics* const diagnostics_;
};

void Checker::Addresses(std::string_view key, bool required) {
  if (!options_.Given(key)) return;
  const std::vector<std::string> addresses = SplitAddresses(options_.Text(key));
  if (required && addresses.empty()) {
    Report(key, fmt::format("no address given in option {}", Quoted(key)),
           "Write host:port, such as 'fenodes' = 'doris-fe:8030'.");
  }
  for (const std::string& address : addresses) {
    if (IsAddress(address)) continue;
    Report(key, fmt::format("{} in option {} is not host:port", Quoted(address), Quoted(key)),
           "Name the HTTP port, by default 8030 of a frontend and 8040 of a backend.");
  }
}

void Checker::Names() {
  const std::string& identifier = options_.Text("table.identifier");
  const std::vector<std::string> parts = Split(identifier, '.');
  const bool named = std::all_of(parts.begin(), parts.end(),
                                 [](const std::string& part) { return !Trim(part).empty(); });
  if (!identifier.empty() && (parts.size() != 2 || !named)) {
    Report("table.identifier",
           fmt::format("{} is not the name of a Doris table", Quoted(identifier)),
           "Write database.table, such as 'demo.orders'.");
  }
  const std::string& prefix = options_.Text("sink.label-prefix");
  const bool plain = std::all_of(prefix.begin(), prefix.end(), [](char c) {
    return IsLetterOrDigit(c) || c == '_' || c == '-' || c == ':';
  });
  if (!plain || prefix.size() > kLabelPrefixMax) {
    Report("sink.label-prefix", fmt::format("{} is not a valid label prefix", Quoted(prefix)),
           fmt::format("Use at most {} letters, digits and the characters _ - :", kLabelPrefixMax));
  }
  const std::string& jdbc = options_.Text("jdbc-url");
  if (!jdbc.empty() && !jdbc.starts_with("jdbc:mysql://")) {
    Report("jdbc-url", fmt::format("{} is not a JDBC URL of the MySQL protocol", Quoted(jdbc)),
           "Write 'jdbc:mysql://host:9030'.");
  }
}

void Checker::Modes() {
  const auto property = [&](std::string_view name) {
    const auto all = options_.WithPrefix(kPropertyPrefix);
    const auto found = all.find(std::string(name));
    return found == all.end() ? std::string() : found->second;
  };
  if (!options_.Boolean("sink.enable-2pc")) {
    const bool harmful = EqualsIgnoreCase(Trim(property("two_phase_commit")), "true");
    Report("sink.enable-2pc",
           harmful ? "'sink.properties.two_phase_commit' = 'true' with 'sink.enable-2pc' = "
                     "'false' would pre-commit every load and never commit it: all rows lost"
                   : "'sink.enable-2pc' = 'false' would load rows twice after a restart",
           "Leave 'sink.enable-2pc' out: rows are kept exactly once through two-phase commit.");
  }
  if (options_.Boolean("sink.enable.batch-mode") ||
      !EqualsIgnoreCase(options_.Text("sink.write-mode"), "stream_load")) {
    const std::string_view key =
        options_.Boolean("sink.enable.batch-mode") ? "sink.enable.batch-mode" : "sink.write-mode";
    Report(key, fmt::format("option {} asks for loads that are not exactly once", Quoted(key)),
           "Leave it out: rows are loaded as they come and committed with the checkpoint.");
  }
  if (options_.Boolean("sink.ignore.commit-error")) {
    Report("sink.ignore.commit-error",
           "'sink.ignore.commit-error' = 'true' would lose rows without stopping",
           "Leave it out: commits are repeated until they succeed.");
  }
}

void Checker::OldRows() {
  constexpr std::string_view kKey = "sink.ignore.update-before";
  if (!options_.Boolean(kKey)) return;
  diagnostics_->emplace_back(DiagnosticCode::kNoEffect, options_.KeySpan(kKey),
                             "a row whose key changes is always deleted under its old key: option "
                             "\"sink.ignore.update-before\" = 'true' has no effect",
                             "", Severity::kWarning);
}

void Checker::Limits() {
  const auto between = [&](std::string_view key, int64_t value, int64_t min, int64_t max) {
    if (!options_.Given(key) || (value >= min && value <= max)) return;
    Report(key, fmt::format("option {} must be between {} and {}", Quoted(key), min, max), "");
  };
  between("sink.buffer-count", options_.Integer("sink.buffer-count"), kBuffersMin, kBuffersMax);
  between("sink.parallelism", options_.Integer("sink.parallelism"), 1, kLanesMax);
  between("query-port", options_.Integer("query-port"), 1, 65535);
}

void Checker::Format(const std::string& key, const std::string& value) {
  if (EqualsIgnoreCase(value, "json") || EqualsIgnoreCase(value, "csv")) return;
  const std::vector<std::string> choices = {"json", "csv"};
  Report(key, fmt::format("loads in format \"{}\" are not supported", value),
         DidYouMean(value, choices).empty() ? "Use 'json' (the default) or 'csv'."
                                            : DidYouMean(value, choices));
}

void Checker::Property(const std::string& name, const std::string& value) {
  const std::string key = std::string(kPropertyPrefix) + name;
  if (!IsHeaderName(name) || value.find_first_of("\r\n") != std::string::npos) {
    // A line feed as a separator is spelled \n by everybody; the raw byte would end the header.
    if (IsHeaderName(name) && (name == "line_delimiter" || name == "column_separator")) return;
    Report(key, fmt::format("option {} cannot be sent as an HTTP header", Quoted(key)), "");
    return;
  }
  const HeaderRule* rule = FindRule(name);
  if (rule == nullptr) {
    std::vector<std::string> names;
    for (const HeaderRule& each : HeaderRules()) names.emplace_back(each.name);
    const std::optional<std::string> near = Nearest(name, names);
    diagnostics_->push_back({DiagnosticCode::kUnknownOption, options_.KeySpan(key),
                             fmt::format("Stream Load knows no header {}", Quoted(name)),
                             near ? fmt::format("Did you mean \"{}{}\"?", kPropertyPrefix, *near)
                                  : "It is sent as it is, and Doris ignores what it does not know.",
                             Severity::kWarning});
    return;
  }
  if (rule->name == "format") Format(key, std::string(Trim(value)));
  if (rule->name == "strict_mode" && !EqualsIgnoreCase(Trim(value), "true")) {
    Report(key, "without strict mode Doris turns values it cannot convert into NULL",
           "Leave it out to have such a row stop the job instead.", Severity::kWarning);
  }
  if (rule->name == "compress_type" && !Trim(value).empty()) {
    Report(key, "bodies are sent without compression", "", Severity::kWarning);
  }
  bool refused = rule->fate == Fate::kNever;
  if (rule->fate == Fate::kNeutral) {
    const std::vector<std::string> neutral = Split(rule->neutral, '|');
    refused = std::none_of(neutral.begin(), neutral.end(), [&](const std::string& each) {
      return EqualsIgnoreCase(each, Trim(value));
    });
  }
  if (refused) {
    Report(key,
           fmt::format("option {} = '{}' is refused: {}", Quoted(key),
                       IsSecret(key, OptionTable()) ? kRedacted : value, rule->reason),
           fmt::format("Remove {} from WITH.", Quoted(key)));
  }
}

void Checker::Properties() {
  const auto properties = options_.WithPrefix(kPropertyPrefix);
  for (const auto& [name, value] : properties) Property(name, value);
  const auto format = properties.find("format");
  const bool csv = format != properties.end() && EqualsIgnoreCase(Trim(format->second), "csv");
  if (!csv) return;
  const auto text = [&](const char* name, const char* fallback) {
    const auto found = properties.find(name);
    return DecodeSeparator(found == properties.end() ? fallback : found->second);
  };
  const std::string column = text("column_separator", "\\t");
  const std::string line = text("line_delimiter", "\\n");
  if (column.empty() || line.empty() || column.find(line) != std::string::npos ||
      line.find(column) != std::string::npos) {
    Report("sink.properties.column_separator",
           "column separator and line delimiter cannot be distinguished",
           "Use for example '\\x01' and '\\x02'.");
  }
  if (properties.contains("columns")) {
    Report("sink.properties.columns", "a columns header of your own needs format json",
           "CSV fields are matched by position; use 'sink.properties.format' = 'json'.");
  }
}

}  // namespace

void CheckOptions(const Options& options, const Schema&, Span statement, Diagnostics* diagnostics) {
  Checker checker(options, statement, diagnostics);
  checker.Addresses("fenodes", true);
  checker.Addresses("benodes", false);
  checker.Names();
  CheckTls(options, diagnostics);
  checker.Modes();
  checker.OldRows();
  checker.Limits();
  checker.Properties();
  CheckTwoPhaseHeader(options, diagnostics);
}

}  // namespace millrace::doris
