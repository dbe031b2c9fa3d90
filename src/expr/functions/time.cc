// Fields of dates and times, rounding them, and counting with them.
#include <fmt/core.h>

#include <algorithm>

#include "expr/day_time.h"
#include "expr/functions/resolve.h"
#include "expr/functions/time_fields.h"
#include "expr/interval.h"
#include "row/calendar.h"

namespace millrace {
namespace {

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

// Of an interval: its years and months, or its days, hours, minutes and seconds.
int64_t IntervalField(TimeUnit unit, const Cell& interval) {
  const int64_t value = interval.i;
  if (interval.kind == CellKind::kYearInterval) {
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

// The unit of a call that Resolve accepted.
TimeUnit UnitOf(const FunctionCall& call, size_t index) {
  return ParseTimeUnit(call.Text(index)).value_or(TimeUnit::kSecond);
}

Resolution RejectUnit(Arguments arguments, size_t index) {
  return RejectValue(index,
                     fmt::format("does not support the time unit {}", *arguments[index].constant));
}
Resolution RejectUnitOfTime(Arguments arguments, size_t index) {
  return RejectValue(index, fmt::format("of a TIME has no {}", *arguments[index].constant));
}

bool OfDate(TimeUnit unit) { return unit <= TimeUnit::kDay || unit >= TimeUnit::kEpoch; }

Status Extract(const FunctionCall& call, Cell* out) {
  const TimeUnit unit = UnitOf(call, 0);
  const Cell& value = call[1];
  if (value.kind == CellKind::kYearInterval || value.kind == CellKind::kDayInterval) {
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
  if (!unit) return RejectUnit(arguments, 0);
  const Type& type = arguments[1].type;
  if (!IsNull(type) && !IsTemporal(type) && !type.is_interval()) {
    return Reject(1,
                  fmt::format("needs a date, time or interval, not {}", ToString(type.Nullable())));
  }
  if (type.kind == TypeKind::kTime && OfDate(*unit)) {
    return RejectUnitOfTime(arguments, 0);
  }
  return Returns(kBigIntType, type.nullable);
}

template <TimeUnit unit>
Status Field(const FunctionCall& call, Cell* out) {
  *out = Cell::Int(FieldOf(unit, LocalOf(call, call[0])));
  return Status::Ok();
}

Resolution FieldOfDate(Arguments arguments) {
  return Returns(kBigIntType, arguments[0].type.nullable);
}

// A wall clock as a cell of a kind.
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
    return RejectUnit(arguments, 1);
  }
  const Type& type = arguments[0].type;
  if (type.kind == TypeKind::kTime && OfDate(*unit)) {
    return RejectUnitOfTime(arguments, 1);
  }
  return Returns(IsNull(type) ? kTimestamp3Type : type, type.nullable);
}

std::optional<TimeUnit> CountableUnit(const Argument& argument) {
  const std::optional<TimeUnit> unit = ParseTimeUnit(*argument.constant);
  return unit && *unit <= TimeUnit::kMicrosecond ? unit : std::nullopt;
}

Resolution AddType(Arguments arguments) {
  const std::optional<TimeUnit> unit = CountableUnit(arguments[0]);
  if (!unit) return RejectUnit(arguments, 0);
  Type type = arguments[2].type;
  if (IsNull(type)) type = kTimestamp3Type;
  const bool of_day = *unit > TimeUnit::kDay;
  constexpr uint8_t kOfDateDigits = 6;
  if (type.kind == TypeKind::kDate && of_day) type = Type::Timestamp(kOfDateDigits);
  const uint8_t digits = *unit == TimeUnit::kMicrosecond   ? 6
                         : *unit == TimeUnit::kMillisecond ? 3
                                                           : 0;
  if (type.kind != TypeKind::kDate) type.precision = std::max(type.precision, digits);
  return Returns(type, AnyNullable(arguments));
}

Status Add(const FunctionCall& call, Cell* out) {
  const TimeUnit unit = UnitOf(call, 0);
  const Cell& moment = call[2];
  // Counted in UTC as in Flink: a day of a TIMESTAMP_LTZ always has 24 hours.
  const bool date = moment.kind == CellKind::kDate;
  const std::optional<int64_t> moved =
      Shift(unit, call.Integer(1), date ? moment.i * kDayUs : moment.i);
  if (!moved) {
    return Status::Permanent(
        fmt::format("date or time out of range: {} {}", call.Integer(1), call.Text(0)));
  }
  if (call.type.kind == TypeKind::kDate) {
    *out = Cell::Temporal(CellKind::kDate, FloorDivide(*moved, kDayUs), 0);
  } else if (moment.kind == CellKind::kTime) {
    *out = AsKind(call, CellKind::kTime, CutFraction(*moved, call.type.precision),
                  call.type.precision);
  } else {
    const CellKind kind = date ? CellKind::kTimestamp : moment.kind;
    *out = Cell::Temporal(kind, CutFraction(*moved, call.type.precision), call.type.precision);
  }
  return Status::Ok();
}

Resolution DiffType(Arguments arguments) {
  const std::optional<TimeUnit> unit = CountableUnit(arguments[0]);
  if (!unit) return RejectUnit(arguments, 0);
  const Type& a = arguments[1].type;
  const Type& b = arguments[2].type;
  if (!IsNull(a) && !IsNull(b) && (a.kind == TypeKind::kTime) != (b.kind == TypeKind::kTime)) {
    return Reject(2, "needs two arguments of the same kind: both TIME, or both with a date");
  }
  return Returns(kIntType, AnyNullable(arguments));
}

Status Diff(const FunctionCall& call, Cell* out) {
  const TimeUnit unit = UnitOf(call, 0);
  const auto moment = [](const Cell& cell) {
    return cell.kind == CellKind::kDate ? cell.i * kDayUs : cell.i;
  };
  const bool mixed = (call[1].kind == CellKind::kInstant) != (call[2].kind == CellKind::kInstant);
  const int64_t from = mixed ? LocalOf(call, call[1]) : moment(call[1]);
  const int64_t to = mixed ? LocalOf(call, call[2]) : moment(call[2]);
  *out = Cell::Int(static_cast<int32_t>(UnitsBetween(unit, from, to)));
  return Status::Ok();
}

constexpr Function kFunctions[] = {
    {"EXTRACT", "EXTRACT(unit FROM DATE | TIME | TIMESTAMP | INTERVAL) -> BIGINT", 2, 2, "ue",
     ExtractType, Op::kCall, Extract,
     "One field: YEAR, QUARTER, MONTH, WEEK (ISO), DAY, HOUR, ..., DOW (1: Sunday), DOY, EPOCH."},
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
     ToUnit<false>, "Rounded down to a year, month, week (starts on Sunday), hour or other unit."},
    {"CEIL", "CEIL(TIMESTAMP TO unit) -> TIMESTAMP", 2, 2, "Tu", ToUnitType, Op::kCall,
     ToUnit<true>, "Rounded up to a year, month, week (starts on Sunday), hour or other unit."},
    {"CEILING", "CEILING(TIMESTAMP TO unit) -> TIMESTAMP", 2, 2, "Tu", ToUnitType, Op::kCall,
     ToUnit<true>, "Rounded up to a year, month, week (starts on Sunday), hour or other unit."},
    {"TIMESTAMPADD", "TIMESTAMPADD(unit, INT, TIMESTAMP) -> TIMESTAMP", 3, 3, "uiT", AddType,
     Op::kCall, Add,
     "That many units later. A day after the end of the month becomes its last day."},
    {"TIMESTAMPDIFF", "TIMESTAMPDIFF(unit, TIMESTAMP, TIMESTAMP) -> INT", 3, 3, "uTT", DiffType,
     Op::kCall, Diff, "Number of whole units from the first to the second."},
};

}  // namespace

std::span<const Function> TimeFunctions() { return kFunctions; }

}  // namespace millrace
