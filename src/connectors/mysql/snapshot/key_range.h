// The SQL of a snapshot: by what a table is cut, and the conditions and lists of its queries. Pure
// text. Values are compared by the server alone: under its collations, with its padding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "connectors/mysql/schema/key_number.h"
#include "connectors/mysql/schema/server_table.h"

namespace millrace::mysql {

// kNumberRanges  ranges of one number without a fraction, all of them known from its bounds
// kPages         of any other order: the server is asked where each page ends
// kWhole         the whole table at once
enum class ReadBy : uint8_t { kNumberRanges, kPages, kWhole };

// By which columns a table is cut, in order. They need not be unique: a chunk ends after all rows
// that are equal.
struct CutKey {
  ReadBy read_by = ReadBy::kWhole;
  std::vector<uint32_t> columns;  // indexes into the table's; of kWhole none
  // The one column may be NULL: the first chunk has these rows.
  bool has_nulls = false;
};
// The columns of the table's key, up to one that cannot be compared as its index is sorted.
CutKey CutByKey(const ServerTable& table);
// A column that the user has chosen. Permanent error naming the columns that could be chosen.
Result<CutKey> CutByColumn(const ServerTable& table, std::string_view column);

// Part of a table; everything left out is open.
struct KeyRange {
  // kNumberRanges: from <= key < to.
  std::optional<KeyNumber> from = {};
  std::optional<KeyNumber> to = {};
  // kPages, as SQL literals of the columns: after < key <= up_to.
  std::vector<std::string> after = {};
  std::vector<std::string> up_to = {};
};
// "`id` >= 1 AND `id` < 5"; empty for the whole table.
std::string ConditionOf(const ServerTable& table, const CutKey& cut, const KeyRange& range);

// "(a > 1) OR (a = 1 AND b > 'x')" and the like; `strictly`: > and <, else >= and <=.
std::string KeyCondition(const ServerTable& table, const CutKey& cut,
                         const std::vector<std::string>& key, bool greater, bool strictly);
// The SELECT of a snapshot, without its WHERE.
std::string SelectText(const ServerTable& table, const std::vector<uint32_t>& selected);
// Finds the smallest and the largest number of kNumberRanges.
std::string BoundsQuery(const ServerTable& table, const CutKey& cut);
// Finds the last key of the page of `rows` rows after `after`; no row if the table ends before.
std::string PageEndQuery(const ServerTable& table, const CutKey& cut,
                         const std::vector<std::string>& after, int64_t rows);
// The key that a row of PageEndQuery holds, as SQL literals.
std::vector<std::string> KeyLiterals(const ServerTable& table, const CutKey& cut,
                                     const TextRow& row);

}  // namespace millrace::mysql
