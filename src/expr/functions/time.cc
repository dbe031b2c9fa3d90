// Fields of dates and times, and counting with them.
#include <algorithm>

#include "expr/interval.h"
#include "expr/resolve.h"
#include "row/print.h"

namespace millrace {
namespace {

constexpr int64_t kMillisecondUs = 1'000;
constexpr int64_t kSecondUs = 1'000 * kMillisecondUs;
constexpr int64_t kMinuteUs = 60 * kSecondUs;
constexpr int64_t kHourUs = 60 * kMinuteUs;
constexpr int64_t kDayUs = 24 * kHourUs;

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// The wall clock of a cell; a TIME counts from 1970-01-01.
int64_t LocalOf(const FunctionCall& call, const Cell& cell) {
  switch (cell.kind) {
    case CellKind::kDate:
      return cell.i * kDayUs;
    case CellKind::kInstant:
      return call.zone.ToLocal(cell.i);
    default:
      return cell.i;
  }
}

int64_t WeekDay(int64_t days) { return ((days + 4) % 7 + 7) % 7; }  // 0: Sunday

// The Thursday of an ISO week tells its year and number.
int64_t ThursdayOf(int64_t days) { return days - (WeekDay(days) + 6) % 7 + 3; }

int64_t FieldOf(TimeUnit unit, int64_t local_us) {
  const int64_t days = FloorDivide(local_us, kDayUs);
  const int64_t of_day = local_us - days * kDayUs;
  const Civil civil = CivilFromDays(days);
  switch (unit) {
    case TimeUnit::kMillennium:
      return FloorDivide(civil.year + 999, 1000);
    case TimeUnit::kCentury:
      return FloorDivide(civil.year + 99, 100);
    case TimeUnit::kDecade:
      return FloorDivide(civil.year, 10);
    case TimeUnit::kYear:
      return civil.year;
    case TimeUnit::kQuarter:
      return (civil.month + 2) / 3;
    case TimeUnit::kMonth:
      return civil.month;
    case TimeUnit::kWeek: {
      const int64_t thursday = ThursdayOf(days);
      return (thursday - DaysFromCivil(CivilFromDays(thursday).year, 1, 1)) / 7 + 1;
    }
    case TimeUnit::kDay:
      return civil.day;
    case TimeUnit::kHour:
      return of_day / kHourUs;
    case TimeUnit::kMinute:
      return of_day / kMinuteUs % 60;
    case TimeUnit::kSecond:
      return of_day / kSecondUs % 60;
    case TimeUnit::kMillisecond:
      return of_day / kMillisecondUs % 1'000;
    case TimeUnit::kMicrosecond:
      return of_day % kSecondUs;
    case TimeUnit::kNanosecond:
      return of_day % kSecondUs * 1'000;
    case TimeUnit::kEpoch:
      return FloorDivide(local_us, kSecondUs);
    case TimeUnit::kDayOfWeek:
      return WeekDay(days) + 1;
    case TimeUnit::kIsoDayOfWeek:
      return (WeekDay(days) + 6) % 7 + 1;
    case TimeUnit::kIsoYear:
      return CivilFromDays(ThursdayOf(days)).year;
    case TimeUnit::kDayOfYear:
      return days - DaysFromCivil(civil.year, 1, 1) + 1;
  }
  return 0;
}

// Of an interval: its years and months, or its days, hours, minutes and seconds.
int64_t IntervalField(TimeUnit unit, const Cell& interval) {
  const int64_t value = interval.i;
  if (interval.kind == CellKind::kMonths) {
    return unit == TimeUnit::kYear ? value / 12 : unit == TimeUnit::kMonth ? value % 12 : 0;
  }
  switch (unit) {
    case TimeUnit::kDay:
      return value / (kDayUs / 1'000);
    case TimeUnit::kHour:
      return value / (kHourUs / 1'000) % 24;
    case TimeUnit::kMinute:
      return value / (kMinuteUs / 1'000) % 60;
    case TimeUnit::kSecond:
      return value / 1'000 % 60;
    case TimeUnit::kMillisecond:
      return value % 1'000;
    default:
      return 0;
  }
}

// Of a call that Resolve let pass.
TimeUnit UnitOf(const FunctionCall& call, size_t index) {
  return ParseTimeUnit(call.Text(index)).value_or(TimeUnit::kSecond);
}

bool OfDate(TimeUnit unit) { return unit <= TimeUnit::kDay || unit >= TimeUnit::kEpoch; }

Status Extract(const FunctionCall& call, Cell* out) {
  const TimeUnit unit = UnitOf(call, 0);
  const Cell& value = call[1];
  if (value.kind == CellKind::kMonths || value.kind == CellKind::kSpan) {
    *out = Cell::Int(IntervalField(unit, value));
  } else if (unit == TimeUnit::kEpoch && value.kind == CellKind::kInstant) {
    *out = Cell::Int(FloorDivide(value.i, kSecondUs));
  } else {
    *out = Cell::Int(FieldOf(unit, LocalOf(call, value)));
  }
  return Status::Ok();
}

Resolution ExtractType(Arguments arguments) {
  const std::optional<TimeUnit> unit = ParseTimeUnit(*arguments[0].constant);
  if (!unit) return Complain(0, fmt::format("does not know the unit {}", *arguments[0].constant));
  const Type& type = arguments[1].type;
  if (!IsNull(type) && !IsTemporal(type) && !type.is_interval()) {
    return Complain(
        1, fmt::format("needs a date, time or interval, not {}", ToString(type.Nullable())));
  }
  if (type.kind == TypeKind::kTime && OfDate(*unit)) {
    return Complain(0, fmt::format("finds no {} in a TIME", *arguments[0].constant));
  }
  return Give(kBigIntType, type.nullable);
}

template <TimeUnit unit>
Status Field(const FunctionCall& call, Cell* out) {
  *out = Cell::Int(FieldOf(unit, LocalOf(call, call[0])));
  return Status::Ok();
}

Resolution FieldOfDate(Arguments arguments) {
  return Give(kBigIntType, arguments[0].type.nullable);
}

// The beginning of the unit that `local_us` is in. Weeks begin on Sunday.
int64_t FloorTo(TimeUnit unit, int64_t local_us) {
  const int64_t days = FloorDivide(local_us, kDayUs);
  const Civil civil = CivilFromDays(days);
  const auto years = [&](int64_t size, int64_t first) {
    const int64_t year = FloorDivide(civil.year - first, size) * size + first;
    return DaysFromCivil(year, 1, 1) * kDayUs;
  };
  switch (unit) {
    case TimeUnit::kMillennium:
      return years(1000, 1);
    case TimeUnit::kCentury:
      return years(100, 1);
    case TimeUnit::kDecade:
      return years(10, 0);
    case TimeUnit::kYear:
      return years(1, 0);
    case TimeUnit::kQuarter:
      return DaysFromCivil(civil.year, (civil.month - 1) / 3 * 3 + 1, 1) * kDayUs;
    case TimeUnit::kMonth:
      return DaysFromCivil(civil.year, civil.month, 1) * kDayUs;
    case TimeUnit::kWeek:
      return (days - WeekDay(days)) * kDayUs;
    case TimeUnit::kDay:
      return days * kDayUs;
    case TimeUnit::kHour:
      return FloorDivide(local_us, kHourUs) * kHourUs;
    case TimeUnit::kMinute:
      return FloorDivide(local_us, kMinuteUs) * kMinuteUs;
    case TimeUnit::kSecond:
      return FloorDivide(local_us, kSecondUs) * kSecondUs;
    default:
      return FloorDivide(local_us, kMillisecondUs) * kMillisecondUs;
  }
}

// Of the units no interval has, too; 0 for what is no number of months.
int64_t CalendarMonthsOf(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kMillennium:
      return 12'000;
    case TimeUnit::kCentury:
      return 1'200;
    case TimeUnit::kDecade:
      return 120;
    default:
      return MonthsOf(unit);
  }
}

int64_t MicrosecondsOf(TimeUnit unit) {
  if (unit == TimeUnit::kMillisecond) return kMillisecondUs;
  const int64_t milliseconds = MillisecondsOf(unit);
  return milliseconds != 0 ? milliseconds * kMillisecondUs : 1;
}

std::optional<int64_t> Shift(TimeUnit unit, int64_t count, int64_t local_us) {
  constexpr int64_t kMonthsMax = 12 * 100'000;
  int64_t amount = 0;
  if (const int64_t months = CalendarMonthsOf(unit); months != 0) {
    if (__builtin_mul_overflow(count, months, &amount) || amount > kMonthsMax ||
        amount < -kMonthsMax) {
      return std::nullopt;
    }
    const int64_t days = FloorDivide(local_us, kDayUs);
    const int64_t later = AddMonths(days, amount);
    if (later > kDaysMax || later < -kDaysMax) return std::nullopt;
    return later * kDayUs + (local_us - days * kDayUs);
  }
  int64_t result = 0;
  if (__builtin_mul_overflow(count, MicrosecondsOf(unit), &amount) ||
      __builtin_add_overflow(local_us, amount, &result)) {
    return std::nullopt;
  }
  return result;
}

// A wall clock as a cell of the kind of `like`.
Cell AsKind(const FunctionCall& call, CellKind kind, int64_t local_us, uint8_t digits) {
  if (kind == CellKind::kDate) return Cell::Temporal(kind, FloorDivide(local_us, kDayUs), 0);
  if (kind == CellKind::kInstant) local_us = call.zone.ToInstant(local_us);
  if (kind == CellKind::kTime) local_us -= FloorDivide(local_us, kDayUs) * kDayUs;
  return Cell::Temporal(kind, local_us, digits);
}

template <bool up>
Status ToUnit(const FunctionCall& call, Cell* out) {
  const TimeUnit unit = UnitOf(call, 1);
  const int64_t local = LocalOf(call, call[0]);
  int64_t result = FloorTo(unit, local);
  if (up && result != local) result = Shift(unit, 1, result).value_or(result);
  *out = AsKind(call, call[0].kind, result, call.type.precision);
  return Status::Ok();
}

Resolution ToUnitType(Arguments arguments) {
  const std::optional<TimeUnit> unit = ParseTimeUnit(*arguments[1].constant);
  if (!unit || *unit > TimeUnit::kMillisecond) {
    return Complain(1, fmt::format("does not know the unit {}", *arguments[1].constant));
  }
  const Type& type = arguments[0].type;
  if (type.kind == TypeKind::kTime && OfDate(*unit)) {
    return Complain(1, fmt::format("finds no {} in a TIME", *arguments[1].constant));
  }
  return Give(IsNull(type) ? kTimestamp3Type : type, type.nullable);
}

std::optional<TimeUnit> CountableUnit(const Argument& argument) {
  const std::optional<TimeUnit> unit = ParseTimeUnit(*argument.constant);
  return unit && *unit <= TimeUnit::kMicrosecond ? unit : std::nullopt;
}

Resolution AddType(Arguments arguments) {
  const std::optional<TimeUnit> unit = CountableUnit(arguments[0]);
  if (!unit) return Complain(0, fmt::format("does not know the unit {}", *arguments[0].constant));
  Type type = arguments[2].type;
  if (IsNull(type)) type = kTimestamp3Type;
  if (type.kind == TypeKind::kTime && OfDate(*unit)) {
    return Complain(0, fmt::format("finds no {} in a TIME", *arguments[0].constant));
  }
  const bool of_day = *unit > TimeUnit::kDay;
  if (type.kind == TypeKind::kDate && of_day) type = Type::Timestamp(0);
  const uint8_t digits = *unit == TimeUnit::kMicrosecond   ? 6
                         : *unit == TimeUnit::kMillisecond ? 3
                                                           : 0;
  if (type.kind != TypeKind::kDate) type.precision = std::max(type.precision, digits);
  return Give(type, true);
}

Status Add(const FunctionCall& call, Cell* out) {
  const TimeUnit unit = UnitOf(call, 0);
  const Cell& moment = call[2];
  // Counted in UTC, as Flink does it: a day of an instant always has 24 hours.
  const bool date = moment.kind == CellKind::kDate;
  const std::optional<int64_t> moved =
      Shift(unit, call.Integer(1), date ? moment.i * kDayUs : moment.i);
  if (!moved) {
    return Status::Permanent(
        fmt::format("{} {} is beyond all dates", call.Integer(1), call.Text(0)));
  }
  if (call.type.kind == TypeKind::kDate) {
    *out = Cell::Temporal(CellKind::kDate, FloorDivide(*moved, kDayUs), 0);
  } else if (moment.kind == CellKind::kTime) {
    *out = AsKind(call, CellKind::kTime, *moved, call.type.precision);
  } else {
    const CellKind kind = date ? CellKind::kTimestamp : moment.kind;
    *out = Cell::Temporal(kind, *moved, call.type.precision);
  }
  return Status::Ok();
}

Resolution DiffType(Arguments arguments) {
  const std::optional<TimeUnit> unit = CountableUnit(arguments[0]);
  if (!unit) return Complain(0, fmt::format("does not know the unit {}", *arguments[0].constant));
  const Type& a = arguments[1].type;
  const Type& b = arguments[2].type;
  if (!IsNull(a) && !IsNull(b) && (a.kind == TypeKind::kTime) != (b.kind == TypeKind::kTime)) {
    return Complain(2, "needs two dates and times of one kind");
  }
  return Give(kIntType, AnyNullable(arguments));
}

// Whole months from `from` to `to`, cut towards zero.
int64_t MonthsBetween(int64_t from, int64_t to) {
  if (to < from) return -MonthsBetween(to, from);
  const Civil first = CivilFromDays(FloorDivide(from, kDayUs));
  const Civil last = CivilFromDays(FloorDivide(to, kDayUs));
  int64_t months = (last.year - first.year) * 12 + static_cast<int64_t>(last.month) -
                   static_cast<int64_t>(first.month);
  const int64_t reached = *Shift(TimeUnit::kMonth, months, from);
  return reached > to ? months - 1 : months;
}

Status Diff(const FunctionCall& call, Cell* out) {
  const TimeUnit unit = UnitOf(call, 0);
  const auto moment = [](const Cell& cell) {
    return cell.kind == CellKind::kDate ? cell.i * kDayUs : cell.i;
  };
  const bool mixed = (call[1].kind == CellKind::kInstant) != (call[2].kind == CellKind::kInstant);
  const int64_t from = mixed ? LocalOf(call, call[1]) : moment(call[1]);
  const int64_t to = mixed ? LocalOf(call, call[2]) : moment(call[2]);
  const int64_t months = CalendarMonthsOf(unit);
  const int64_t whole =
      months != 0 ? MonthsBetween(from, to) / months : (to - from) / MicrosecondsOf(unit);
  *out = Cell::Int(static_cast<int32_t>(whole));
  return Status::Ok();
}

constexpr Function kFunctions[] = {
    {"EXTRACT", "EXTRACT(unit FROM DATE | TIME | TIMESTAMP | INTERVAL) -> BIGINT", 2, 2, "ue",
     ExtractType, Op::kCall, Extract,
     "YEAR, QUARTER, MONTH, WEEK (ISO), DAY, HOUR, ..., DOW (1: Sunday), DOY, EPOCH of a moment."},
    {"YEAR", "YEAR(DATE) -> BIGINT", 1, 1, "d", FieldOfDate, Op::kCall, Field<TimeUnit::kYear>,
     "The year."},
    {"QUARTER", "QUARTER(DATE) -> BIGINT", 1, 1, "d", FieldOfDate, Op::kCall,
     Field<TimeUnit::kQuarter>, "The quarter of the year, 1 to 4."},
    {"MONTH", "MONTH(DATE) -> BIGINT", 1, 1, "d", FieldOfDate, Op::kCall, Field<TimeUnit::kMonth>,
     "The month, 1 to 12."},
    {"WEEK", "WEEK(DATE) -> BIGINT", 1, 1, "d", FieldOfDate, Op::kCall, Field<TimeUnit::kWeek>,
     "The week of ISO 8601, 1 to 53."},
    {"DAYOFYEAR", "DAYOFYEAR(DATE) -> BIGINT", 1, 1, "d", FieldOfDate, Op::kCall,
     Field<TimeUnit::kDayOfYear>, "The day of the year, 1 to 366."},
    {"DAYOFMONTH", "DAYOFMONTH(DATE) -> BIGINT", 1, 1, "d", FieldOfDate, Op::kCall,
     Field<TimeUnit::kDay>, "The day of the month, 1 to 31."},
    {"DAYOFWEEK", "DAYOFWEEK(DATE) -> BIGINT", 1, 1, "d", FieldOfDate, Op::kCall,
     Field<TimeUnit::kDayOfWeek>, "The day of the week, 1 (Sunday) to 7."},
    {"HOUR", "HOUR(TIMESTAMP) -> BIGINT", 1, 1, "T", FieldOfDate, Op::kCall, Field<TimeUnit::kHour>,
     "The hour, 0 to 23."},
    {"MINUTE", "MINUTE(TIMESTAMP) -> BIGINT", 1, 1, "T", FieldOfDate, Op::kCall,
     Field<TimeUnit::kMinute>, "The minute, 0 to 59."},
    {"SECOND", "SECOND(TIMESTAMP) -> BIGINT", 1, 1, "T", FieldOfDate, Op::kCall,
     Field<TimeUnit::kSecond>, "The second, 0 to 59."},
    {"FLOOR", "FLOOR(TIMESTAMP TO unit) -> TIMESTAMP", 2, 2, "Tu", ToUnitType, Op::kCall,
     ToUnit<false>, "The beginning of the year, month, week (Sunday), hour, ... a moment is in."},
    {"CEIL", "CEIL(TIMESTAMP TO unit) -> TIMESTAMP", 2, 2, "Tu", ToUnitType, Op::kCall,
     ToUnit<true>, "The moment itself if a unit begins with it, else the beginning of the next."},
    {"CEILING", "CEILING(TIMESTAMP TO unit) -> TIMESTAMP", 2, 2, "Tu", ToUnitType, Op::kCall,
     ToUnit<true>, "The moment itself if a unit begins with it, else the beginning of the next."},
    {"TIMESTAMPADD", "TIMESTAMPADD(unit, INT, TIMESTAMP) -> TIMESTAMP", 3, 3, "uiT", AddType,
     Op::kCall, Add, "So many units later; a day is cut to the last one of its month."},
    {"TIMESTAMPDIFF", "TIMESTAMPDIFF(unit, TIMESTAMP, TIMESTAMP) -> INT", 3, 3, "uTT", DiffType,
     Op::kCall, Diff, "Whole units from the first to the second."},
};

}  // namespace

std::span<const Function> TimeFunctions() { return kFunctions; }

}  // namespace millrace
