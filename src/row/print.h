// The text of a cell, the same everywhere: CAST(x AS STRING), the body of a load, a table in the
// shell. Flink's spelling (docs/sql.md): DATE yyyy-MM-dd, TIMESTAMP yyyy-MM-dd HH:mm:ss.f with
// exactly `scale` digits, DOUBLE and FLOAT as Java prints them, BOOLEAN TRUE/FALSE, ARRAY [1,
// NULL], MAP {k=1, l=2}, ROW (1, a).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time_zone.h"
#include "row/cell.h"

namespace millrace {

// Room that every cell without bytes fits in.
inline constexpr size_t kCellTextMax = 48;

// Writes the text of a cell that has neither bytes of its own nor a structure and is not null;
// returns the number of characters written. `out` has kCellTextMax bytes. kInstant is shown in
// `zone`.
size_t PrintCell(char* out, const Cell& cell, const TimeZone& zone = {});

// The same for any cell, appended to a string; NULL appends nothing.
void AppendCell(std::string* out, const Cell& cell, const TimeZone& zone = {});

// How the parts of an ARRAY, MAP or ROW are put together.
struct StructureStyle {
  std::string_view row_begin = "(";
  std::string_view row_end = ")";
  std::string_view null = "NULL";
};

// The text of an ARRAY, MAP or ROW: `put` gets the signs between the values, `leaf` every value
// inside that is neither NULL nor a structure.
template <typename Put, typename Leaf>
void PrintStructure(const Cell& cell, const StructureStyle& style, const Put& put,
                    const Leaf& leaf) {
  const bool row = cell.kind == CellKind::kRow;
  const bool map = cell.kind == CellKind::kMap;
  put(row ? style.row_begin : map ? std::string_view("{") : std::string_view("["));
  for (uint32_t i = 0; i < cell.size; ++i) {
    if (i > 0) put(map && i % 2 == 1 ? std::string_view("=") : std::string_view(", "));
    const Cell& item = cell.cells[i];
    if (item.is_null()) {
      put(style.null);
    } else if (item.is_structured()) {
      PrintStructure(item, style, put, leaf);
    } else {
      leaf(item);
    }
  }
  put(row ? style.row_end : map ? std::string_view("}") : std::string_view("]"));
}

// These, too, may write anywhere into kCellTextMax bytes.
size_t PrintInteger(char* out, int64_t value);
size_t PrintUnsigned(char* out, uint64_t value);
size_t PrintDate(char* out, int64_t days);                               // any year
size_t PrintTimestamp(char* out, int64_t microseconds, uint8_t digits);  // wall clock
size_t PrintTime(char* out, int64_t microseconds, uint8_t digits);       // -838:59:59.5
size_t PrintYearInterval(char* out, int64_t months);                     // +7-00
size_t PrintDayInterval(char* out, int64_t milliseconds);                // +1 10:17:36.789
size_t PrintDouble(char* out, double value);                             // as Java prints it
size_t PrintFloat(char* out, float value);

}  // namespace millrace
