// Columns and key of a table as plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "row/type.h"

namespace millrace {

struct Column {
  std::string name;
  Type type;
  // Metadata columns: the connector's key they come from ("database_name"); empty if physical.
  std::string metadata_key;

  bool operator==(const Column&) const = default;
};

struct Schema {
  std::vector<Column> columns;  // in declared order; computed columns are not here
  std::vector<uint32_t> key;    // declared primary key: indexes into columns, maybe none

  bool operator==(const Schema&) const = default;
  std::optional<uint32_t> Find(std::string_view name) const;  // by exact name
};

}  // namespace millrace
