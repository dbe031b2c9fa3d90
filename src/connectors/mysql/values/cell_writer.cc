#include "connectors/mysql/values/cell_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encode.h"
#include "base/utf8.h"
#include "connectors/mysql/values/geo_json.h"
#include "connectors/mysql/values/vector_text.h"
#include "row/calendar.h"
#include "row/print.h"

namespace millrace::mysql {
namespace {

constexpr int64_t kDayUs = 86'400'000'000;
constexpr size_t kShownMax = 60;

int64_t TruncateToPrecision(int64_t microseconds, uint8_t digits) {
  int64_t unit = 1;
  for (int i = digits; i < 6; ++i) unit *= 10;
  const int64_t rest = microseconds % unit;
  return microseconds - rest - (rest < 0 ? unit : 0);
}

// MySQL may hold '2020-00-00' and, with ALLOW_INVALID_DATES, '2021-02-30'.
bool IsValidDate(unsigned year, unsigned month, unsigned day) {
  if (month == 0 || month > 12 || day == 0) return false;
  if (day <= 28) return true;
  if (month != 2) return day <= (month == 4 || month == 6 || month == 9 || month == 11 ? 30U : 31U);
  return day == 29 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// The beginning of a text that Java, as the reference connector, counts as so many characters: one
// beyond U+FFFF counts two, and is not cut in the middle here.
std::string_view CutText(std::string_view utf8, uint32_t characters_max) {
  constexpr size_t kBytesBeyond = 4;
  size_t at = 0;
  for (uint32_t characters = 0; at < utf8.size();) {
    const size_t length = Utf8Length(utf8, at);
    characters += length == kBytesBeyond ? 2 : 1;
    if (characters > characters_max) break;
    at += length;
  }
  return utf8.substr(0, at);
}

// Whether a value fits into TINYINT, SMALLINT, INT or BIGINT.
bool IsInRange(int64_t value, TypeKind kind) {
  const int unused = 64 - (8 << (static_cast<int>(kind) - static_cast<int>(TypeKind::kTinyInt)));
  return value >= INT64_MIN >> unused && value <= INT64_MAX >> unused;
}

// "12.345" with exactly `scale` digits after the point, rounded half away from zero, as MySQL
// rounds.
std::string RoundDecimal(std::string_view text, size_t scale) {
  const bool negative = text.starts_with('-');
  std::string digits(text.substr(negative ? 1 : 0));
  const size_t point = std::min(digits.find('.'), digits.size());
  std::string fraction = point < digits.size() ? digits.substr(point + 1) : "";
  digits.resize(point);
  const bool round_up = fraction.size() > scale && fraction[scale] >= '5';
  fraction.resize(scale, '0');
  std::string all = digits + fraction;
  if (round_up) {
    size_t i = all.size();
    while (i > 0 && all[i - 1] == '9') all[--i] = '0';
    if (i > 0) {
      ++all[i - 1];
    } else {
      all.insert(all.begin(), '1');
    }
  }
  const bool zero = all.find_first_not_of('0') == std::string::npos;
  std::string result(negative && !zero ? 1 : 0, '-');
  result.append(all, 0, all.size() - scale);
  if (scale > 0) result.append(1, '.').append(all, all.size() - scale, scale);
  return result;
}

}  // namespace

void CellWriter::FailWith(std::string message) {
  if (status_.ok()) status_ = Status::Permanent(std::move(message));
}

void CellWriter::Fail(const TargetColumn& column, std::string_view value) {
  FailWith(fmt::format(
      "value '{}' of column {} does not fit {}; declare the column as {} to keep it unchanged",
      value.substr(0, kShownMax), column.name, ToString(column.type.Nullable()),
      column.target == Target::kBytes ? "BYTES" : "STRING"));
}

void CellWriter::PutText(const char* text, size_t size, Cell* cell) {
  *cell = Cell::Text(arena_->Copy({text, size}));
}

void CellWriter::Integer(const TargetColumn& column, int64_t value, Cell* cell) {
  switch (column.target) {
    case Target::kInteger:
      *cell = Cell::Int(value);
      return;
    case Target::kCheckedInteger:
      if (!IsInRange(value, column.type.kind)) Fail(column, std::to_string(value));
      *cell = Cell::Int(value);
      return;
    case Target::kBoolean:
      *cell = Cell::Bool(value == 1);  // as the reference connector: only 1 is true
      return;
    case Target::kDouble:
      *cell = Cell::Double(static_cast<double>(value));
      return;
    default: {
      char text[kCellTextMax];
      const size_t size = PrintInteger(text, value);
      if (column.target == Target::kDecimal) return Decimal(column, {text, size}, cell);
      PutText(text, size, cell);
    }
  }
}

void CellWriter::Unsigned(const TargetColumn& column, uint64_t value, Cell* cell) {
  if (value <= INT64_MAX) return Integer(column, static_cast<int64_t>(value), cell);
  char text[kCellTextMax];
  const size_t size = PrintUnsigned(text, value);
  if (column.target == Target::kDecimal) return Decimal(column, {text, size}, cell);
  const bool is_integer =
      column.target == Target::kInteger || column.target == Target::kCheckedInteger;
  if (is_integer) Fail(column, {text, size});
  PutText(text, size, cell);
}

void CellWriter::Year(const TargetColumn& column, int64_t year, Cell* cell) {
  if (column.target != Target::kText) return Integer(column, year, cell);
  const std::string text = fmt::format("{:04}", year);
  PutText(text.data(), text.size(), cell);
}

void CellWriter::Float(const TargetColumn& column, float value, Cell* cell) {
  if (column.target == Target::kFloat) {
    *cell = Cell::Float(value);
    return;
  }
  char text[kCellTextMax];
  const size_t size = PrintFloat(text, value);
  if (column.target == Target::kText) return PutText(text, size, cell);
  *cell = Cell::Double(static_cast<double>(value));
}

void CellWriter::Double(const TargetColumn& column, double value, Cell* cell) {
  if (column.target == Target::kDouble) {
    *cell = Cell::Double(value);
    return;
  }
  char text[kCellTextMax];
  PutText(text, PrintDouble(text, value), cell);
}

void CellWriter::Decimal(const TargetColumn& column, std::string_view text, Cell* cell) {
  if (column.target == Target::kText) {
    *cell = Cell::Text(arena_->Copy(text));
    return;
  }
  const size_t point = text.find('.');
  const size_t scale = point == std::string_view::npos ? 0 : text.size() - point - 1;
  std::string rounded;
  if (scale != column.type.scale) {
    rounded = RoundDecimal(text, column.type.scale);
    text = rounded;
  }
  std::string_view whole = text.substr(0, text.find('.'));
  if (whole.size() > 1 && whole.starts_with('0')) {  // result rows of ZEROFILL columns
    const size_t zeros = std::min(whole.find_first_not_of('0'), whole.size() - 1);
    whole.remove_prefix(zeros);
    text.remove_prefix(zeros);
  }
  if (whole.starts_with('-')) whole.remove_prefix(1);
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  if (whole.size() > static_cast<size_t>(column.type.precision - column.type.scale))
    Fail(column, text);
  *cell = Cell::View(CellKind::kDecimal, arena_->Copy(text), column.type.scale);
}

void CellWriter::Text(const TargetColumn& column, std::string_view utf8, Cell* cell) {
  if (column.target != Target::kText) return PutOtherText(column, utf8, cell);
  *cell = Cell::Text(utf8);
}

void CellWriter::PutOtherText(const TargetColumn& column, std::string_view utf8, Cell* cell) {
  if (column.target == Target::kLabels) return PutLabels(utf8, cell);
  const bool cuts = column.target == Target::kCutText;
  *cell = Cell::Text(cuts ? CutText(utf8, column.characters_max) : utf8);
}

// The value of a SET, whose labels have no commas.
void CellWriter::PutLabels(std::string_view utf8, Cell* cell) {
  const auto commas = static_cast<size_t>(std::count(utf8.begin(), utf8.end(), ','));
  const size_t count = utf8.empty() ? 0 : commas + 1;
  Cell* const labels = arena_->AllocateCells(count);
  for (size_t i = 0; i < count; ++i) {
    const std::string_view label = utf8.substr(0, utf8.find(','));
    labels[i] = Cell::Text(label);
    utf8.remove_prefix(std::min(label.size() + 1, utf8.size()));
  }
  *cell = Cell::Structure(CellKind::kArray, {labels, count});
}

void CellWriter::Bytes(const TargetColumn& column, std::string_view bytes, Cell* cell) {
  bool is_well_formed = true;
  scratch_.clear();
  switch (column.target) {
    case Target::kBytesAsText:
      return PutBytesAsText(column, bytes, cell);
    case Target::kWkb:
      is_well_formed = bytes.size() >= kSridBytes;
      *cell = Cell::View(CellKind::kBytes, bytes.substr(is_well_formed ? kSridBytes : 0));
      break;
    case Target::kGeoJson:
      is_well_formed = AppendGeoJson(bytes, &scratch_);
      PutText(scratch_.data(), scratch_.size(), cell);
      break;
    case Target::kVectorText:
      is_well_formed = AppendVectorText(bytes, &scratch_);
      PutText(scratch_.data(), scratch_.size(), cell);
      break;
    case Target::kVector:
      is_well_formed = ReadVector(bytes, arena_, cell);
      break;
    default:
      *cell = Cell::View(CellKind::kBytes, bytes);
  }
  if (!is_well_formed) [[unlikely]]
    Fail(column, "(malformed)");
}

void CellWriter::PutBytesAsText(const TargetColumn& column, std::string_view bytes, Cell* cell) {
  const std::optional<std::string_view> text = TextOfBytes(bytes, column.bytes_as, arena_);
  if (!text) [[unlikely]] {
    FailWith(fmt::format(
        "value x'{}' of column {} is not UTF-8; set 'bytes-as' to 'hex' or 'base64', or declare "
        "the column as BYTES",
        ToHex(bytes.substr(0, kShownMax / 2)), column.name));
  }
  *cell = Cell::Text(text.value_or(""));
}

void CellWriter::Bit(const TargetColumn& column, std::string_view big_endian, int64_t bits,
                     Cell* cell) {
  uint64_t value = 0;
  for (const char c : big_endian) value = value << 8 | static_cast<unsigned char>(c);
  if (!IsOfBytes(column.target)) return Unsigned(column, value, cell);
  // Little-endian, as the reference connector has it.
  const auto size = static_cast<size_t>((bits + 7) / 8);
  char* bytes = arena_->Allocate(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(value >> (8 * i) & 0xff);
  Bytes(column, {bytes, size}, cell);
}

// Not inlined: good values must not pay for it.
[[gnu::noinline]] void CellWriter::NoDate(const TargetColumn& column, unsigned year, unsigned month,
                                          unsigned day, int64_t microseconds_of_day, int digits,
                                          Cell* cell) {
  std::string text = fmt::format("{:04}-{:02}-{:02}", year, month, day);
  if (digits >= 0) {
    char clock[kCellTextMax];
    text += " ";
    text.append(clock, PrintTime(clock, microseconds_of_day, static_cast<uint8_t>(digits)));
  }
  if (column.target == Target::kText) return PutText(text.data(), text.size(), cell);
  *cell = Cell::Null();
  const bool is_zero = year == 0 && month == 0 && day == 0 && microseconds_of_day == 0;
  if (is_zero && column.type.nullable) {
    if (column.zero_dates != nullptr) column.zero_dates->Note(column.slot, column.name);
    return;
  }
  FailWith(fmt::format(
      "'{}' of column {} is not a date{}; declare the column as STRING to keep it, and write "
      "TRY_CAST(... AS {}) in the query to have NULL for what is not a date",
      text, column.name,
      is_zero ? ", and the column is declared NOT NULL, so that it cannot be NULL" : "",
      ToString(column.type.Nullable())));
}

void CellWriter::Date(const TargetColumn& column, unsigned year, unsigned month, unsigned day,
                      Cell* cell) {
  if (!IsValidDate(year, month, day)) [[unlikely]]
    return NoDate(column, year, month, day, 0, -1, cell);
  const int64_t days = DaysFromCivil(year, month, day);
  if (column.target != Target::kDate) return PutDateText(days, cell);
  *cell = Cell::Temporal(CellKind::kDate, days, 0);
}

// Not inlined: its array would make the stack protector part of every call of Date.
[[gnu::noinline]] void CellWriter::PutDateText(int64_t days, Cell* cell) {
  char text[kCellTextMax];
  PutText(text, PrintDate(text, days), cell);
}

void CellWriter::Time(const TargetColumn& column, int64_t microseconds, uint8_t digits,
                      Cell* cell) {
  char text[kCellTextMax];
  if (column.target == Target::kText)
    return PutText(text, PrintTime(text, microseconds, digits), cell);
  if (microseconds < 0 || microseconds >= kDayUs) {
    Fail(column, {text, PrintTime(text, microseconds, digits)});
  }
  const uint8_t precision = column.type.precision;
  *cell = Cell::Temporal(CellKind::kTime, TruncateToPrecision(microseconds, precision), precision);
}

void CellWriter::DateTime(const TargetColumn& column, unsigned year, unsigned month, unsigned day,
                          int64_t microseconds_of_day, uint8_t digits, Cell* cell) {
  if (!IsValidDate(year, month, day)) [[unlikely]] {
    return NoDate(column, year, month, day, microseconds_of_day, digits, cell);
  }
  const int64_t local = DaysFromCivil(year, month, day) * kDayUs + microseconds_of_day;
  char text[kCellTextMax];
  if (column.target == Target::kText)
    return PutText(text, PrintTimestamp(text, local, digits), cell);
  const uint8_t precision = column.type.precision;
  const bool instant = column.target == Target::kInstant;
  *cell = Cell::Temporal(
      instant ? CellKind::kInstant : CellKind::kTimestamp,
      TruncateToPrecision(instant ? server_zone_.ToInstant(local) : local, precision), precision);
}

void CellWriter::Timestamp(const TargetColumn& column, int64_t microseconds, uint8_t digits,
                           Cell* cell) {
  const int64_t local = server_zone_.ToLocal(microseconds);
  char text[kCellTextMax];
  if (column.target == Target::kText)
    return PutText(text, PrintTimestamp(text, local, digits), cell);
  const uint8_t precision = column.type.precision;
  const bool instant = column.target == Target::kInstant;
  *cell = Cell::Temporal(instant ? CellKind::kInstant : CellKind::kTimestamp,
                         TruncateToPrecision(instant ? microseconds : local, precision), precision);
}

void CellWriter::ZeroTimestamp(const TargetColumn& column, uint8_t digits, Cell* cell) {
  NoDate(column, 0, 0, 0, 0, digits, cell);
}

}  // namespace millrace::mysql
