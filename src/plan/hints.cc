#include "plan/hints.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/ascii.h"
#include "plan/option_list.h"
#include "plan/settings.h"

namespace millrace {
namespace {

constexpr std::string_view kFlinkHints[] = {"BROADCAST",     "LOOKUP",   "MULTI_JOIN",
                                            "NEST_LOOP",     "OPTIONS",  "SHUFFLE_HASH",
                                            "SHUFFLE_MERGE", "STATE_TTL"};

bool IsOptions(const sql::Hint& hint) { return EqualsIgnoreCase(hint.name.text, "OPTIONS"); }

bool IsOfFlink(const sql::Hint& hint) {
  return std::any_of(std::begin(kFlinkHints), std::end(kFlinkHints), [&](std::string_view known) {
    return EqualsIgnoreCase(known, hint.name.text);
  });
}

}  // namespace

bool CheckHints(const std::vector<sql::Hint>& hints, bool options_work,
                const PlanContext& context) {
  bool accepted = true;
  for (const sql::Hint& hint : hints) {
    if (IsOptions(hint) && hint.options.empty()) {
      context.Error(DiagnosticCode::kInvalidValue, hint.span,
                    "Hint [OPTIONS] only support non empty key value options",
                    "Write /*+ OPTIONS('key' = 'value') */.");
      accepted = false;
    } else if (!IsOfFlink(hint) && context.settings.Boolean("millrace.strict-flink")) {
      context.Error(DiagnosticCode::kNotFlinkSql, hint.span,
                    fmt::format("the hint {} is not part of Flink SQL", hint.name.text));
      accepted = false;
    } else if (!IsOptions(hint)) {
      context.Report(NoEffect(hint.span, "hint " + hint.name.text));
    } else if (!options_work) {
      context.Report(NoEffect(hint.span, "hint OPTIONS that does not follow a table"));
    }
  }
  return accepted;
}

bool HasOptions(const std::vector<sql::Hint>& hints) {
  return std::any_of(hints.begin(), hints.end(), IsOptions);
}

std::shared_ptr<const TableDefinition> WithHints(std::shared_ptr<const TableDefinition> table,
                                                 const std::vector<sql::Hint>& hints,
                                                 const PlanContext& context) {
  std::vector<sql::OptionPair> options;
  for (const sql::Hint& hint : hints) {
    if (!IsOptions(hint)) continue;
    if (!context.settings.Boolean("table.dynamic-table-options.enabled")) {
      context.Error(DiagnosticCode::kNotSupported, hint.span, "OPTIONS hints are switched off",
                    "SET 'table.dynamic-table-options.enabled' = 'true';");
      return nullptr;
    }
    options.insert(options.end(), hint.options.begin(), hint.options.end());
  }
  if (options.empty()) return table;
  options = LastOfEach(options, context.diagnostics);
  auto changed = WithOptions(*table, options, context);
  return changed ? std::make_shared<TableDefinition>(std::move(*changed)) : nullptr;
}

}  // namespace millrace
