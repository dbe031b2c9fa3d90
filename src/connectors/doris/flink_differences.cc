#include "connectors/doris/flink_differences.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/quote.h"
#include "connectors/doris/sink_config.h"

namespace millrace::doris {
namespace {

constexpr std::string_view kTwoPhase = "sink.enable-2pc";
constexpr std::string_view kTwoPhaseHeader = "sink.properties.two_phase_commit";
constexpr std::string_view kWriteTwoPhase = "Write 'sink.enable-2pc' = 'true'.";

void Warn(Span span, std::string message, std::string hint, Diagnostics* diagnostics) {
  diagnostics->emplace_back(DiagnosticCode::kOtherOnFlink, span, std::move(message),
                            std::move(hint), Severity::kWarning);
}

// Headers whose default is another one in Flink, with what that does to rows there.
struct OtherDefault {
  std::string_view header;
  std::string_view value;  // that makes both the same
  std::string_view there;
};
constexpr OtherDefault kOtherDefaults[] = {
    {"format", "json", "rows are sent as CSV, where a tab or line feed in a text breaks the row"},
    {"strict_mode", "true", "a value that Doris cannot store becomes NULL"},
};

void CompareDefaults(const Options& options, const SinkUse& use, Diagnostics* diagnostics) {
  const std::map<std::string, std::string> given = options.WithPrefix(kPropertyPrefix);
  std::vector<std::string> there, write;
  for (const OtherDefault& other : kOtherDefaults) {
    if (given.contains(std::string(other.header))) continue;
    there.emplace_back(other.there);
    write.push_back(fmt::format("'{}{}' = '{}'", kPropertyPrefix, other.header, other.value));
  }
  if (options.Text("sink.label-prefix").empty()) {
    there.emplace_back("loads that an earlier run left are not aborted");
    write.emplace_back("a 'sink.label-prefix'");
  }
  if (there.empty()) return;
  Warn(use.span,
       fmt::format("table {} relies on defaults that Flink's Doris connector does not have: there "
                   "{}",
                   Quoted(use.table), Join(there, "; ")),
       fmt::format("Write {}.", Join(write, ", ")), diagnostics);
}

}  // namespace

void CheckTwoPhaseHeader(const Options& options, Diagnostics* diagnostics) {
  if (options.Given(kTwoPhase) || !options.Given(kTwoPhaseHeader)) return;
  if (!EqualsIgnoreCase(Trim(options.Text(kTwoPhaseHeader)), "true")) return;  // refused
  Warn(options.KeySpan(kTwoPhaseHeader),
       "on Flink no row would appear in a Doris table with a UNIQUE KEY: its connector never "
       "commits what this header asks for unless 'sink.enable-2pc' = 'true' is written",
       std::string(kWriteTwoPhase), diagnostics);
}

void CompareWithFlink(const Options& options, const SinkUse& use, Diagnostics* diagnostics) {
  if (!options.Given(kTwoPhase) && !options.Given(kTwoPhaseHeader)) {
    Warn(use.span,
         fmt::format("on Flink table {} would be written without two-phase commit if it has a "
                     "UNIQUE KEY in Doris: its connector wants 'sink.enable-2pc' written",
                     Quoted(use.table)),
         std::string(kWriteTwoPhase), diagnostics);
  }
  CompareDefaults(options, use, diagnostics);
  const bool old_rows_go =
      options.Given("sink.ignore.update-before") && !options.Boolean("sink.ignore.update-before");
  if (use.loose_key.empty() || old_rows_go) return;
  Warn(use.span,
       fmt::format("on Flink a row whose {} changes would stay in table {} under its old key, too",
                   Join(use.loose_key, " or "), Quoted(use.table)),
       "Write 'sink.ignore.update-before' = 'false'.", diagnostics);
}

}  // namespace millrace::doris
