#include "plan/strict_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/ascii.h"
#include "base/units.h"
#include "expr/cast.h"
#include "expr/coercion.h"
#include "expr/functions/function_table.h"
#include "expr/interval.h"

namespace millrace {
namespace {

using Operands = std::span<const BoundExpression>;
using Refusal = std::optional<StrictRefusal>;

bool IsComparison(const Function& function) {
  return function.family == Family::kComparison &&
         ((function.op >= Op::kEqual && function.op <= Op::kGreaterEqual) ||
          function.op == Op::kIsDistinct || function.op == Op::kIsNotDistinct);
}

// Functions that Flink declares with its newer type inference, where NULL has a type.
bool InfersNull(std::string_view name) {
  return IsOneOf(name, {"BTRIM", "ELT", "PRINTF", "STARTSWITH", "ENDSWITH", "TRANSLATE",
                        "URL_ENCODE", "URL_DECODE", "UNHEX", "REGEXP_COUNT", "REGEXP_INSTR",
                        "REGEXP_SUBSTR", "TO_TIMESTAMP_LTZ"});
}

// NULL without a type, where an operand of a certain family is needed.
Refusal BareNull(const Function& function, Operands arguments) {
  const bool of_family = function.family == Family::kArithmetic ||
                         function.family == Family::kText || function.family == Family::kRegex ||
                         function.family == Family::kTime || function.family == Family::kHash ||
                         function.name == "IF" ||
                         (function.family == Family::kComparison && !IsComparison(function) &&
                          function.name != "IS NULL" && function.name != "IS NOT NULL");
  if (!of_family || InfersNull(function.name)) return std::nullopt;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const bool is_bare =
        arguments[i].kind == BoundExpression::Kind::kConstant && IsNull(arguments[i].type);
    if (is_bare)
      return StrictRefusal{i, "Flink does not take NULL here", "Write CAST(NULL AS ...)."};
  }
  return std::nullopt;
}

Refusal FloatingModulo(const Function& function, Operands arguments) {
  if (function.op != Op::kModulo) return std::nullopt;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!IsApproximate(arguments[i].type)) continue;
    return StrictRefusal{i, "Flink has no remainder of FLOAT or DOUBLE",
                         "Write CAST(... AS DECIMAL(p, s))."};
  }
  return std::nullopt;
}

Refusal MixedMoments(const Function& function, Operands arguments) {
  const bool common = IsComparison(function) ||
                      IsOneOf(function.name, {"COALESCE", "IFNULL", "NULLIF", "GREATEST", "LEAST"});
  const size_t first = function.name == "IF" ? 1 : 0;
  if (!common && first == 0) return std::nullopt;
  for (size_t i = first + 1; i < arguments.size(); ++i) {
    if (!MixDateAndTimestamp(arguments[first].type, arguments[i].type)) continue;
    return StrictRefusal{i, "Flink does not mix DATE and TIMESTAMP here",
                         "Write CAST(... AS TIMESTAMP(3)) for the DATE."};
  }
  return std::nullopt;
}

bool IsUnitOfMonths(TimeUnit unit) { return unit <= TimeUnit::kMonth; }
bool IsUnitOfDays(TimeUnit unit) {
  return unit >= TimeUnit::kWeek && unit <= TimeUnit::kNanosecond;
}

Refusal FieldOfInterval(const Function& function, Operands arguments) {
  if (function.name != "EXTRACT" || arguments.size() != 2 || !arguments[1].type.is_interval()) {
    return std::nullopt;
  }
  const std::optional<TimeUnit> unit = ParseTimeUnit(arguments[0].text);
  const bool months = arguments[1].type.kind == TypeKind::kIntervalYear;
  if (!unit || (months ? !IsUnitOfDays(*unit) : !IsUnitOfMonths(*unit))) return std::nullopt;
  return StrictRefusal{0,
                       fmt::format("in Flink an {} has no {}",
                                   ToString(arguments[1].type.Nullable()), arguments[0].text),
                       ""};
}

Refusal FractionOfDate(const Function& function, Operands arguments) {
  if (function.name != "TIMESTAMPADD" || arguments.size() != 3) return std::nullopt;
  if (!IsOneOf(arguments[0].text, {"MILLISECOND", "MICROSECOND"})) return std::nullopt;
  if (arguments[2].type.kind != TypeKind::kDate) return std::nullopt;
  return StrictRefusal{0, fmt::format("Flink does not add a {} to a DATE", arguments[0].text),
                       "Write CAST(... AS TIMESTAMP(6))."};
}

