// The information_schema tables of physical_table.h. They are ordinary SQLite tables and views, so
// that any SELECT over them works.
#include <fmt/format.h>

#include "minidoris/store/physical_table.h"

namespace millrace::minidoris {
namespace {

constexpr std::string_view kNull = "\\N";

std::string DataType(const ColumnType& type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return "tinyint";
    case TypeKind::kLargeInt:
      return "bigint unsigned";
    case TypeKind::kString:
      return "string";
    default:
      const std::string text = TypeText(type);
      return text.substr(0, text.find_first_of("(<"));
  }
}

std::string NumericPrecision(const ColumnType& type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return "0";
    case TypeKind::kTinyInt:
      return "3";
    case TypeKind::kSmallInt:
      return "5";
    case TypeKind::kInt:
      return "10";
    case TypeKind::kBigInt:
      return "19";
    case TypeKind::kLargeInt:
      return "39";
    case TypeKind::kFloat:
      return "7";
    case TypeKind::kDouble:
      return "15";
    case TypeKind::kDecimal:
      return std::to_string(type.precision);
    default:
      return std::string(kNull);
  }
}

std::string_view KeyText(const Table& table, const Column& column) {
  if (!column.key) return "";
  switch (table.model) {
    case KeysModel::kUnique:
      return "UNI";
    case KeysModel::kAggregate:
      return "AGG";
    case KeysModel::kDuplicate:
      break;
  }
  return "DUP";
}

}  // namespace

std::string InformationSchemaSql() {
  return R"(
CREATE TABLE IF NOT EXISTS `information_schema.columns`(TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME,
  COLUMN_NAME, ORDINAL_POSITION INTEGER, COLUMN_DEFAULT, IS_NULLABLE, DATA_TYPE,
  CHARACTER_MAXIMUM_LENGTH INTEGER, CHARACTER_OCTET_LENGTH INTEGER, NUMERIC_PRECISION INTEGER,
  NUMERIC_SCALE INTEGER, DATETIME_PRECISION INTEGER, CHARACTER_SET_NAME, COLLATION_NAME,
  COLUMN_TYPE, COLUMN_KEY, EXTRA, PRIVILEGES, COLUMN_COMMENT, COLUMN_SIZE INTEGER,
  DECIMAL_DIGITS INTEGER, GENERATION_EXPRESSION, SRS_ID);
CREATE VIEW IF NOT EXISTS `information_schema.tables` AS SELECT 'internal' AS TABLE_CATALOG,
  db AS TABLE_SCHEMA, name AS TABLE_NAME, 'BASE TABLE' AS TABLE_TYPE, 'Doris' AS ENGINE,
  NULL AS VERSION, NULL AS ROW_FORMAT, NULL AS TABLE_ROWS, NULL AS CREATE_TIME,
  'utf-8' AS TABLE_COLLATION, '' AS TABLE_COMMENT FROM catalog_tables;
CREATE VIEW IF NOT EXISTS `information_schema.schemata` AS SELECT 'internal' AS CATALOG_NAME,
  name AS SCHEMA_NAME, 'utf8mb4' AS DEFAULT_CHARACTER_SET_NAME,
  'utf8mb4_0900_bin' AS DEFAULT_COLLATION_NAME, NULL AS SQL_PATH FROM catalog_databases;
)";
}

std::vector<std::vector<std::string>> InformationSchemaColumns(const Table& table) {
  const std::string null(kNull);
  std::vector<std::vector<std::string>> rows;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    const ColumnType& type = column.type;
    const bool bounded = type.kind == TypeKind::kChar || type.kind == TypeKind::kVarchar;
    const std::string length = bounded ? std::to_string(type.length) : null;
    const std::string precision = NumericPrecision(type);
    const std::string scale = type.kind == TypeKind::kDecimal ? std::to_string(type.scale)
                              : precision == kNull            ? null
                                                              : "0";
    rows.push_back(
        {"internal",
         table.database,
         table.name,
         column.name,
         std::to_string(i + 1),
         column.default_is_now ? "CURRENT_TIMESTAMP" : column.default_text.value_or(null),
         column.nullable ? "YES" : "NO",
         DataType(type),
         length,
         length,
         precision,
         scale,
         type.kind == TypeKind::kDateTime ? std::to_string(type.scale) : null,
         null,
         null,
         TypeText(type),
         std::string(KeyText(table, column)),
         "",
         "select,insert,update,delete",
         column.comment,
         bounded ? length : precision,
         scale,
         null,
         null});
  }
  return rows;
}

}  // namespace millrace::minidoris
