// The current time, and dates and times from and to strings and numbers.
#include <fmt/core.h>

#include <cmath>

#include "expr/cast.h"
#include "expr/day_time.h"
#include "expr/functions/date_pattern.h"
#include "expr/functions/java_zone.h"
#include "expr/functions/resolve.h"
#include "expr/temporal_text.h"
#include "row/calendar.h"

namespace millrace {
namespace {

constexpr std::string_view kDefaultPattern = "yyyy-MM-dd HH:mm:ss";
constexpr uint8_t kMilliDigits = 3;

using Style = DatePattern::Style;

struct Patterns final : FunctionState {
  TextCache<std::optional<DatePattern>> compiled;
  std::string text;  // built for every row in the same memory
};

Status NotSupported(std::string_view pattern) {
  return Status::Permanent(fmt::format("'{}' is not a supported date pattern", pattern));
}

// One function must always ask for the same style.
Result<const DatePattern*> PatternOf(const FunctionCall& call, std::string_view text, Style style) {
  const std::optional<DatePattern>& pattern = call.Keep<Patterns>().compiled.Get(
      text, [&](std::string_view key) { return DatePattern::Compile(key, style); });
  if (pattern) return &*pattern;
  return NotSupported(text);
}
// To parse a string with.
Result<const DatePattern*> ReadingPatternOf(const FunctionCall& call, std::string_view text) {
  MR_ASSIGN_OR_RETURN(const DatePattern* pattern, PatternOf(call, text, Style::kFormatter));
  if (pattern->can_parse()) return pattern;
  return NotSupported(text);
}

enum class Use : uint8_t { kPrint, kParse };

// Rejects a constant pattern that is invalid, before any row.
std::optional<Resolution> RejectPattern(Arguments arguments, size_t index, Style style, Use use) {
  if (index >= arguments.size() || !arguments[index].constant) return std::nullopt;
  const auto pattern = DatePattern::Compile(*arguments[index].constant, style);
  if (pattern && (use == Use::kPrint || pattern->can_parse())) return std::nullopt;
  return RejectValue(index, "does not support this date pattern");
}

template <const Type& type>
Resolution WithReadingPattern(Arguments arguments) {
  if (auto rejected = RejectPattern(arguments, 1, Style::kFormatter, Use::kParse)) return *rejected;
  return Returns(type, true);
}

Resolution UnixTimestampType(Arguments arguments) {
  if (auto rejected = RejectPattern(arguments, 1, Style::kFormatter, Use::kParse)) return *rejected;
  return Returns(kBigIntType, AnyNullable(arguments));
}

Resolution FromUnixTimeType(Arguments arguments) {
  if (auto rejected = RejectPattern(arguments, 1, Style::kSimple, Use::kPrint)) return *rejected;
  return Returns(kStringType, true);
}

// Functions that use java.util.Calendar in Flink.
constexpr auto kSecondOfTwo = TimeZone::Repeated::kSecond;

int64_t LocalNow(const FunctionCall& call) {
  return call.zone.ToLocal(call.time->OfQueryMs() * kMillisecondUs);
}

Status CurrentDate(const FunctionCall& call, Cell* out) {
  *out = Cell::Temporal(CellKind::kDate, FloorDivide(LocalNow(call), kDayUs), 0);
  return Status::Ok();
}
Status CurrentTime(const FunctionCall& call, Cell* out) {
  const int64_t now = LocalNow(call);
  const int64_t of_day = now - FloorDivide(now, kDayUs) * kDayUs;
  *out = Cell::Temporal(CellKind::kTime, of_day - of_day % kSecondUs, 0);
  return Status::Ok();
}
Status LocalTimestamp(const FunctionCall& call, Cell* out) {
  *out = Cell::Temporal(CellKind::kTimestamp, LocalNow(call), kMilliDigits);
  return Status::Ok();
}
Status CurrentTimestamp(const FunctionCall& call, Cell* out) {
  *out = Cell::Temporal(CellKind::kInstant, call.time->OfQueryMs() * kMillisecondUs, kMilliDigits);
  return Status::Ok();
}
Status CurrentRowTimestamp(const FunctionCall& call, Cell* out) {
  *out = Cell::Temporal(CellKind::kInstant, call.time->OfRowMs() * kMillisecondUs, kMilliDigits);
  return Status::Ok();
}
Status UnixNow(const FunctionCall& call, Cell* out) {
  *out = Cell::Int(FloorDivide(call.time->OfRowMs(), 1'000));
  return Status::Ok();
}

// The wall clock of a date, a timestamp, or a string that is one; nothing for any other string.
std::optional<int64_t> LocalOf(const FunctionCall& call, const Cell& cell) {
  switch (cell.kind) {
    case CellKind::kDate:
      return cell.i * kDayUs;
    case CellKind::kInstant:
      return call.zone.ToLocal(cell.i);
    case CellKind::kText:
      return ParseLenientTimestamp(cell.view());
    default:
      return cell.i;
  }
}

Status PutFormatted(const FunctionCall& call, int64_t local_us, int64_t offset_us,
                    std::string_view pattern_text, Style style, Cell* out) {
  MR_ASSIGN_OR_RETURN(const DatePattern* pattern, PatternOf(call, pattern_text, style));
  std::string& text = call.Keep<Patterns>().text;
  text.clear();
  pattern->Format(local_us, offset_us, &text);
  *out = Cell::Text(call.arena->Copy(text));
  return Status::Ok();
}

Resolution DateFormatType(Arguments arguments) {
  const Type& type = arguments[0].type;
  if (!IsNull(type) && !type.is_text() && (!IsTemporal(type) || type.kind == TypeKind::kTime)) {
    return Reject(
        0, fmt::format("needs a DATE, TIMESTAMP or string, not {}", ToString(type.Nullable())));
  }
  const Style style = type.is_text() ? Style::kSimple : Style::kFormatter;
  if (auto rejected = RejectPattern(arguments, 1, style, Use::kPrint)) return *rejected;
  return Returns(kStringType, true);
}

Status DateFormat(const FunctionCall& call, Cell* out) {
  const std::optional<int64_t> local = LocalOf(call, call[0]);
  *out = Cell::Null();
  if (!local) return Status::Ok();
  const int64_t instant =
      call[0].kind == CellKind::kInstant ? call[0].i : call.zone.ToInstant(*local);
  const Style style = call[0].kind == CellKind::kText ? Style::kSimple : Style::kFormatter;
  return PutFormatted(call, *local, *local - instant, call.Text(1), style, out);
}

Status ToDate(const FunctionCall& call, Cell* out) {
  std::optional<int64_t> days;
  if (call.count() == 1) {
    days = ParseDateText(call.Text(0));
  } else {
    MR_ASSIGN_OR_RETURN(const DatePattern* pattern, ReadingPatternOf(call, call.Text(1)));
    const auto moment = pattern->Parse(call.Text(0), false);
    if (moment) days = FloorDivide(moment->local_us, kDayUs);
  }
  *out = days ? Cell::Temporal(CellKind::kDate, *days, 0) : Cell::Null();
  return Status::Ok();
}

// A wall clock as CAST reads it, or parsed by the pattern after it, or where that does not match as
// JDBC reads it.
Result<std::optional<DatePattern::Moment>> ParseMoment(const FunctionCall& call) {
  std::optional<DatePattern::Moment> moment;
  if (call.count() > 1) {
    MR_ASSIGN_OR_RETURN(const DatePattern* pattern, ReadingPatternOf(call, call.Text(1)));
    moment = pattern->Parse(call.Text(0), false, DatePattern::Values::kSmart);
  }
  if (moment) return moment;
  const std::optional<int64_t> local =
      call.count() > 1 ? ParseJdbcTimestamp(call.Text(0)) : ParseTimestampText(call.Text(0));
  if (local) moment = DatePattern::Moment{*local, std::nullopt};
  return moment;
}

int64_t CutToMilliseconds(int64_t us) { return FloorDivide(us, kMillisecondUs) * kMillisecondUs; }

Status ToTimestamp(const FunctionCall& call, Cell* out) {
  MR_ASSIGN_OR_RETURN(const auto moment, ParseMoment(call));
  *out = moment ? Cell::Temporal(CellKind::kTimestamp, CutToMilliseconds(moment->local_us),
                                 kMilliDigits)
                : Cell::Null();
  return Status::Ok();
}

constexpr std::string_view kPrecisions = "takes the precision 0 (seconds) or 3 (milliseconds)";

Resolution ToTimestampLtzType(Arguments arguments) {
  const Type& type = arguments[0].type;
  if (type.is_text()) {
    for (size_t i = 1; i < arguments.size(); ++i) {
      if (!arguments[i].type.is_text())
        return Reject(i, "needs strings after a string: a pattern, then a time zone");
    }
    if (auto rejected = RejectPattern(arguments, 1, Style::kFormatter, Use::kParse)) {
      return *rejected;
    }
    if (arguments.size() > 2 && arguments[2].constant && !TimeZone::Parse(*arguments[2].constant)) {
      return RejectValue(2, "does not know this time zone");
    }
    return Returns(kInstant3Type, true);
  }
  if (!type.is_numeric() && !IsNull(type)) {
    return Reject(0, fmt::format("needs a number or a string, not {}", ToString(type.Nullable())));
  }
  if (arguments.size() > 2) return RejectValue(2, "takes a time zone only with a string");
  if (arguments.size() > 1) {
    const Argument& precision = arguments[1];
    const bool known =
        !precision.constant || precision.constant == "0" || precision.constant == "3";
    if (!known || (!precision.type.is_integer() && !IsNull(precision.type))) {
      return RejectValue(1, std::string(kPrecisions));
    }
  }
  return Returns(kInstant3Type, true);  // NULL if out of range
}

Status ToTimestampLtz(const FunctionCall& call, Cell* out) {
  if (call[0].kind == CellKind::kText) {
    MR_ASSIGN_OR_RETURN(const auto moment, ParseMoment(call));
    *out = Cell::Null();
    if (!moment) return Status::Ok();
    const std::optional<TimeZone> zone =
        call.count() > 2 ? TimeZone::Parse(call.Text(2)) : std::optional(call.zone);
    if (!zone) {
      return Status::Permanent(fmt::format("'{}' is not a time zone", call.Text(2)));
    }
    const int64_t instant = moment->offset_us ? moment->local_us - *moment->offset_us
                                              : zone->ToInstant(moment->local_us);
    *out = Cell::Temporal(CellKind::kInstant, CutToMilliseconds(instant), kMilliDigits);
    return Status::Ok();
  }
  const int64_t precision = call.count() > 1 ? call.Integer(1) : kMilliDigits;
  if (precision != 0 && precision != kMilliDigits) {
    return Status::Permanent(std::string(kPrecisions));
  }
  // The years 0 to 9999.
  constexpr int64_t kInstantMinMs = -62'167'219'200'000;
  constexpr int64_t kInstantMaxMs = 253'402'300'799'999;
  const int64_t unit = precision == 0 ? 1'000 : 1;
  int64_t milliseconds = 0;
  bool fits = true;
  if (call[0].kind == CellKind::kInt || call[0].kind == CellKind::kDecimal) {
    // The fraction of a decimal is cut off; that of a DOUBLE counts.
    const std::optional<Cell> whole = CastCell(call[0], kBigIntType, call.arena, call.zone);
    fits = whole && !__builtin_mul_overflow(whole->i, unit, &milliseconds);
  } else {
    const double value = call.Double(0) * static_cast<double>(unit);
    fits = std::abs(value) < 2.0 * static_cast<double>(kInstantMaxMs);  // not NaN either
    if (fits) milliseconds = static_cast<int64_t>(std::floor(value));
  }
  fits = fits && milliseconds >= kInstantMinMs && milliseconds <= kInstantMaxMs;
  *out = fits ? Cell::Temporal(CellKind::kInstant, milliseconds * kMillisecondUs, kMilliDigits)
              : Cell::Null();
  return Status::Ok();
}

// Text after the end of the pattern is ignored, as in Java's parser.
Status UnixTimestamp(const FunctionCall& call, Cell* out) {
  std::optional<DatePattern::Moment> moment;
  if (call.count() == 1) {
    const auto local = ParseLenientTimestamp(call.Text(0));
    if (local) moment = DatePattern::Moment{*local, std::nullopt};
  } else {
    MR_ASSIGN_OR_RETURN(const DatePattern* pattern, ReadingPatternOf(call, call.Text(1)));
    moment = pattern->Parse(call.Text(0), true);
  }
  if (!moment) {
    *out = Cell::Int(INT64_MIN);
    return Status::Ok();
  }
  const int64_t instant = moment->offset_us ? moment->local_us - *moment->offset_us
                                            : call.zone.ToInstant(moment->local_us, kSecondOfTwo);
  *out = Cell::Int(FloorDivide(instant, kSecondUs));
  return Status::Ok();
}

Status FromUnixTime(const FunctionCall& call, Cell* out) {
  constexpr int64_t kSecondsMax = INT64_MAX / kSecondUs / 2;
  const int64_t seconds = call.Integer(0);
  if (seconds > kSecondsMax || seconds < -kSecondsMax) {
    return Status::Permanent(
        fmt::format("date or time out of range: {} seconds after 1970", seconds));
  }
  const int64_t local = call.zone.ToLocal(seconds * kSecondUs);
  return PutFormatted(call, local, local - seconds * kSecondUs,
                      call.count() > 1 ? call.Text(1) : kDefaultPattern, Style::kSimple, out);
}

Resolution ConvertTzType(Arguments arguments) {
  for (size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i].constant && !ParseJavaZone(*arguments[i].constant)) {
      return RejectValue(i, "does not know this time zone");
    }
  }
  return Returns(kStringType, true);
}

struct ZoneCache final : FunctionState {
  TextCache<std::optional<TimeZone>> zones;
};

Status ConvertTz(const FunctionCall& call, Cell* out) {
  auto& zones = call.Keep<ZoneCache>().zones;
  const std::optional<TimeZone> from = zones.Get(call.Text(1), ParseJavaZone);
  const std::optional<TimeZone> to = zones.Get(call.Text(2), ParseJavaZone);
  if (!from || !to) {
    return Status::Permanent(fmt::format("'{}' is not a time zone", call.Text(from ? 2 : 1)));
  }
  const std::optional<int64_t> local = ParseLenientTimestamp(call.Text(0));
  if (!local) {
    *out = Cell::Null();
    return Status::Ok();
  }
  const int64_t moment = to->ToLocal(from->ToInstant(*local, kSecondOfTwo));
  const Cell shown = Cell::Temporal(CellKind::kTimestamp, moment, 0);
  *out = Cell::Text(TextOf(shown, call.arena, call.zone));
  return Status::Ok();
}

constexpr Function kFunctions[] = {
    {"CURRENT_DATE", "CURRENT_DATE -> DATE", 0, 0, "e", ReturnsNotNull<kDateType>, Op::kCall,
     CurrentDate, "The current date in the session time zone.", Nulls::kStrict, false},
    {"CURRENT_TIME", "CURRENT_TIME -> TIME(0)", 0, 0, "e", ReturnsNotNull<kTimeType>, Op::kCall,
     CurrentTime, "The current time of day in the session time zone.", Nulls::kStrict, false},
    {"LOCALTIME", "LOCALTIME -> TIME(0)", 0, 0, "e", ReturnsNotNull<kTimeType>, Op::kCall,
     CurrentTime, "The current time of day in the session time zone.", Nulls::kStrict, false},
    {"LOCALTIMESTAMP", "LOCALTIMESTAMP -> TIMESTAMP(3)", 0, 0, "e", ReturnsNotNull<kTimestamp3Type>,
     Op::kCall, LocalTimestamp, "The current date and time in the session time zone.",
     Nulls::kStrict, false},
    {"CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP -> TIMESTAMP_LTZ(3)", 0, 0, "e",
     ReturnsNotNull<kInstant3Type>, Op::kCall, CurrentTimestamp,
     "The current time: of each row in a stream, of the query in a bounded run.", Nulls::kStrict,
     false},
    {"NOW", "NOW() -> TIMESTAMP_LTZ(3)", 0, 0, "e", ReturnsNotNull<kInstant3Type>, Op::kCall,
     CurrentTimestamp, "The current time: of each row in a stream, of the query in a bounded run.",
     Nulls::kStrict, false},
    {"CURRENT_ROW_TIMESTAMP", "CURRENT_ROW_TIMESTAMP() -> TIMESTAMP_LTZ(3)", 0, 0, "e",
     ReturnsNotNull<kInstant3Type>, Op::kCall, CurrentRowTimestamp, "The current time of each row.",
     Nulls::kStrict, false},
    {"PROCTIME", "PROCTIME() -> TIMESTAMP_LTZ(3)", 0, 0, "e", ReturnsNotNull<kInstant3Type>,
     Op::kCall, CurrentRowTimestamp, "The current time of each row.", Nulls::kStrict, false},
    {"UNIX_TIMESTAMP", "UNIX_TIMESTAMP() -> BIGINT", 0, 0, "e", ReturnsNotNull<kBigIntType>,
     Op::kCall, UnixNow, "Seconds since 1970-01-01 00:00:00 UTC, of each row.", Nulls::kStrict,
     false},
    {"UNIX_TIMESTAMP", "UNIX_TIMESTAMP(STRING [, STRING]) -> BIGINT", 1, 2, "t", UnixTimestampType,
     Op::kCall, UnixTimestamp,
     "Seconds from 1970-01-01 00:00:00 UTC to a time in the session time zone, parsed by a "
     "pattern; the smallest BIGINT if it does not match."},
    {"FROM_UNIXTIME", "FROM_UNIXTIME(BIGINT [, STRING]) -> STRING", 1, 2, "it", FromUnixTimeType,
     Op::kCall, FromUnixTime,
     "The time that many seconds after 1970-01-01 00:00:00 UTC, in the session time zone, "
     "formatted by a pattern."},
    {"TO_DATE", "TO_DATE(STRING [, STRING]) -> DATE", 1, 2, "t", WithReadingPattern<kDateType>,
     Op::kCall, ToDate, "The date in a string, parsed by a pattern; NULL if it does not match."},
    {"TO_TIMESTAMP", "TO_TIMESTAMP(STRING [, STRING]) -> TIMESTAMP(3)", 1, 2, "t",
     WithReadingPattern<kTimestamp3Type>, Op::kCall, ToTimestamp,
     "The date and time in a string, parsed by a pattern; NULL if it does not match."},
    {"TO_TIMESTAMP_LTZ", "TO_TIMESTAMP_LTZ(NUMERIC [, 0 | 3]) -> TIMESTAMP_LTZ(3)", 1, 3, "e",
     ToTimestampLtzType, Op::kCall, ToTimestampLtz,
     "The time that many seconds (0) or milliseconds (3, the default) after 1970; or the time in a "
     "string, parsed by a pattern, in a time zone."},
    {"DATE_FORMAT", "DATE_FORMAT(TIMESTAMP | STRING, STRING) -> STRING", 2, 2, "et", DateFormatType,
     Op::kCall, DateFormat, "The date and time formatted by a pattern."},
    {"CONVERT_TZ", "CONVERT_TZ(STRING, STRING, STRING) -> STRING", 3, 3, "t", ConvertTzType,
     Op::kCall, ConvertTz,
     "A time in one time zone (second argument) as the time in another (third argument)."},
};

}  // namespace

std::span<const Function> ClockFunctions() { return kFunctions; }

}  // namespace millrace
