#include "minidoris/table/table.h"

#include <fmt/format.h>

#include <array>

#include "base/ascii.h"
#include "base/quote.h"

namespace millrace::minidoris {
namespace {

struct KindNames {
  TypeKind kind;
  std::string_view lower;      // DESC
  std::string_view primitive;  // _schema
  std::string_view sqlite;     // declaration in SQLite
};

constexpr std::array<KindNames, 18> kKinds = {{
    {TypeKind::kBoolean, "boolean", "BOOLEAN", "BOOLEAN INT"},
    {TypeKind::kTinyInt, "tinyint", "TINYINT", "TINYINT"},
    {TypeKind::kSmallInt, "smallint", "SMALLINT", "SMALLINT"},
    {TypeKind::kInt, "int", "INT", "INT"},
    {TypeKind::kBigInt, "bigint", "BIGINT", "BIGINT"},
    {TypeKind::kLargeInt, "largeint", "LARGEINT", "LARGE TEXT COLLATE doris_number"},
    {TypeKind::kFloat, "float", "FLOAT", "FLOAT"},
    {TypeKind::kDouble, "double", "DOUBLE", "DOUBLE"},
    {TypeKind::kDecimal, "decimal", "DECIMAL", "DECIMAL TEXT COLLATE doris_number"},
    {TypeKind::kDate, "date", "DATEV2", "DATE TEXT"},
    {TypeKind::kDateTime, "datetime", "DATETIMEV2", "DATETIME TEXT"},
    {TypeKind::kChar, "char", "CHAR", "CHAR TEXT"},
    {TypeKind::kVarchar, "varchar", "VARCHAR", "VARCHAR TEXT"},
    {TypeKind::kString, "string", "STRING", "STRING TEXT"},
    {TypeKind::kJson, "json", "JSONB", "JSON TEXT"},
    {TypeKind::kArray, "array", "ARRAY", "ARRAY TEXT"},
    {TypeKind::kMap, "map", "MAP", "MAP TEXT"},
    {TypeKind::kStruct, "struct", "STRUCT", "STRUCT TEXT"},
}};

// Digits a decimal can have in 32, 64 and 128 bits.
constexpr uint32_t kDecimal32Digits = 9;
constexpr uint32_t kDecimal64Digits = 18;

const KindNames& NamesOf(TypeKind kind) { return kKinds[static_cast<size_t>(kind)]; }

std::string StringLiteral(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') literal += '\\';
    literal += c;
  }
  return literal + "\"";
}

std::string ColumnText(const Column& column, KeysModel model) {
  std::string text = fmt::format("  {} {}", QuoteIdentifier(column.name), TypeText(column.type));
  if (model == KeysModel::kAggregate && column.aggregation != Aggregation::kNone) {
    text += fmt::format(" {}", AggregationText(column.aggregation));
  }
  text += column.nullable ? " NULL" : " NOT NULL";
  if (column.default_is_now) {
    text += " DEFAULT CURRENT_TIMESTAMP";
  } else if (column.default_text) {
    text += " DEFAULT " + StringLiteral(*column.default_text);
  }
  if (!column.comment.empty()) text += " COMMENT " + StringLiteral(column.comment);
  return text;
}

// What stands between < and >.
std::string ElementsText(const ColumnType& type) {
  std::vector<std::string> elements;
  for (size_t i = 0; i < type.elements.size(); ++i) {
    const std::string name = type.kind == TypeKind::kStruct ? type.fields[i] + ":" : "";
    elements.push_back(name + TypeText(type.elements[i]));
  }
  return Join(elements, ",");
}

std::string NameList(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(QuoteIdentifier(name));
  return Join(quoted, ", ");
}

}  // namespace

std::optional<size_t> Table::Find(std::string_view column) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (EqualsIgnoreCase(columns[i].name, column)) return i;
  }
  return std::nullopt;
}

std::string TypeText(const ColumnType& type) {
  std::string text(NamesOf(type.kind).lower);
  switch (type.kind) {
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return fmt::format("{}({})", text, type.length);
    case TypeKind::kDecimal:
      return fmt::format("{}({},{})", text, type.precision, type.scale);
    case TypeKind::kDateTime:
      return type.scale == 0 ? text : fmt::format("{}({})", text, type.scale);
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kStruct:
      return fmt::format("{}<{}>", text, ElementsText(type));
    default:
      return text;
  }
}

std::string PrimitiveTypeName(const ColumnType& type) {
  if (type.kind != TypeKind::kDecimal) return std::string(NamesOf(type.kind).primitive);
  if (type.precision <= kDecimal32Digits) return "DECIMAL32";
  return type.precision <= kDecimal64Digits ? "DECIMAL64" : "DECIMAL128I";
}

std::string SqliteDeclaration(const ColumnType& type) {
  return std::string(NamesOf(type.kind).sqlite);
}

std::optional<TypeKind> KindOfDeclaration(std::string_view declaration) {
  const std::string_view word = declaration.substr(0, declaration.find(' '));
  for (const KindNames& names : kKinds) {
    if (names.sqlite.substr(0, names.sqlite.find(' ')) == word) return names.kind;
  }
  return std::nullopt;
}

std::string_view AggregationText(Aggregation aggregation) {
  switch (aggregation) {
    case Aggregation::kNone:
      return "";
    case Aggregation::kReplace:
      return "REPLACE";
    case Aggregation::kReplaceIfNotNull:
      return "REPLACE_IF_NOT_NULL";
    case Aggregation::kSum:
      return "SUM";
    case Aggregation::kMin:
      return "MIN";
    case Aggregation::kMax:
      return "MAX";
  }
  return "";
}

std::string_view ModelText(KeysModel model) {
  switch (model) {
    case KeysModel::kDuplicate:
      return "DUPLICATE KEY";
    case KeysModel::kUnique:
      return "UNIQUE KEY";
    case KeysModel::kAggregate:
      return "AGGREGATE KEY";
  }
  return "";
}

std::string CreateTableText(const Table& table) {
  std::string text = fmt::format("CREATE TABLE {} (\n", QuoteIdentifier(table.name));
  std::vector<std::string> keys;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    text += ColumnText(table.columns[i], table.model);
    text += i + 1 < table.columns.size() ? ",\n" : "\n";
    if (table.columns[i].key) keys.push_back(table.columns[i].name);
  }
  text += fmt::format(") ENGINE=OLAP\n{}({})\n", ModelText(table.model), NameList(keys));
  if (!table.comment.empty()) text += fmt::format("COMMENT {}\n", StringLiteral(table.comment));
  if (!table.partition.empty()) text += fmt::format("PARTITION BY {}\n", table.partition);
  text += table.hash_columns.empty()
              ? std::string("DISTRIBUTED BY RANDOM")
              : fmt::format("DISTRIBUTED BY HASH({})", NameList(table.hash_columns));
  text += fmt::format(" BUCKETS {}\nPROPERTIES (\n", table.buckets);
  text += "\"replication_allocation\" = \"tag.location.default: 1\"";
  for (const auto& [key, value] : table.properties) {
    if (key == "replication_allocation" || key == "replication_num") continue;
    text += fmt::format(",\n{} = {}", StringLiteral(key), StringLiteral(value));
  }
  return text + "\n);";
}

std::string PhysicalName(std::string_view database, std::string_view table) {
  return QuoteIdentifier(fmt::format("{}.{}", database, table));
}

}  // namespace millrace::minidoris