Refusal OtherTypes(const Function& function, Operands arguments) {
  const auto refuse = [&](size_t index) {
    return StrictRefusal{index,
                         fmt::format("Flink's {} does not take {}", function.name,
                                     ToString(arguments[index].type.Nullable())),
                         "Write CAST(... AS STRING)."};
  };
  if (IsOneOf(function.name, {"IS_ALPHA", "IS_DIGIT", "IS_DECIMAL"})) {
    const Type& type = arguments[0].type;
    if (!type.is_text() && !type.is_numeric()) return refuse(0);
  }
  if (function.name == "HEX" && arguments[0].type.is_binary()) return refuse(0);
  if (IsOneOf(function.name, {"JSON_STRING", "JSON_OBJECT", "JSON_ARRAY"})) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      const Type& type = arguments[i].type;
      const bool is_date = type.kind == TypeKind::kDate || type.kind == TypeKind::kTime;
      if (is_date || type.is_interval()) return refuse(i);
    }
  }
  return std::nullopt;
}

Refusal PeriodTest(const Function& function, Operands arguments) {
  if (!IsOneOf(function.name, {"CONTAINS", "EQUALS", "PRECEDES", "IMMEDIATELY PRECEDES", "SUCCEEDS",
                               "IMMEDIATELY SUCCEEDS"})) {
    return std::nullopt;
  }
  return StrictRefusal{arguments.size(), "of the tests of periods Flink runs only OVERLAPS",
                       "Compare the starts and ends."};
}

// A day between 1582-10-04 and 1582-10-15, which the change of the calendar left out.
bool IsLostDay(std::string_view text) {
  constexpr std::string_view kMonth = "1582-10-";
  if (!text.starts_with(kMonth)) return false;
  const auto day = ParseInteger(text.substr(kMonth.size(), 2));
  return day && *day > 4 && *day < 15;
}

std::optional<std::string> BadInterval(const sql::Expression& literal) {
  constexpr int64_t kDigitsMax = 2;
  constexpr int64_t kFractionMax = 6;
  const sql::Interval& interval = *literal.interval;
  std::string_view text = Trim(literal.text);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto not_digit = [](char c) { return !IsDigit(c); };
  const auto digits = std::find_if(text.begin(), text.end(), not_digit) - text.begin();
  const int64_t max = interval.precision < 0 ? kDigitsMax : interval.precision;
  if (digits > max) {
    return fmt::format("in Flink this INTERVAL needs {}({})", interval.from, digits);
  }
  const size_t point = text.find('.');
  const int64_t fraction_max =
      interval.fraction_precision < 0 ? kFractionMax : interval.fraction_precision;
  if (point != std::string_view::npos &&
      static_cast<int64_t>(text.size() - point - 1) > fraction_max) {
    return fmt::format("in Flink this INTERVAL has at most {} digits after the point",
                       fraction_max);
  }
  return std::nullopt;
}

}  // namespace

bool MixDateAndTimestamp(const Type& a, const Type& b) {
  const auto is_timestamp = [](const Type& type) {
    return type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kTimestampLtz;
  };
  return (a.kind == TypeKind::kDate && is_timestamp(b)) ||
         (b.kind == TypeKind::kDate && is_timestamp(a));
}

Refusal RefusedByFlink(const Function& function, Operands arguments) {
  for (const auto rule : {BareNull, FloatingModulo, MixedMoments, FieldOfInterval, FractionOfDate,
                          OtherTypes, PeriodTest}) {
    if (Refusal refusal = rule(function, arguments)) return refusal;
  }
  return std::nullopt;
}

std::optional<std::string> RefusedCast(const BoundExpression& operand, const Type& type) {
  const bool of_text = operand.kind == BoundExpression::Kind::kConstant && operand.type.is_text();
  if (!of_text || type.kind != TypeKind::kFloat) return std::nullopt;
  Arena arena;
  const std::optional<Cell> value = CastCell(Cell::Text(operand.text), type, &arena, TimeZone());
  if (!value || value->is_null() || std::isfinite(value->f)) return std::nullopt;
  return fmt::format("Flink cannot make a FLOAT of the constant '{}'", operand.text);
}

std::optional<std::string> RefusedByFlink(const sql::Expression& literal) {
  switch (literal.literal) {
    case sql::LiteralKind::kDate:
    case sql::LiteralKind::kTimestamp:
      if (!IsLostDay(literal.text)) return std::nullopt;
      return "Flink does not know the days that the change of the calendar left out";
    case sql::LiteralKind::kInterval:
      return BadInterval(literal);
    default:
      return std::nullopt;
  }
}

}  // namespace millrace
