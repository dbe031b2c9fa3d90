// A column as information_schema describes it -> ServerColumn.
#pragma once

#include <string>
#include <string_view>

#include "connectors/mysql/schema/table_layout.h"

namespace millrace::mysql {

// `column_type`: COLUMN_TYPE, such as "int(10) unsigned" or "enum('M','F')". `charset`: empty if it
// has none.
ServerColumn ParseServerColumn(std::string_view name, std::string_view column_type,
                               std::string_view charset = "", bool is_nullable = true);

}  // namespace millrace::mysql
