// Tables as the catalog knows them: plain values. A Table never changes once it is in the catalog;
// a load keeps the one it was planned against.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millrace::minidoris {

enum class TypeKind : uint8_t {
  kBoolean,
  kTinyInt,
  kSmallInt,
  kInt,
  kBigInt,
  kLargeInt,
  kFloat,
  kDouble,
  kDecimal,
  kDate,
  kDateTime,
  kChar,
  kVarchar,
  kString,
  kJson,
  kArray,
  kMap,
  kStruct,
};

struct ColumnType {
  TypeKind kind = TypeKind::kString;
  uint32_t length = 0;               // CHAR and VARCHAR: bytes
  uint32_t precision = 0;            // DECIMAL: digits in all
  uint32_t scale = 0;                // DECIMAL: digits after the point; DATETIME: fraction digits
  std::vector<ColumnType> elements;  // ARRAY: one; MAP: key and value; STRUCT: its fields
  std::vector<std::string> fields;   // STRUCT: their names, in lower case

  bool is_nested() const {
    return kind == TypeKind::kArray || kind == TypeKind::kMap || kind == TypeKind::kStruct;
  }
};

enum class KeysModel : uint8_t { kDuplicate, kUnique, kAggregate };
enum class Aggregation : uint8_t { kNone, kReplace, kReplaceIfNotNull, kSum, kMin, kMax };

struct Column {
  std::string name;
  ColumnType type;
  bool key = false;
  bool nullable = true;
  Aggregation aggregation = Aggregation::kNone;
  std::optional<std::string> default_text;  // as loads would send it
  bool default_is_now = false;              // DEFAULT CURRENT_TIMESTAMP
  std::string comment;
};

struct Table {
  int64_t id =
      0;  // chosen by the store; a table that is dropped and created again gets another one
  std::string database;
  std::string name;
  KeysModel model = KeysModel::kDuplicate;
  std::vector<Column> columns;  // the key columns first
  size_t key_count = 0;
  std::string comment;
  std::string partition;                  // text of the PARTITION BY clause, or empty
  std::vector<std::string> hash_columns;  // empty: DISTRIBUTED BY RANDOM
  std::string buckets = "10";
  std::vector<std::pair<std::string, std::string>> properties;

  // Position of the column, any case, or nothing.
  std::optional<size_t> Find(std::string_view column) const;
};

inline constexpr std::string_view kDeleteSign = "__DORIS_DELETE_SIGN__";

// `varchar(20)`, `decimal(10,2)`, `array<int>`, `struct<a:int,b:string>`, ...: what DESC and SHOW
// CREATE TABLE print.
std::string TypeText(const ColumnType& type);
// `VARCHAR`, `DATETIMEV2`, `DECIMAL64`, ...: what _schema prints.
std::string PrimitiveTypeName(const ColumnType& type);
// Type of the SQLite column. Its first word names the Doris type (KindOfDeclaration reads it), the
// rest is there to get the right SQLite affinity: text must stay the text that was stored.
std::string SqliteDeclaration(const ColumnType& type);
std::optional<TypeKind> KindOfDeclaration(std::string_view declaration);

std::string_view AggregationText(Aggregation aggregation);  // "" for kNone
std::string_view ModelText(KeysModel model);                // "UNIQUE KEY", ...

// The whole CREATE TABLE statement; parsing it returns the same table. This text is also the form
// in which the catalog is stored.
std::string CreateTableText(const Table& table);

// Name of the SQLite table that holds the rows of a Doris table, quoted.
std::string PhysicalName(std::string_view database, std::string_view table);

}  // namespace millrace::minidoris
