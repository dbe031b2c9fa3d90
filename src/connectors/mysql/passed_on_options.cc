#include "connectors/mysql/passed_on_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/regex.h"
#include "base/units.h"
#include "connectors/mysql/schema/name_pattern.h"

namespace millrace::mysql {
namespace {

constexpr std::string_view kSnapshotEnabled = "scan.incremental.snapshot.enabled";
// With another engine of Flink's connector these values leave out the snapshot, or the changes.
constexpr std::string_view kOtherSnapshots[] = {"never", "schema_only", "schema_only_recovery",
                                                "initial_only"};

class PassedOnCheck final {
 public:
  PassedOnCheck(const Options& options, Diagnostics* diagnostics)
      : options_(options), diagnostics_(*diagnostics) {}

  void Run() {
    CheckSkipped();
    CheckColumnLists();
    for (const std::string_view prefix : {kColumnMask, kColumnTruncate}) CheckCharacters(prefix);
    CheckTimeZones();
    CheckSnapshotMode();
  }

 private:
  void Reject(Span span, std::string message, std::string hint) {
    diagnostics_.push_back(
        {DiagnosticCode::kInvalidValue, span, std::move(message), std::move(hint)});
  }

  void CheckSkipped() {
    if (!options_.Given(kSkippedOperations)) return;
    const std::string& text = options_.Text(kSkippedOperations);
    if (ParseSkippedOperations(text)) return;
    Reject(options_.ValueSpan(kSkippedOperations),
           fmt::format("the value {} of option {} is not a list of operations", Quoted(text),
                       Quoted(kSkippedOperations)),
           "Write c (inserts), u (updates), d (deletes), separated by commas, or none.");
  }

  void CheckPatterns(const std::string& key) {
    for (const std::string& pattern : NamePattern::SplitAlternatives(options_.Text(key))) {
      if (Regex::Compile(pattern)) continue;
      Reject(options_.ValueSpan(key),
             fmt::format("{} of option {} is not a valid regular expression", Quoted(pattern),
                         Quoted(key)),
             "Check brackets, braces and backslashes.");
      return;
    }
  }

  void CheckColumnLists() {
    for (const std::string_view key : {kColumnExcludeList, kColumnIncludeList}) {
      if (options_.Given(key)) CheckPatterns(std::string(key));
    }
    if (!options_.Given(kColumnExcludeList) || !options_.Given(kColumnIncludeList)) return;
    Reject(options_.KeySpan(kColumnExcludeList),
           fmt::format("options {} and {} cannot be combined", Quoted(kColumnExcludeList),
                       Quoted(kColumnIncludeList)),
           "Leave one of them out.");
  }

  void CheckCharacters(std::string_view prefix) {
    const bool masks = prefix == kColumnMask;
    for (const auto& [end, patterns] : options_.WithPrefix(prefix)) {
      const std::string key = std::string(prefix) + end;
      const std::optional<uint32_t> count = ParseCharacters(end);
      const bool fits = count && (masks ? *count <= kMaskCharactersMax : *count > 0);
      if (!fits) {
        Reject(options_.KeySpan(key),
               fmt::format("option {} says no number of characters that is possible", Quoted(key)),
               masks ? fmt::format("Write '{}N.chars' with a number from 0 to {}.", prefix,
                                   kMaskCharactersMax)
                     : fmt::format("Write '{}N.chars' with a number from 1 on.", prefix));
        continue;
      }
      CheckPatterns(key);
    }
  }

  // In Flink it is the zone of the snapshot only, beside the one of the changes.
  void CheckTimeZones() {
    const std::string& ours = options_.Text("server-time-zone");
    for (const std::string_view key : kJdbcTimeZones) {
      if (!options_.Given(key) || EqualsIgnoreCase(options_.Text(key), ours)) continue;
      Reject(options_.ValueSpan(key),
             fmt::format("option {} is {}, but the time zone of the server is {} by option "
                         "'server-time-zone'",
                         Quoted(key), Quoted(options_.Text(key)), Quoted(ours)),
             fmt::format("Write 'server-time-zone' = '{}', and leave the other one out.",
                         options_.Text(key)));
    }
  }

  void CheckSnapshotMode() {
    const bool counts_on_flink =
        options_.Given(kSnapshotEnabled) && !options_.Boolean(kSnapshotEnabled);
    if (!counts_on_flink || !options_.Given(kSnapshotMode)) return;
    const std::string& mode = options_.Text(kSnapshotMode);
    const bool is_other =
        std::any_of(std::begin(kOtherSnapshots), std::end(kOtherSnapshots),
                    [&](std::string_view other) { return EqualsIgnoreCase(mode, other); });
    if (!is_other) return;
    Reject(options_.ValueSpan(kSnapshotMode),
           fmt::format("option {} is not supported with this value", Quoted(kSnapshotMode)),
           "Write 'scan.startup.mode' = 'latest-offset' for changes only, or 'snapshot' for the "
           "snapshot only.");
  }

  const Options& options_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::optional<SkippedKinds> ParseSkippedOperations(std::string_view text) {
  constexpr std::pair<std::string_view, RowsKind> kOperations[] = {
      {"c", RowsKind::kWrite}, {"u", RowsKind::kUpdate}, {"d", RowsKind::kDelete}};
  SkippedKinds skipped{};
  for (const std::string& part : Split(text, ',')) {
    const std::string letter = ToLower(Trim(part));
    const auto* const found =
        std::find_if(std::begin(kOperations), std::end(kOperations),
                     [&](const auto& operation) { return operation.first == letter; });
    if (found != std::end(kOperations)) {
      skipped[static_cast<size_t>(found->second)] = true;
    } else if (!IsOneOf(letter, {"t", "none"})) {  // TRUNCATE has no rows anyway
      return std::nullopt;
    }
  }
  return skipped;
}

std::optional<uint32_t> ParseCharacters(std::string_view end_of_key) {
  constexpr std::string_view kUnit = ".chars";
  if (!end_of_key.ends_with(kUnit)) return std::nullopt;
  const auto count = ParseInteger(end_of_key.substr(0, end_of_key.size() - kUnit.size()));
  if (!count || *count < 0 || *count > UINT32_MAX) return std::nullopt;
  return static_cast<uint32_t>(*count);
}

void CheckPassedOn(const Options& options, Diagnostics* diagnostics) {
  PassedOnCheck(options, diagnostics).Run();
}

}  // namespace millrace::mysql
