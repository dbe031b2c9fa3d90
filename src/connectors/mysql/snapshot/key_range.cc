#include "connectors/mysql/snapshot/key_range.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "connectors/mysql/values/column_type.h"

namespace millrace::mysql {
namespace {

// Fits into int64_t.
bool IsSignedInteger(const ServerColumn& column) {
  return IsInteger(column.type) && !(column.type == ColumnType::kBigInt && column.is_unsigned);
}

bool IsShortText(const ServerColumn& column) {
  return column.type == ColumnType::kChar || column.type == ColumnType::kVarChar;
}

// Keys whose values can be written as literals that compare as the index is sorted. ENUM and SET
// are sorted by number but compared as text, so they are not among them.
bool IsOrdered(const ServerColumn& column) {
  return IsExactNumber(column.type) || IsByteString(column.type) || IsShortText(column) ||
         IsTemporal(column.type);
}

std::string NameOf(const ServerTable& table, uint32_t column) {
  return QuoteIdentifier(table.columns()[column].name);
}

// The key columns as a query returns them for literals: bytes of text as they are stored, because
// several of them may be the same in UTF-8.
std::string KeyList(const ServerTable& table) {
  std::vector<std::string> items;
  for (const uint32_t index : table.key) {
    const std::string name = NameOf(table, index);
    const bool hex =
        IsByteString(table.columns()[index].type) || IsShortText(table.columns()[index]);
    items.push_back(hex ? "HEX(" + name + ")" : name);
  }
  return Join(items, ", ");
}

std::string KeyOrder(const ServerTable& table) {
  std::vector<std::string> items;
  for (const uint32_t index : table.key) items.push_back(NameOf(table, index));
  return Join(items, ", ");
}

std::string Literal(const ServerColumn& column, const std::string& value) {
  if (IsExactNumber(column.type)) return value;
  if (IsByteString(column.type)) return "X'" + value + "'";
  if (IsShortText(column)) return "_" + column.charset + " X'" + value + "'";
  return QuoteString(value);
}

}  // namespace

ReadBy ReadByOf(const ServerTable& table) {
  if (table.key.empty()) return ReadBy::kWhole;
  if (table.key.size() == 1 && IsSignedInteger(table.columns()[table.key[0]]))
    return ReadBy::kIntegerRanges;
  const bool ordered = std::all_of(table.key.begin(), table.key.end(), [&](uint32_t column) {
    return IsOrdered(table.columns()[column]);
  });
  return ordered ? ReadBy::kPages : ReadBy::kWhole;
}

std::string KeyCondition(const ServerTable& table, const std::vector<std::string>& key,
                         bool greater, bool strictly) {
  const std::string_view sign = greater ? ">" : "<";
  std::vector<std::string> alternatives;
  std::string equal;
  for (size_t i = 0; i < key.size(); ++i) {
    const std::string name = NameOf(table, table.key[i]);
    const bool inclusive = !strictly && i + 1 == key.size();
    alternatives.push_back(
        fmt::format("({}{} {}{} {})", equal, name, sign, inclusive ? "=" : "", key[i]));
    equal += fmt::format("{} = {} AND ", name, key[i]);
  }
  if (alternatives.size() == 1) return alternatives[0];
  // The condition on the first column alone lets the optimizer use a range of the index.
  return fmt::format("({} {}= {} AND ({}))", NameOf(table, table.key[0]), sign, key[0],
                     Join(alternatives, " OR "));
}

std::string WhereOf(const ServerTable& table, const KeyRange& range) {
  std::vector<std::string> conditions;
  if (range.from || range.to) {
    const std::string key = NameOf(table, table.key[0]);
    if (range.from) conditions.push_back(fmt::format("{} >= {}", key, *range.from));
    if (range.to) conditions.push_back(fmt::format("{} < {}", key, *range.to));
  }
  if (!range.after.empty()) conditions.push_back(KeyCondition(table, range.after, true, true));
  if (!range.up_to.empty()) conditions.push_back(KeyCondition(table, range.up_to, false, false));
  return conditions.empty() ? std::string() : " WHERE " + Join(conditions, " AND ");
}

std::string SelectText(const ServerTable& table, const std::vector<uint32_t>& selected) {
  std::vector<std::string> names;
  for (const uint32_t index : selected) names.push_back(NameOf(table, index));
  return fmt::format("SELECT {} FROM {}", Join(names, ", "), table.Quoted());
}

std::string BoundsQuery(const ServerTable& table) {
  return fmt::format("SELECT MIN({0}), MAX({0}) FROM {1}", NameOf(table, table.key[0]),
                     table.Quoted());
}

std::string PageEndQuery(const ServerTable& table, const std::vector<std::string>& after,
                         int64_t rows) {
  KeyRange range;
  range.after = after;
  return fmt::format("SELECT {} FROM {}{} ORDER BY {} LIMIT {}, 1", KeyList(table), table.Quoted(),
                     WhereOf(table, range), KeyOrder(table), rows - 1);
}

std::vector<std::string> KeyLiterals(const ServerTable& table, const TextRow& row) {
  std::vector<std::string> literals;
  for (size_t i = 0; i < table.key.size(); ++i) {
    literals.push_back(Literal(table.columns()[table.key[i]], row[i].value_or("")));
  }
  return literals;
}

}  // namespace millrace::mysql
