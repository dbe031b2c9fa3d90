// Rows of the table that were written before, read back to be deleted.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time_zone.h"
#include "connectors/doris/table.h"
#include "row/batch.h"

namespace millrace::doris {

// Permanent error if the rows of this table cannot be deleted by what they hold.
Status CheckStoredRows(const SinkConfig& config, const DorisTable& table, const Layout& layout);

// A SELECT of the rows that hold in `columns` (indexes into layout.columns) what `row` holds there.
std::string StoredRowsQuery(const std::string& database, const std::string& table,
                            const Layout& layout, const Cell* row,
                            std::span<const uint32_t> columns, const TimeZone& zone);

// One of these rows as cells of a row to be written, all of it or what is needed to delete it.
// Numbers are kept in `arena`, if they need it; texts are not copied. Permanent error naming the
// column if a text is none of its values.
Status ReadStoredRow(const Layout& layout, std::span<const std::optional<std::string_view>> texts,
                     Arena* arena, Cell* row);

}  // namespace millrace::doris
