// TABLE_MAP events: which columns the rows have that follow, and how their values stand there.
// Nothing is trusted, as in log_event.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::mysql {

// What a server adds: signs and character sets under binlog_row_metadata = MINIMAL of MySQL, all of
// it under FULL, nothing under NO_LOG of MariaDB. Empty: not there.
struct TableMapExtras {
  std::vector<bool> is_unsigned;           // by numeric column and YEAR, and some bits more
  std::vector<uint16_t> collations;        // see HasCollation
  std::vector<uint16_t> label_collations;  // by ENUM and SET column
  std::vector<std::string> names;          // by column
  std::vector<std::vector<std::string>> enum_labels;  // by ENUM column, in its character set
  std::vector<std::vector<std::string>> set_labels;   // by SET column
  std::vector<uint32_t> primary_key;                  // whole columns only

  bool operator==(const TableMapExtras&) const = default;
};

inline constexpr uint64_t kColumnsMax = 4096;  // the server's own limit

struct TableMap {
  uint64_t id = 0;
  std::string database;
  std::string table;
  std::vector<uint8_t> types;
  std::vector<uint16_t> metadata;  // by column, low byte first as in the event
  std::vector<bool> is_nullable;   // by column
  TableMapExtras extras;

  bool HasColumnsOf(const TableMap& other) const {
    return types == other.types && metadata == other.metadata && extras == other.extras;
  }
};
std::optional<TableMap> ParseTableMap(std::span<const uint8_t> body, bool is_mariadb);

// Only what is needed to decide whether the table is captured.
struct TableMapName {
  uint64_t id = 0;
  std::string_view database;
  std::string_view table;
};
std::optional<TableMapName> ParseTableMapName(std::span<const uint8_t> body);

// Which of the lists of TableMapExtras have an entry for a column.
bool IsNumeric(uint8_t type);
bool HasCollation(uint8_t type, uint16_t metadata, bool is_mariadb);  // but ENUM and SET
bool IsEnum(uint8_t type, uint16_t metadata);
bool IsSet(uint8_t type, uint16_t metadata);

}  // namespace millrace::mysql
