// Tests of periods. The binder passes both periods as four values: start and end, or start and
// interval. The order of start and end does not matter.
#include <fmt/core.h>

#include <utility>

#include "expr/compare.h"
#include "expr/functions/resolve.h"
#include "expr/interval.h"

namespace millrace {
namespace {

using Truth = std::optional<bool>;  // nothing: UNKNOWN

struct Period {
  Cell start;
  Cell end;
};

Truth IsAtMost(const Cell& a, const Cell& b) {
  if (a.is_null() || b.is_null()) return std::nullopt;
  return CompareCells(a, b) <= 0;
}
Truth IsSame(const Cell& a, const Cell& b) {
  if (a.is_null() || b.is_null()) return std::nullopt;
  return CompareCells(a, b) == 0;
}
Truth Both(Truth a, Truth b) {
  if (a == false || b == false) return false;
  return a && b ? Truth(true) : std::nullopt;
}

Truth Overlaps(const Period& a, const Period& b) {
  return Both(IsAtMost(b.start, a.end), IsAtMost(a.start, b.end));
}
Truth Contains(const Period& a, const Period& b) {
  return Both(IsAtMost(a.start, b.start), IsAtMost(b.end, a.end));
}
Truth Equals(const Period& a, const Period& b) {
  return Both(IsSame(a.start, b.start), IsSame(a.end, b.end));
}
Truth Precedes(const Period& a, const Period& b) { return IsAtMost(a.end, b.start); }
Truth Succeeds(const Period& a, const Period& b) { return IsAtMost(b.end, a.start); }
Truth ImmediatelyPrecedes(const Period& a, const Period& b) { return IsSame(a.end, b.start); }
Truth ImmediatelySucceeds(const Period& a, const Period& b) { return IsSame(a.start, b.end); }

// The period of the values at `index` and after it, or of a single moment if that is the last
// argument. Nothing if its end is out of range.
std::optional<Period> PeriodAt(const FunctionCall& call, size_t index) {
  const Cell& start = call[index];
  if (index + 1 == call.count()) return Period{start, start};
  Cell end = call[index + 1];
  if (end.kind == CellKind::kYearInterval || end.kind == CellKind::kDayInterval) {
    if (start.is_null()) return Period{start, start};
    const std::optional<Cell> moved = CalculateInterval(Op::kAdd, start, end, kDateType);
    if (!moved) return std::nullopt;
    end = *moved;
  }
  Period period{start, end};
  // Values of unknown order are exchanged too, as in Flink.
  if (!IsAtMost(start, end).value_or(false)) std::swap(period.start, period.end);
  return period;
}

template <auto test>
Status Test(const FunctionCall& call, Cell* out) {
  const std::optional<Period> left = PeriodAt(call, 0);
  const std::optional<Period> right = PeriodAt(call, 2);
  if (!left || !right) return Status::Permanent("the end of a period is out of range");
  const Truth truth = test(*left, *right);
  *out = truth ? Cell::Bool(*truth) : Cell::Null();
  return Status::Ok();
}

Resolution Periods(Arguments arguments) {
  std::optional<Type> common;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Type& type = arguments[i].type;
    if (IsNull(type) || type.is_interval()) continue;
    const std::optional<Type> wider = common ? CommonType(*common, type) : type;
    if (!wider) {
      return Reject(i, fmt::format("cannot compare {} with {}", ToString(common->Nullable()),
                                   ToString(type.Nullable())));
    }
    common = wider;
  }
  std::vector<Type> casts;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Type& type = arguments[i].type;
    const bool months = type.kind == TypeKind::kIntervalYear;
    if (months && common && common->kind == TypeKind::kTime) {
      return Reject(i, "cannot add months to TIME");
    }
    casts.push_back(type.is_interval() || !common ? type : *common);
  }
  return Returns(kBooleanType, AnyNullable(arguments), std::move(casts));
}

template <auto test>
constexpr Function Row(std::string_view name, std::string_view signature, std::string_view help) {
  return {name, signature, 4, 4, "TpTp", Periods, Op::kCall, Test<test>, help, Nulls::kSeen};
}

constexpr Function kFunctions[] = {
    Row<Overlaps>("OVERLAPS", "(a, b) OVERLAPS (c, d) -> BOOLEAN",
                  "Whether two periods, each given by start and end or by start and interval, have "
                  "a moment in common. Both ends are part of a period."),
    {"CONTAINS", "(a, b) CONTAINS (c, d) or (a, b) CONTAINS c -> BOOLEAN", 3, 4, "TpTp", Periods,
     Op::kCall, Test<Contains>, "Whether the first period contains the second period or a moment.",
     Nulls::kSeen},
    Row<Equals>("EQUALS", "(a, b) EQUALS (c, d) -> BOOLEAN",
                "Whether two periods have the same start and the same end."),
    Row<Precedes>("PRECEDES", "(a, b) PRECEDES (c, d) -> BOOLEAN",
                  "Whether the first period ends before or when the second starts."),
    Row<Succeeds>("SUCCEEDS", "(a, b) SUCCEEDS (c, d) -> BOOLEAN",
                  "Whether the first period starts after or when the second ends."),
    Row<ImmediatelyPrecedes>("IMMEDIATELY PRECEDES",
                             "(a, b) IMMEDIATELY PRECEDES (c, d) -> BOOLEAN",
                             "Whether the first period ends when the second starts."),
    Row<ImmediatelySucceeds>("IMMEDIATELY SUCCEEDS",
                             "(a, b) IMMEDIATELY SUCCEEDS (c, d) -> BOOLEAN",
                             "Whether the first period starts when the second ends."),
};

}  // namespace

std::span<const Function> PeriodFunctions() { return kFunctions; }

}  // namespace millrace
