#include "cli/findings.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "cli/exit_status.h"

namespace millrace {
namespace {

constexpr std::string_view kIndent = "  ";

std::string_view WordFor(Severity severity) {
  return severity == Severity::kError ? "error" : "warning";
}

std::string Counted(size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

size_t ErrorsIn(const std::vector<Finding>& findings) {
  return static_cast<size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [](const Finding& finding) { return finding.severity == Severity::kError; }));
}

}  // namespace

std::string FindingsText(const std::vector<Finding>& findings, bool as_json) {
  std::string text = as_json ? "" : "== Preflight ==\n";
  for (const Finding& finding : findings) {
    const std::string_view word = WordFor(finding.severity);
    if (as_json) {
      text += Json::Object({{"severity", Json(word)},
                            {"place", Json(finding.place)},
                            {"what", Json(finding.what)},
                            {"remedy", Json(finding.remedy)}})
                  .ToText() +
              "\n";
      continue;
    }
    text += fmt::format("{}: {}: {}\n", word, finding.place, finding.what);
    if (!finding.remedy.empty()) text += fmt::format("{}{}\n", kIndent, finding.remedy);
  }
  if (as_json) return text;
  const size_t errors = ErrorsIn(findings);
  return text + fmt::format("{}, {}\n", Counted(errors, "error"),
                            Counted(findings.size() - errors, "warning"));
}

int StatusOf(const std::vector<Finding>& findings) {
  return ErrorsIn(findings) == 0 ? kExitOk : kExitFailed;
}

}  // namespace millrace
