#include "minidoris/table/table_rules.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "minidoris/table/convert.h"

namespace millrace::minidoris {
namespace {

// The key columns must be the first columns, in the same order.
std::optional<std::string> MarkKeys(std::vector<std::string> keys, Table* table) {
  if (table->columns.empty()) return "Table must have at least one column";
  if (keys.empty()) keys.push_back(table->columns[0].name);
  if (keys.size() > table->columns.size()) {
    return "The number of key columns should be less than the number of columns.";
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    Column& column = table->columns[i];
    if (!table->Find(keys[i])) return fmt::format("key column[{}] doesn't exist", keys[i]);
    if (!EqualsIgnoreCase(column.name, keys[i])) {
      return fmt::format(
          "Key columns should be a ordered prefix of the schema. KeyColumns[{}] (starts from zero) "
          "is {}, but corresponding column is {} in the previous columns declaration.",
          i, keys[i], column.name);
    }
    column.key = true;
  }
  table->key_count = keys.size();
  return std::nullopt;
}

std::optional<std::string> CheckDistribution(Table* table) {
  for (std::string& name : table->hash_columns) {
    const std::optional<size_t> at = table->Find(name);
    if (!at) return "Distribution column(" + name + ") doesn't exist";
    if (!table->columns[*at].key && table->model != KeysModel::kDuplicate) {
      return "Distribution column[" + name + "] is not key column";
    }
    name = table->columns[*at].name;
  }
  return std::nullopt;
}

std::optional<std::string> CheckNested(const Column& column) {
  const std::string type = TypeText(column.type);
  if (column.key) {
    return fmt::format(
        "{} can only be used in the non-key column of the duplicate table at present.", type);
  }
  if (column.default_text) {
    return fmt::format("{} type column default value just support null", type);
  }
  const bool replaces = column.aggregation == Aggregation::kReplace ||
                        column.aggregation == Aggregation::kReplaceIfNotNull;
  if (column.aggregation == Aggregation::kNone || replaces) return std::nullopt;
  return fmt::format("{} can't support aggregation {}", type, AggregationText(column.aggregation));
}

std::optional<std::string> CheckColumn(const Table& table, const Column& column) {
  const TypeKind kind = column.type.kind;
  if (column.key && (kind == TypeKind::kFloat || kind == TypeKind::kDouble)) {
    return "Float or double can not used as a key, use decimal instead: " + column.name;
  }
  if (column.key && (kind == TypeKind::kString || kind == TypeKind::kJson)) {
    return "String Type should not be used in key column[" + column.name + "].";
  }
  if (column.type.is_nested()) {
    if (auto message = CheckNested(column)) return message;
  }
  if (column.aggregation != Aggregation::kNone && table.model != KeysModel::kAggregate) {
    return fmt::format("AggregateType {} is not allowed in {} table: {}",
                       AggregationText(column.aggregation),
                       table.model == KeysModel::kUnique ? "UNIQUE" : "DUPLICATE", column.name);
  }
  if (table.model == KeysModel::kAggregate &&
      column.key == (column.aggregation != Aggregation::kNone)) {
    return column.key ? "Key column " + column.name + " can not set aggregation type"
                      : column.name +
                            " should set aggregation type to non-key column "
                            "in aggregate table";
  }
  std::string ignored;
  if (column.default_text &&
      AppendConverted(column.type, *column.default_text, {}, &ignored) != Conversion::kStored) {
    return fmt::format("Invalid default value '{}' for column {}", *column.default_text,
                       column.name);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ApplyTableRules(const std::vector<std::string>& keys, Table* table) {
  if (auto message = MarkKeys(keys, table)) return message;
  if (auto message = CheckDistribution(table)) return message;
  for (const Column& column : table->columns) {
    if (auto message = CheckColumn(*table, column)) return message;
  }
  return std::nullopt;
}

}  // namespace millrace::minidoris
