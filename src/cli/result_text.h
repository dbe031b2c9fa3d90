// The text of cells and lines of results: tableau as Flink's client draws it, CSV and JSON for
// programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time_zone.h"
#include "row/cell.h"
#include "row/type.h"

namespace millrace {

inline constexpr std::string_view kNullText = "<NULL>";

// Columns that a value of a type needs in a stream, where widths are fixed before any row is there;
// everything without a width of its own gets `text_width`.
size_t TypeWidth(const Type& type, size_t text_width);

// What a result shows of a value; nothing for NULL. Bytes are x'00ff'.
std::optional<std::string> CellText(const Cell& cell, const TimeZone& zone);

// "+----+------+\n" and "| a | b |\n": right-aligned, cut with "..." where a text is wider than its
// column, control characters as blanks.
std::string BorderLine(const std::vector<size_t>& widths);
std::string TableLine(const std::vector<std::string>& cells, const std::vector<size_t>& widths);
// As many columns of `text` as fit, padded on the left to `width`.
std::string Fitted(std::string_view text, size_t width);
// The same text without what could move the cursor of a terminal.
std::string WithoutControls(std::string_view text);

// A field of RFC 4180: NULL is nothing at all, an empty text is "".
std::string CsvField(const std::optional<std::string>& text);
// A value of JSON: numbers and booleans as such, an ARRAY as an array, a MAP and a ROW as an
// object, everything else as text.
std::string JsonValue(const Cell& cell, const Type& type, const TimeZone& zone);

}  // namespace millrace
