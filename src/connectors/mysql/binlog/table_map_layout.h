// Table maps against layouts: whether the rows of the log are those of a table as it is known, and
// what a map says about a table that is not known.
#pragma once

#include <optional>
#include <string>

#include "base/status.h"
#include "connectors/mysql/binlog/table_map.h"
#include "connectors/mysql/schema/server_facts.h"
#include "connectors/mysql/schema/table_layout.h"

namespace millrace::mysql {

// Ok if rows after `map` are those of a table that looks like `layout`: the number of columns,
// their types and sizes, and whatever else the map has. Permanent error with the first column that
// differs.
Status CheckTableMap(const TableMap& map, const TableLayout& layout, const ServerFacts& server);

// The layout that a map with full metadata describes, without the character set of the table;
// nothing if it lacks names, or labels of an ENUM or SET. Of MariaDB's UUID and INET types, which
// look like BINARY there, nothing can be known.
std::optional<TableLayout> LayoutOf(const TableMap& map, const ServerFacts& server);

}  // namespace millrace::mysql
