// Text of the MySQL protocol, as Doris sends it, to the cell of a declared type.
#pragma once

#include <optional>
#include <string_view>

#include "base/time_zone.h"
#include "row/batch.h"
#include "row/cell.h"
#include "row/type.h"

namespace millrace::doris {

// Bytes are copied into `arena`. Nothing if the text is not a value of that type.
std::optional<Cell> ParseCell(const Type& type, std::string_view text, const TimeZone& zone,
                              Arena* arena);

}  // namespace millrace::doris
