// The SQL of a snapshot: how a table can be cut by its key, and the conditions and lists of its
// queries. Pure text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/mysql/schema/server_table.h"

namespace millrace::mysql {

// integer key    ranges of the key, several at a time
// other keys     page after page (keyset paging), one at a time; the server compares
// no usable key  the whole table at once
enum class ReadBy : uint8_t { kIntegerRanges, kPages, kWhole };
ReadBy ReadByOf(const ServerTable& table);

// Part of a table's key; everything left out is open.
struct KeyRange {
  // An integer key: from <= key < to.
  std::optional<int64_t> from = {};
  std::optional<int64_t> to = {};
  // Any key, as SQL literals of its columns: after < key <= up_to.
  std::vector<std::string> after = {};
  std::vector<std::string> up_to = {};
};
// " WHERE ..."; empty for the whole table.
std::string WhereOf(const ServerTable& table, const KeyRange& range);

// "(a > 1) OR (a = 1 AND b > 'x')" and the like; `strictly`: > and <, else >= and <=.
std::string KeyCondition(const ServerTable& table, const std::vector<std::string>& key,
                         bool greater, bool strictly);
// The SELECT of a snapshot, without its WHERE.
std::string SelectText(const ServerTable& table, const std::vector<uint32_t>& selected);
// Finds the smallest and the largest value of an integer key.
std::string BoundsQuery(const ServerTable& table);
// Finds the last key of the page of `rows` rows after `after`; no row if the table ends before.
std::string PageEndQuery(const ServerTable& table, const std::vector<std::string>& after,
                         int64_t rows);
// The key that a row of PageEndQuery holds, as SQL literals.
std::vector<std::string> KeyLiterals(const ServerTable& table, const TextRow& row);

}  // namespace millrace::mysql
