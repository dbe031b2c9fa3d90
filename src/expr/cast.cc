#include "expr/cast.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/ascii.h"
#include "base/utf8.h"
#include "expr/coercion.h"
#include "expr/day_time.h"
#include "expr/decimal.h"
#include "expr/interval.h"
#include "expr/item_set.h"
#include "expr/temporal_text.h"
#include "expr/text.h"
#include "row/calendar.h"
#include "row/print.h"

namespace millrace {
namespace {

std::optional<Cell> TextToBoolean(std::string_view text) {
  const std::string word = ToLower(Trim(text));
  for (const std::string_view yes : {"t", "true", "y", "yes", "1"}) {
    if (word == yes) return Cell::Bool(true);
  }
  for (const std::string_view no : {"f", "false", "n", "no", "0"}) {
    if (word == no) return Cell::Bool(false);
  }
  return std::nullopt;
}

std::optional<double> TextToDouble(std::string_view text) {
  text = Trim(text);
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  if (text == "NaN") return std::nan("");
  if (text == "Infinity") return INFINITY;
  if (text == "-Infinity") return -INFINITY;
  if (text.size() > 1 && std::string_view("fFdD").find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);  // Java's 1.5f
  }
  if (text.find_first_of("nN") != std::string_view::npos) return std::nullopt;  // inf, nan
  if (text.empty() || (text[0] != '-' && text[0] != '.' && !IsDigit(text[0]))) {
    return std::nullopt;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range)
    return std::strtod(std::string(text).c_str(), nullptr);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Narrowing wraps as in Java.
int64_t WrapTo(TypeKind kind, int64_t value) {
  switch (kind) {
    case TypeKind::kTinyInt:
      return static_cast<int8_t>(value);
    case TypeKind::kSmallInt:
      return static_cast<int16_t>(value);
    case TypeKind::kInt:
      return static_cast<int32_t>(value);
    default:
      return value;
  }
}

bool FitsIn(TypeKind kind, int64_t value) { return WrapTo(kind, value) == value; }

// A floating value to an integer as in Java: truncated; NaN gives 0; a value out of range gives the
// nearest limit.
int64_t JavaInteger(double value, TypeKind kind) {
  if (std::isnan(value)) return 0;
  const bool wide = kind == TypeKind::kBigInt;
  const double max = wide ? 9223372036854775807.0 : 2147483647.0;
  const double min = wide ? -9223372036854775808.0 : -2147483648.0;
  if (value >= max) return WrapTo(kind, wide ? INT64_MAX : INT32_MAX);
  if (value <= min) return WrapTo(kind, wide ? INT64_MIN : INT32_MIN);
  return WrapTo(kind, static_cast<int64_t>(value));
}

std::optional<Cell> ToInteger(const Cell& cell, const Type& type) {
  switch (cell.kind) {
    case CellKind::kInt:
      return Cell::Int(WrapTo(type.kind, cell.i));
    case CellKind::kUint:
      return Cell::Int(WrapTo(type.kind, static_cast<int64_t>(cell.u)));
    case CellKind::kBool:
      return Cell::Int(static_cast<int64_t>(cell.u));
    case CellKind::kFloat:
    case CellKind::kDouble:
      return Cell::Int(JavaInteger(cell.f, type.kind));
    case CellKind::kDecimal:
    case CellKind::kText: {
      if (cell.kind == CellKind::kText &&
          cell.view().find_first_of("eE") != std::string_view::npos) {
        return std::nullopt;
      }
      const std::optional<Decimal> value = ParseDecimal(cell.view());
      const std::optional<int64_t> whole = value ? Truncate(*value) : std::nullopt;
      if (!whole) return std::nullopt;
      if (cell.kind == CellKind::kText && !FitsIn(type.kind, *whole)) return std::nullopt;
      return Cell::Int(WrapTo(type.kind, *whole));
    }
    default:
      return std::nullopt;
  }
}

std::optional<double> ToFloating(const Cell& cell) {
  switch (cell.kind) {
    case CellKind::kInt:
      return static_cast<double>(cell.i);
    case CellKind::kUint:
      return static_cast<double>(cell.u);
    case CellKind::kBool:
      return cell.u != 0 ? 1.0 : 0.0;
    case CellKind::kFloat:
    case CellKind::kDouble:
      return cell.f;
    case CellKind::kDecimal:
    case CellKind::kText:
      return TextToDouble(cell.view());
    default:
      return std::nullopt;
  }
}

std::optional<Cell> ToDecimal(const Cell& cell, const Type& type, Arena* arena) {
  std::optional<Decimal> value;
  if (cell.kind == CellKind::kText) {
    value = ParseDecimal(cell.view());
  } else if (cell.kind == CellKind::kBool) {
    value = Decimal{static_cast<Int128>(cell.u), 0};
  } else {
    value = DecimalOf(cell);
  }
  if (!value) return std::nullopt;
  const std::optional<Decimal> fitted = Rescale(*value, type.precision, type.scale);
  if (!fitted) {  // too large for the type: NULL for a number, an error for a string
    return cell.kind == CellKind::kText ? std::nullopt : std::optional(Cell::Null());
  }
  return DecimalCell(*fitted, arena);
}

std::optional<Cell> ToTemporal(const Cell& cell, const Type& type, const TimeZone& zone) {
  const uint8_t digits = type.precision;
  std::optional<int64_t> local;  // wall clock in microseconds since 1970
  switch (cell.kind) {
    case CellKind::kText:
      if (type.kind == TypeKind::kDate) {
        const auto days = ParseDateText(cell.view());
        return days ? std::optional(Cell::Temporal(CellKind::kDate, *days, 0)) : std::nullopt;
      }
      local = type.kind == TypeKind::kTime ? ParseTimeText(cell.view())
                                           : ParseTimestampText(cell.view());
      break;
    case CellKind::kDate:
      local = cell.i * kDayUs;
      break;
    case CellKind::kInstant:
      local = zone.ToLocal(cell.i);
      break;
    case CellKind::kTime:
    case CellKind::kTimestamp:
      local = cell.i;
      break;
    default:
      break;
  }
  if (!local) return std::nullopt;
  switch (type.kind) {
    case TypeKind::kDate:
      return Cell::Temporal(CellKind::kDate, FloorDivide(*local, kDayUs), 0);
    case TypeKind::kTime:
      if (cell.kind != CellKind::kTime) *local -= FloorDivide(*local, kDayUs) * kDayUs;
      return Cell::Temporal(CellKind::kTime, CutFraction(*local, digits), digits);
    case TypeKind::kTimestamp:
      return Cell::Temporal(CellKind::kTimestamp, CutFraction(*local, digits), digits);
    default:
      return Cell::Temporal(CellKind::kInstant, CutFraction(zone.ToInstant(*local), digits),
                            digits);
  }
}

std::optional<Cell> ToInterval(const Cell& cell, bool months) {
  const CellKind kind = months ? CellKind::kYearInterval : CellKind::kDayInterval;
  if (cell.kind == kind) return cell;
  if (cell.kind == CellKind::kInt) {
    return Cell::Temporal(kind, months ? static_cast<int32_t>(cell.i) : cell.i, 0);
  }
  if (cell.kind != CellKind::kText) return std::nullopt;
  const auto value =
      months ? ParseYearIntervalText(cell.view()) : ParseDayIntervalText(cell.view());
  return value ? std::optional(Cell::Temporal(kind, *value, 0)) : std::nullopt;
}

std::string_view Padded(std::string_view text, size_t missing, char padding, Arena* arena) {
  char* target = arena->Allocate(text.size() + missing);
  text.copy(target, text.size());
  std::fill_n(target + text.size(), missing, padding);
  return {target, text.size() + missing};
}

// Up to three fraction digits, without zeros at the end except for the first digit.
std::string_view TimeToText(const Cell& cell, Arena* arena) {
  constexpr size_t kDigitsMax = 3;
  char* text = arena->Allocate(kCellTextMax);
  size_t size = PrintTime(text, cell.i, std::min<uint8_t>(cell.scale, kDigitsMax));
  while (cell.scale > 0 && text[size - 1] == '0' && text[size - 2] != '.') --size;
  arena->Shrink(kCellTextMax, size);
  return {text, size};
}

std::string_view StructureToText(const Cell& structure, Arena* arena, const TimeZone& zone) {
  Joiner text(arena, "");
  PrintStructure(
      structure, {}, [&](std::string_view sign) { text.Add(sign); },
      [&](const Cell& cell) {
        if (cell.kind == CellKind::kTime) {
          text.Add(TimeToText(cell, arena));
        } else if (cell.kind == CellKind::kBytes) {
          text.Add(ValidUtf8(cell.view(), arena));
        } else if (cell.has_bytes()) {
          text.Add(cell.view());
        } else {
          char printed[kCellTextMax];
          text.Add({printed, PrintCell(printed, cell, zone)});
        }
      });
  return text.Finish();
}

// Keys that became equal are one, with the value of the last one; `cells` are those of the map.
Cell WithoutEqualKeys(const Cell& map, Cell* cells) {
  ItemSet keys;
  keys.Clear(map.size / 2);
  uint32_t kept = 0;
  for (uint32_t i = 0; i + 1 < map.size; i += 2) {
    const bool added = keys.Add(cells[i]);
    const uint32_t at = added ? kept : 2 * *keys.Find(cells[i]);
    if (added) cells[at] = cells[i];
    cells[at + 1] = cells[i + 1];
    if (added) kept += 2;
  }
  return Cell::Structure(CellKind::kMap, {cells, kept});
}

// Every value inside as the type it has there; nothing if one of them does not fit.
std::optional<Cell> ToStructure(const Cell& cell, const Type& type, Arena* arena,
                                const TimeZone& zone) {
  const CellKind kind = type.kind == TypeKind::kArray ? CellKind::kArray
                        : type.kind == TypeKind::kMap ? CellKind::kMap
                                                      : CellKind::kRow;
  const std::span<const Type> types = type.children();
  const bool row = kind == CellKind::kRow;
  if (cell.kind != kind || (row && types.size() != cell.size)) return std::nullopt;
  Cell* const cells = arena->AllocateCells(cell.size);
  for (uint32_t i = 0; i < cell.size; ++i) {
    const std::optional<Cell> item =
        CastCell(cell.cells[i], types[row ? i : i % types.size()], arena, zone);
    if (!item) return std::nullopt;
    cells[i] = *item;
  }
  const Cell cast = Cell::Structure(kind, {cells, cell.size});
  return kind == CellKind::kMap ? WithoutEqualKeys(cast, cells) : cast;
}

bool CanCastChildren(const Type& from, const Type& to) {
  const std::span<const Type> children = from.children();
  const std::span<const Type> targets = to.children();
  if (children.size() != targets.size()) return false;
  for (size_t i = 0; i < children.size(); ++i) {
    if (!CanCast(children[i], targets[i])) return false;
  }
  return true;
}

Cell ToText(const Cell& cell, const Type& type, Arena* arena, const TimeZone& zone) {
  std::string_view text = cell.kind == CellKind::kTime    ? TimeToText(cell, arena)
                          : cell.kind == CellKind::kBytes ? ValidUtf8(cell.view(), arena)
                                                          : TextOf(cell, arena, zone);
  if (type.length == Type::kLengthMax) return Cell::Text(text);
  text = Substring(text, 1, type.length);
  if (type.kind == TypeKind::kChar) {
    const auto characters = static_cast<size_t>(CountCharacters(text));
    if (characters < type.length) text = Padded(text, type.length - characters, ' ', arena);
  }
  return Cell::Text(text);
}

Cell ToBytes(const Cell& cell, const Type& type, Arena* arena) {
  std::string_view bytes = cell.view();
  if (type.length != Type::kLengthMax) {
    bytes = bytes.substr(0, type.length);
    if (type.kind == TypeKind::kBinary && bytes.size() < type.length) {
      bytes = Padded(bytes, type.length - bytes.size(), '\0', arena);
    }
  }
  return Cell::View(CellKind::kBytes, bytes);
}

}  // namespace

bool CanCast(const Type& from, const Type& to) {
  if (to.kind == TypeKind::kNull) return false;
  if (from.is_structured() && from.kind == to.kind) return CanCastChildren(from, to);
  if (from.kind == TypeKind::kNull || from.kind == to.kind || to.is_text()) return true;
  if (from.is_structured() || to.is_structured()) return false;
  if (from.is_text()) return !to.is_interval();
  if (from.is_binary()) return to.is_binary();
  if (from.kind == TypeKind::kBoolean) return to.is_numeric();
  if (from.is_integer() && to.is_interval()) return true;
  if (from.is_numeric()) return to.is_numeric() || to.kind == TypeKind::kBoolean;
  if (from.is_interval()) return false;
  const bool to_timestamp = to.kind == TypeKind::kTimestamp || to.kind == TypeKind::kTimestampLtz;
  if (from.kind == TypeKind::kDate || from.kind == TypeKind::kTime) return to_timestamp;
  return IsTemporal(from) && IsTemporal(to);
}

namespace {

// Apart from TextOf, so that what has bytes costs no more than a look at its kind.
__attribute__((noinline)) std::string_view PrintedText(const Cell& cell, Arena* arena,
                                                       const TimeZone& zone) {
  if (cell.is_structured()) return StructureToText(cell, arena, zone);
  char* text = arena->Allocate(kCellTextMax);
  const size_t size = PrintCell(text, cell, zone);
  arena->Shrink(kCellTextMax, size);
  return {text, size};
}

}  // namespace

std::string_view TextOf(const Cell& cell, Arena* arena, const TimeZone& zone) {
  if (cell.has_bytes()) [[likely]]
    return cell.view();
  return PrintedText(cell, arena, zone);
}

std::optional<Cell> CastCell(const Cell& cell, const Type& type, Arena* arena,
                             const TimeZone& zone) {
  if (cell.is_null()) return cell;
  switch (type.kind) {
    case TypeKind::kBoolean:
      if (cell.kind == CellKind::kText) return TextToBoolean(cell.view());
      if (cell.kind == CellKind::kBool) return cell;
      if (const auto value = ToFloating(cell)) return Cell::Bool(*value != 0);
      return std::nullopt;
    case TypeKind::kTinyInt:
    case TypeKind::kSmallInt:
    case TypeKind::kInt:
    case TypeKind::kBigInt:
      return ToInteger(cell, type);
    case TypeKind::kFloat:
      if (const auto value = ToFloating(cell)) return Cell::Float(static_cast<float>(*value));
      return std::nullopt;
    case TypeKind::kDouble:
      if (const auto value = ToFloating(cell)) return Cell::Double(*value);
      return std::nullopt;
    case TypeKind::kDecimal:
      return ToDecimal(cell, type, arena);
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      return ToText(cell, type, arena, zone);
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      if (!cell.has_bytes()) return std::nullopt;
      return ToBytes(cell, type, arena);
    case TypeKind::kIntervalYear:
    case TypeKind::kIntervalDay:
      return ToInterval(cell, type.kind == TypeKind::kIntervalYear);
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kRow:
      return ToStructure(cell, type, arena, zone);
    default:
      return ToTemporal(cell, type, zone);
  }
}

}  // namespace millrace
