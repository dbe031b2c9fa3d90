#include "expr/interval.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/ascii.h"
#include "expr/day_time.h"
#include "expr/scan.h"
#include "row/calendar.h"
#include "row/print.h"

namespace millrace {
namespace {

constexpr int64_t kSecondMs = 1'000;
constexpr int64_t kMinuteMs = 60 * kSecondMs;
constexpr int64_t kHourMs = 60 * kMinuteMs;
constexpr int64_t kDayMs = 24 * kHourMs;

struct UnitName {
  std::string_view name;
  TimeUnit unit;
};
constexpr std::array<UnitName, 22> kUnits = {{{"MILLENNIUM", TimeUnit::kMillennium},
                                              {"CENTURY", TimeUnit::kCentury},
                                              {"DECADE", TimeUnit::kDecade},
                                              {"YEAR", TimeUnit::kYear},
                                              {"QUARTER", TimeUnit::kQuarter},
                                              {"MONTH", TimeUnit::kMonth},
                                              {"WEEK", TimeUnit::kWeek},
                                              {"DAY", TimeUnit::kDay},
                                              {"HOUR", TimeUnit::kHour},
                                              {"MINUTE", TimeUnit::kMinute},
                                              {"SECOND", TimeUnit::kSecond},
                                              {"MILLISECOND", TimeUnit::kMillisecond},
                                              {"MICROSECOND", TimeUnit::kMicrosecond},
                                              {"NANOSECOND", TimeUnit::kNanosecond},
                                              {"EPOCH", TimeUnit::kEpoch},
                                              {"DOW", TimeUnit::kDayOfWeek},
                                              {"DAYOFWEEK", TimeUnit::kDayOfWeek},
                                              {"ISODOW", TimeUnit::kIsoDayOfWeek},
                                              {"ISOYEAR", TimeUnit::kIsoYear},
                                              {"DOY", TimeUnit::kDayOfYear},
                                              {"DAYOFYEAR", TimeUnit::kDayOfYear},
                                              {"DAYOFMONTH", TimeUnit::kDay}}};

// Up to 12 digits; more are an error.
std::optional<int64_t> TakeNumber(std::string_view* text) {
  constexpr size_t kDigitsMax = 12;
  const std::optional<int64_t> value = TakeDigits(text, 1, kDigitsMax);
  const bool too_long = !text->empty() && IsDigit(text->front());
  return too_long ? std::nullopt : value;
}

int64_t TakeSign(std::string_view* text) {
  if (TakeChar(text, '-')) return -1;
  TakeChar(text, '+');
  return 1;
}

// ".789" as milliseconds, truncated.
std::optional<int64_t> TakeFraction(std::string_view* text) {
  if (!TakeChar(text, '.')) return 0;
  if (text->empty() || !IsDigit(text->front())) return std::nullopt;
  int64_t value = 0;
  for (int64_t unit = 100; !text->empty() && IsDigit(text->front()); unit /= 10) {
    value += (text->front() - '0') * unit;
    text->remove_prefix(1);
  }
  return value;
}

// The fields of `text` from unit `from` down to `to` in milliseconds.
std::optional<int64_t> ParseDays(std::string_view text, TimeUnit from, TimeUnit to) {
  const int64_t sign = TakeSign(&text);
  int64_t total = 0;
  for (auto unit = from;; unit = static_cast<TimeUnit>(static_cast<int>(unit) + 1)) {
    const std::optional<int64_t> value = TakeNumber(&text);
    if (!value) return std::nullopt;
    const int64_t limit = unit == from ? INT64_MAX : unit == TimeUnit::kHour ? 23 : 59;
    if (*value > limit) return std::nullopt;
    int64_t part = 0;
    if (__builtin_mul_overflow(*value, MillisecondsOf(unit), &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return std::nullopt;
    }
    if (unit == to) break;
    if (!TakeChar(&text, unit == TimeUnit::kDay ? ' ' : ':')) return std::nullopt;
  }
  if (to == TimeUnit::kSecond) {
    const std::optional<int64_t> fraction = TakeFraction(&text);
    if (!fraction) return std::nullopt;
    total += *fraction;
  }
  return text.empty() ? std::optional(sign * total) : std::nullopt;
}

std::optional<int64_t> ParseMonths(std::string_view text, TimeUnit from, TimeUnit to) {
  const int64_t sign = TakeSign(&text);
  const std::optional<int64_t> first = TakeNumber(&text);
  if (!first || *first > INT32_MAX) return std::nullopt;
  int64_t months = *first * MonthsOf(from);
  if (from != to) {
    const std::optional<int64_t> second = TakeChar(&text, '-') ? TakeNumber(&text) : std::nullopt;
    if (!second || *second > 11) return std::nullopt;
    months += *second;
  }
  return text.empty() ? std::optional(sign * months) : std::nullopt;
}

// The date or time `amount` months or milliseconds later.
std::optional<int64_t> MoveMoment(const Cell& moment, int64_t amount, bool months) {
  constexpr int64_t kMonthsMax = 12 * 200'000;
  if (months && (amount > kMonthsMax || amount < -kMonthsMax)) return std::nullopt;
  switch (moment.kind) {
    case CellKind::kDate: {
      const int64_t days = months ? AddMonths(moment.i, amount) : moment.i + amount / kDayMs;
      return days <= kDaysMax && days >= -kDaysMax ? std::optional(days) : std::nullopt;
    }
    case CellKind::kTime: {
      const int64_t moved = moment.i + (months ? 0 : amount % kDayMs * 1'000);
      return moved - FloorDivide(moved, kDayUs) * kDayUs;
    }
    default: {
      int64_t moved = 0;
      if (!months) {
        const bool overflow = __builtin_mul_overflow(amount, int64_t{1'000}, &moved) ||
                              __builtin_add_overflow(moved, moment.i, &moved);
        return overflow ? std::nullopt : std::optional(moved);
      }
      const int64_t days = FloorDivide(moment.i, kDayUs);
      const int64_t later = AddMonths(days, amount);
      if (later > kDaysMax || later < -kDaysMax) return std::nullopt;
      return later * kDayUs + (moment.i - days * kDayUs);
    }
  }
}

std::optional<int64_t> Whole(double value) {
  constexpr double kMax = 9.2e18;
  return value < kMax && value > -kMax ? std::optional(static_cast<int64_t>(value)) : std::nullopt;
}

bool IsInterval(const Cell& cell) {
  return cell.kind == CellKind::kYearInterval || cell.kind == CellKind::kDayInterval;
}

}  // namespace

int64_t MonthsOf(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kYear:
      return 12;
    case TimeUnit::kQuarter:
      return 3;
    case TimeUnit::kMonth:
      return 1;
    default:
      return 0;
  }
}

int64_t MillisecondsOf(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kWeek:
      return 7 * kDayMs;
    case TimeUnit::kDay:
      return kDayMs;
    case TimeUnit::kHour:
      return kHourMs;
    case TimeUnit::kMinute:
      return kMinuteMs;
    case TimeUnit::kSecond:
      return kSecondMs;
    default:
      return 0;
  }
}

std::optional<TimeUnit> ParseTimeUnit(std::string_view name) {
  constexpr std::string_view kOdbc = "SQL_TSI_";
  if (EqualsIgnoreCase(name.substr(0, kOdbc.size()), kOdbc)) name.remove_prefix(kOdbc.size());
  for (const UnitName& unit : kUnits) {
    if (EqualsIgnoreCase(unit.name, name)) return unit.unit;
  }
  return std::nullopt;
}

std::optional<IntervalLiteral> ParseInterval(std::string_view text, std::string_view from,
                                             std::string_view to) {
  const std::optional<TimeUnit> first = ParseTimeUnit(from);
  const std::optional<TimeUnit> last = to.empty() ? first : ParseTimeUnit(to);
  if (!first || !last || *last < *first) return std::nullopt;
  char printed[kCellTextMax];
  text = Trim(text);
  if (MonthsOf(*first) != 0 && MonthsOf(*last) != 0) {
    const std::optional<int64_t> months = ParseMonths(text, *first, *last);
    if (!months) return std::nullopt;
    return IntervalLiteral{Type::Of(TypeKind::kIntervalYear).NotNull(),
                           std::string(printed, PrintYearInterval(printed, *months))};
  }
  if (MillisecondsOf(*first) == 0 || MillisecondsOf(*last) == 0) return std::nullopt;
  const std::optional<int64_t> milliseconds = ParseDays(text, *first, *last);
  if (!milliseconds) return std::nullopt;
  return IntervalLiteral{Type::Of(TypeKind::kIntervalDay).NotNull(),
                         std::string(printed, PrintDayInterval(printed, *milliseconds))};
}

std::optional<int64_t> ParseYearIntervalText(std::string_view text) {
  return ParseMonths(text, TimeUnit::kYear, TimeUnit::kMonth);
}
std::optional<int64_t> ParseDayIntervalText(std::string_view text) {
  return ParseDays(text, TimeUnit::kDay, TimeUnit::kSecond);
}

int64_t AddMonths(int64_t days, int64_t months) {
  const Civil civil = CivilFromDays(days);
  const int64_t total = civil.year * 12 + static_cast<int64_t>(civil.month) - 1 + months;
  const int64_t year = FloorDivide(total, 12);
  const auto month = static_cast<unsigned>(total - year * 12 + 1);
  const int64_t first = DaysFromCivil(year, month, 1);
  const int64_t next =
      month == 12 ? DaysFromCivil(year + 1, 1, 1) : DaysFromCivil(year, month + 1, 1);
  return first + std::min(static_cast<int64_t>(civil.day) - 1, next - first - 1);
}

std::optional<Cell> CalculateInterval(Op op, const Cell& a, const Cell& b, const Type& type) {
  std::optional<int64_t> value;
  if (type.is_interval()) {
    const Cell& interval = IsInterval(a) ? a : b;
    if (op == Op::kMultiply) {
      value = Whole(static_cast<double>(interval.i) * (IsInterval(a) ? b : a).f);
    } else if (op == Op::kDivide) {
      value = Whole(static_cast<double>(interval.i) / b.f);
    } else {
      int64_t sum = 0;
      const bool overflow = op == Op::kAdd ? __builtin_add_overflow(a.i, b.i, &sum)
                                           : __builtin_sub_overflow(a.i, b.i, &sum);
      if (!overflow) value = sum;
    }
    return value ? std::optional(Cell::Temporal(interval.kind, *value, 0)) : std::nullopt;
  }
  const Cell& moment = IsInterval(a) ? b : a;
  const Cell& interval = IsInterval(a) ? a : b;
  int64_t amount = interval.i;
  if (op == Op::kSubtract && __builtin_sub_overflow(int64_t{0}, amount, &amount)) {
    return std::nullopt;
  }
  value = MoveMoment(moment, amount, interval.kind == CellKind::kYearInterval);
  if (!value) return std::nullopt;
  // The precision of the moment stays, so that milliseconds beyond it are cut.
  if (moment.kind == CellKind::kDate) return Cell::Temporal(moment.kind, *value, 0);
  return Cell::Temporal(moment.kind, CutFraction(*value, type.precision), type.precision);
}

}  // namespace millrace
