// CAST of one value, with Flink's texts and limits (docs/sql.md).
#pragma once

#include <optional>
#include <string_view>

#include "base/time_zone.h"
#include "row/batch.h"
#include "row/type.h"

namespace millrace {

// Whether CAST from one type to the other exists at all.
bool CanCast(const Type& from, const Type& to);

// The value of `cell` as `type`; nothing if it does not fit ('x' AS INT). NULL stays NULL. New
// bytes go into the arena; `zone` is the session's zone, for instants.
std::optional<Cell> CastCell(const Cell& cell, const Type& type, Arena* arena,
                             const TimeZone& zone);

// The text a cell stands for; cells without bytes are printed into the arena.
std::string_view TextOf(const Cell& cell, Arena* arena, const TimeZone& zone);

// Flink's lenient forms: 'y[-m[-d]]', 'h[:m[:s[.f]]]', 'date[ time]'; days or microseconds.
std::optional<int64_t> ParseDateText(std::string_view text);
std::optional<int64_t> ParseTimeText(std::string_view text);
std::optional<int64_t> ParseTimestampText(std::string_view text);

}  // namespace millrace
