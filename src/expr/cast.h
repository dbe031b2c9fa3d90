// CAST of one value, with the string forms and limits of Flink (docs/sql.md).
#pragma once

#include <optional>
#include <string_view>

#include "base/time_zone.h"
#include "row/batch.h"
#include "row/type.h"

namespace millrace {

// Whether there is a CAST from one type to the other.
bool CanCast(const Type& from, const Type& to);

// The value of `cell` as `type`; nothing if it does not fit ('x' AS INT). NULL stays NULL. New
// bytes go into the arena; `zone` is the session's zone, for instants.
std::optional<Cell> CastCell(const Cell& cell, const Type& type, Arena* arena,
                             const TimeZone& zone);

// A cell as a string; cells without bytes are printed into the arena, structures as CAST does.
std::string_view TextOf(const Cell& cell, Arena* arena, const TimeZone& zone);

}  // namespace millrace
