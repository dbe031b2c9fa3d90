// Text of a load -> value of a column, by the rules of Doris's casts from text in lenient and
// strict mode.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "minidoris/table/table.h"

namespace millrace::minidoris {

enum class Conversion : unsigned char {
  kStored,   // the value was appended
  kBad,      // not a value of the type: NULL, or filtered in strict mode; nothing appended
  kTooLong,  // text longer than the column: filtered in both modes; nothing appended
};

inline constexpr size_t kStringBytesMax = 1 << 20;  // string_type_length_soft_limit_bytes

struct ConversionRules {
  // Of the load: datetimes with an offset of their own are converted to this time zone.
  int zone_offset_minutes = 0;
  // A bad element of an ARRAY, MAP or STRUCT makes the whole value bad; else the element is NULL.
  bool strict = true;
};

// Appends `text` as a value of `type` in the form of row_code.h.
Conversion AppendConverted(const ColumnType& type, std::string_view text,
                           const ConversionRules& rules, std::string* out);

// A FLOAT (`single`) or DOUBLE as a SELECT shows it.
std::string DoubleText(double value, bool single);

// Minutes east of Greenwich of a `timezone` header: "+08:00", "UTC", "Asia/Shanghai". Nothing for
// zones that minidoris does not know (it has no zone tables).
std::optional<int> ZoneOffsetMinutes(std::string_view zone);

// Datetime text with `scale` fraction digits of a moment in ms since 1970, UTC.
std::string DateTimeText(int64_t wall_ms, uint32_t scale);

}  // namespace millrace::minidoris
