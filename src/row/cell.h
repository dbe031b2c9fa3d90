// One value of a row: 16 bytes, trivially copyable. Numbers are inside; everything with a length
// points into memory that the batch owns or pins: bytes, or the cells that an ARRAY, MAP or ROW is
// made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace millrace {

// How many cells an ARRAY, a MAP (two for an entry) or a ROW may have, those inside of them not
// counted.
inline constexpr size_t kItemsMax = 65'536;

enum class CellKind : uint8_t {
  kNull,
  kBool,       // u: 0 or 1
  kInt,        // i
  kUint,       // u: only values above INT64_MAX need it, smaller ones are kInt
  kFloat,      // f, holding a value that a 4-byte float has; printed as such
  kDouble,     // f
  kDecimal,    // bytes: plain notation ("-12.300"), exactly `scale` digits after the point
  kText,       // bytes: UTF-8
  kBytes,      // bytes: anything
  kDate,       // i: days since 1970-01-01
  kTime,       // i: microseconds since midnight; may be negative or beyond 24 h; `scale` digits
  kTimestamp,  // i: microseconds since 1970-01-01 00:00:00 as wall clock; `scale` fraction digits
  kInstant,    // i: microseconds since 1970-01-01 00:00:00 UTC (TIMESTAMP_LTZ); `scale` digits
  kYearInterval,  // i: months (INTERVAL YEAR TO MONTH)
  kDayInterval,   // i: milliseconds (INTERVAL DAY TO SECOND)
  kArray,         // cells: the elements
  kMap,           // cells: key, value, key, value, ...
  kRow,           // cells: the fields
};

struct Cell {
  static constexpr uint16_t kJsonMark = 1;

  union {
    int64_t i;
    uint64_t u;
    double f;
    const char* bytes;
    const Cell* cells;
  };
  uint32_t size;  // of bytes, or the number of cells; 0 in cells without
  CellKind kind;
  uint8_t scale;  // decimals: digits after the point; times: fraction digits to print
  uint16_t mark;  // text made by JSON_OBJECT and JSON_ARRAY: kJsonMark; else 0

  static Cell Null() { return Make(CellKind::kNull); }
  static Cell Bool(bool value) {
    Cell cell = Make(CellKind::kBool);
    cell.u = value ? 1 : 0;
    return cell;
  }
  static Cell Int(int64_t value) {
    Cell cell = Make(CellKind::kInt);
    cell.i = value;
    return cell;
  }
  static Cell Uint(uint64_t value) {
    Cell cell = Make(value > INT64_MAX ? CellKind::kUint : CellKind::kInt);
    cell.u = value;
    return cell;
  }
  static Cell Double(double value) {
    Cell cell = Make(CellKind::kDouble);
    cell.f = value;
    return cell;
  }
  static Cell Float(float value) {
    Cell cell = Make(CellKind::kFloat);
    cell.f = static_cast<double>(value);
    return cell;
  }
  static Cell Temporal(CellKind kind, int64_t value, uint8_t scale) {
    Cell cell = Make(kind);
    cell.i = value;
    cell.scale = scale;
    return cell;
  }
  // `text` must outlive the cell.
  static Cell View(CellKind kind, std::string_view text, uint8_t scale = 0) {
    Cell cell = Make(kind);
    cell.bytes = text.data();
    cell.size = static_cast<uint32_t>(text.size());
    cell.scale = scale;
    return cell;
  }
  // An ARRAY, MAP or ROW of cells that outlive it.
  static Cell Structure(CellKind kind, std::span<const Cell> cells) {
    Cell cell = Make(kind);
    cell.cells = cells.data();
    cell.size = static_cast<uint32_t>(cells.size());
    return cell;
  }
  static Cell Text(std::string_view text) { return View(CellKind::kText, text); }

  bool is_null() const { return kind == CellKind::kNull; }
  bool has_bytes() const {
    return kind == CellKind::kText || kind == CellKind::kDecimal || kind == CellKind::kBytes;
  }
  std::string_view view() const { return {bytes, size}; }
  bool is_structured() const { return kind >= CellKind::kArray; }
  // Of an ARRAY, MAP or ROW; nothing for all others.
  std::span<const Cell> items() const {
    return is_structured() ? std::span<const Cell>(cells, size) : std::span<const Cell>();
  }

 private:
  static Cell Make(CellKind kind) {
    Cell cell;
    cell.u = 0;
    cell.size = 0;
    cell.kind = kind;
    cell.scale = 0;
    cell.mark = 0;
    return cell;
  }
};

static_assert(sizeof(Cell) == 16 && std::is_trivially_copyable_v<Cell>);

}  // namespace millrace
