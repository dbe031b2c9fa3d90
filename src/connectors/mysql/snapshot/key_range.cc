#include "connectors/mysql/snapshot/key_range.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "connectors/mysql/snapshot/snapshot_options.h"
#include "connectors/mysql/values/column_type.h"

namespace millrace::mysql {
namespace {

bool IsKeyNumber(const ServerColumn& column) {
  const bool is_whole_decimal =
      column.type == ColumnType::kDecimal && column.scale == 0 && column.length <= kKeyDigitsMax;
  return IsInteger(column.type) || is_whole_decimal;
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

// The columns as a query returns them for literals: bytes of text as they are stored, because
// several of them may be the same in UTF-8.
std::string KeyList(const ServerTable& table, const CutKey& cut) {
  std::vector<std::string> items;
  for (const uint32_t index : cut.columns) {
    const std::string name = NameOf(table, index);
    const bool hex =
        IsByteString(table.columns()[index].type) || IsShortText(table.columns()[index]);
    items.push_back(hex ? "HEX(" + name + ")" : name);
  }
  return Join(items, ", ");
}

std::string KeyOrder(const ServerTable& table, const CutKey& cut) {
  std::vector<std::string> items;
  for (const uint32_t index : cut.columns) items.push_back(NameOf(table, index));
  return Join(items, ", ");
}

std::string Literal(const ServerColumn& column, const std::string& value) {
  if (IsExactNumber(column.type)) return value;
  if (IsByteString(column.type)) return "X'" + value + "'";
  if (IsShortText(column)) return "_" + column.charset + " X'" + value + "'";
  return QuoteString(value);
}

}  // namespace

CutKey CutByKey(const ServerTable& table) {
  CutKey cut;
  for (const uint32_t column : table.key) {
    if (!IsOrdered(table.columns()[column])) break;
    cut.columns.push_back(column);
  }
  if (cut.columns.empty()) return cut;
  const bool is_number = cut.columns.size() == 1 && IsKeyNumber(table.columns()[cut.columns[0]]);
  cut.read_by = is_number ? ReadBy::kNumberRanges : ReadBy::kPages;
  return cut;
}

Result<CutKey> CutByColumn(const ServerTable& table, std::string_view name) {
  const std::optional<uint32_t> found = table.Find(name);
  if (found && IsOrdered(table.columns()[*found])) {
    const ServerColumn& column = table.columns()[*found];
    const ReadBy read_by = IsKeyNumber(column) ? ReadBy::kNumberRanges : ReadBy::kPages;
    return CutKey{read_by, {*found}, column.is_nullable};
  }
  const TableLayout& layout = *table.layout;
  const size_t hidden = layout.hash_columns + (layout.has_hidden_period ? 2 : 0);
  std::vector<std::string> usable;
  for (size_t i = 0; i + hidden < layout.columns.size(); ++i) {
    if (IsOrdered(layout.columns[i])) usable.push_back(Quoted(layout.columns[i].name));
  }
  const std::string reason = found ? fmt::format("is {}, which is not ordered as it is compared",
                                                 table.columns()[*found].TypeText())
                                   : "is not there";
  return Status::Permanent(fmt::format(
      "column {} of MySQL table {} {}, and cannot be its '{}'. {}", Quoted(name), table.FullName(),
      reason, kChunkKeyOption,
      usable.empty()
          ? "Leave the option out."
          : fmt::format("Name one of {}, or leave the option out.", Join(usable, ", "))));
}

std::string KeyCondition(const ServerTable& table, const CutKey& cut,
                         const std::vector<std::string>& key, bool greater, bool strictly) {
  const std::string_view sign = greater ? ">" : "<";
  std::vector<std::string> alternatives;
  std::string equal;
  for (size_t i = 0; i < key.size(); ++i) {
    const std::string name = NameOf(table, cut.columns[i]);
    const bool inclusive = !strictly && i + 1 == key.size();
    alternatives.push_back(
        fmt::format("({}{} {}{} {})", equal, name, sign, inclusive ? "=" : "", key[i]));
    equal += fmt::format("{} = {} AND ", name, key[i]);
  }
  if (alternatives.size() == 1) return alternatives[0];
  // The condition on the first column alone lets the optimizer use a range of the index.
  return fmt::format("({} {}= {} AND ({}))", NameOf(table, cut.columns[0]), sign, key[0],
                     Join(alternatives, " OR "));
}

std::string ConditionOf(const ServerTable& table, const CutKey& cut, const KeyRange& range) {
  std::vector<std::string> conditions;
  if (range.from || range.to) {
    const std::string key = NameOf(table, cut.columns[0]);
    if (range.from) conditions.push_back(fmt::format("{} >= {}", key, ToString(*range.from)));
    if (range.to) conditions.push_back(fmt::format("{} < {}", key, ToString(*range.to)));
  }
  if (!range.after.empty()) {
    conditions.push_back(KeyCondition(table, cut, range.after, true, true));
  }
  if (!range.up_to.empty()) {
    conditions.push_back(KeyCondition(table, cut, range.up_to, false, false));
  }
  const std::string condition = Join(conditions, " AND ");
  const bool is_first = !range.from && range.after.empty();
  if (condition.empty() || !is_first || !cut.has_nulls) return condition;
  return fmt::format("({} OR {} IS NULL)", condition, NameOf(table, cut.columns[0]));
}

std::string SelectText(const ServerTable& table, const std::vector<uint32_t>& selected) {
  std::vector<std::string> names;
  for (const uint32_t index : selected) names.push_back(NameOf(table, index));
  return fmt::format("SELECT {} FROM {}", Join(names, ", "), table.Quoted());
}

std::string BoundsQuery(const ServerTable& table, const CutKey& cut) {
  return fmt::format("SELECT MIN({0}), MAX({0}) FROM {1}", NameOf(table, cut.columns[0]),
                     table.Quoted());
}

// A page cannot end at a NULL: nothing would come after it.
std::string PageEndQuery(const ServerTable& table, const CutKey& cut,
                         const std::vector<std::string>& after, int64_t rows) {
  std::string condition;
  if (!after.empty()) {
    condition = KeyCondition(table, cut, after, true, true);
  } else if (cut.has_nulls) {
    condition = NameOf(table, cut.columns[0]) + " IS NOT NULL";
  }
  return fmt::format("SELECT {} FROM {}{}{} ORDER BY {} LIMIT {}, 1", KeyList(table, cut),
                     table.Quoted(), condition.empty() ? "" : " WHERE ", condition,
                     KeyOrder(table, cut), rows - 1);
}

std::vector<std::string> KeyLiterals(const ServerTable& table, const CutKey& cut,
                                     const TextRow& row) {
  std::vector<std::string> literals;
  for (size_t i = 0; i < cut.columns.size(); ++i) {
    literals.push_back(Literal(table.columns()[cut.columns[i]], row[i].value_or("")));
  }
  return literals;
}

}  // namespace millrace::mysql
