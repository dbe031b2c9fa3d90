#include "plan/period.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace millrace {
namespace {

constexpr size_t kPeriodParts = 2;  // start and end

bool IsPeriod(const sql::Expression& operand) {
  return operand.kind == sql::ExpressionKind::kRow && operand.children.size() == kPeriodParts;
}

}  // namespace

bool IsPeriodTest(std::string_view name) {
  constexpr std::array<std::string_view, 7> kNames = {"OVERLAPS",
                                                      "CONTAINS",
                                                      "EQUALS",
                                                      "PRECEDES",
                                                      "IMMEDIATELY PRECEDES",
                                                      "SUCCEEDS",
                                                      "IMMEDIATELY SUCCEEDS"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::optional<sql::Expression> SpreadPeriods(const sql::Expression& call,
                                             Diagnostics* diagnostics) {
  const std::string hint =
      fmt::format("Write (start, end) {} (start, end); an end may be an INTERVAL.", call.text);
  sql::Expression spread = call;
  spread.children.clear();
  for (const sql::Expression& operand : call.children) {
    const bool is_moment = call.text == "CONTAINS" && &operand == &call.children.back() &&
                           operand.kind != sql::ExpressionKind::kRow;
    if (is_moment) {
      spread.children.push_back(operand);
    } else if (IsPeriod(operand)) {
      spread.children.insert(spread.children.end(), operand.children.begin(),
                             operand.children.end());
    } else {
      diagnostics->emplace_back(DiagnosticCode::kInvalidArgument, operand.span,
                                fmt::format("{} needs a period here", call.text), hint);
      return std::nullopt;
    }
  }
  return spread;
}

sql::Expression GatherPeriods(sql::Expression call) {
  std::vector<sql::Expression> values = std::move(call.children);
  call.children.clear();
  for (size_t i = 0; i < values.size(); i += kPeriodParts) {
    if (i + 1 == values.size()) {
      call.children.push_back(std::move(values[i]));
      break;
    }
    sql::Expression row;
    row.kind = sql::ExpressionKind::kRow;
    row.children = {std::move(values[i]), std::move(values[i + 1])};
    call.children.push_back(std::move(row));
  }
  return call;
}

}  // namespace millrace
