#include "connectors/mysql/schema/column_definition.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "connectors/mysql/schema/charset_name.h"
#include "connectors/mysql/values/charset.h"

namespace millrace::mysql {
namespace {

constexpr uint32_t kFloatDigitsMax = 24;      // FLOAT(25) is a DOUBLE
constexpr uint32_t kVectorDimensions = 2048;  // of a VECTOR without a number
constexpr uint32_t kDecimalDigits = 10;
// MariaDB makes a longer VARCHAR a TEXT; MySQL one that is longer by two, and between them no row
// would have room for it.
constexpr uint64_t kVarCharBytesMax = 65'533;

struct Size {
  std::string_view text;
  std::string_view blob;
  uint64_t bytes_max;
};
constexpr std::array<Size, 4> kSizes = {{{"tinytext", "tinyblob", 0xff},
                                         {"text", "blob", 0xffff},
                                         {"mediumtext", "mediumblob", 0xff'ffff},
                                         {"longtext", "longblob", 0xffff'ffff}}};

const Size* SizeOf(std::string_view type_name) {
  const auto* found = std::find_if(kSizes.begin(), kSizes.end(), [&](const Size& size) {
    return size.text == type_name || size.blob == type_name;
  });
  return found == kSizes.end() ? nullptr : found;
}

bool IsText(ColumnType type) {
  return type == ColumnType::kChar || type == ColumnType::kVarChar || type == ColumnType::kText ||
         HasLabels(type);
}

void SetType(std::string_view name, ServerColumn* column) {
  column->type_name = name;
  column->type = ParseColumnType(name);
  if (!HasLength(column->type)) column->length = 0;
}

// The smallest type that holds so many bytes.
void SetSize(bool is_text, uint64_t bytes, ServerColumn* column) {
  const auto* size = std::find_if(kSizes.begin(), kSizes.end(),
                                  [&](const Size& s) { return bytes <= s.bytes_max; });
  if (size == kSizes.end()) --size;
  SetType(is_text ? size->text : size->blob, column);
}

void MakeBinary(ServerColumn* column) {
  column->charset.clear();
  if (column->type == ColumnType::kChar) SetType("binary", column);
  if (column->type == ColumnType::kVarChar) SetType("varbinary", column);
  if (column->type == ColumnType::kText) SetType(SizeOf(column->type_name)->blob, column);
}

// TEXT(100) is a TINYTEXT, and a VARCHAR that is too long a TEXT. `length`: as written.
void FitSize(std::optional<uint64_t> length, ServerColumn* column) {
  const bool is_text = IsText(column->type);
  const uint64_t unit = BytesPerCharacter(column->charset);
  if (column->type_name == "text" || column->type_name == "blob") {
    if (length) SetSize(is_text, *length * unit, column);
  } else if (column->type == ColumnType::kVarChar || column->type == ColumnType::kVarBinary) {
    if (column->length * unit > kVarCharBytesMax) SetSize(is_text, column->length * unit, column);
  }
}

void SetLength(const ddl::DataType& type, ServerColumn* column) {
  column->length = type.length.value_or(0);
  switch (column->type) {
    case ColumnType::kChar:
    case ColumnType::kBinary:
      column->length = type.length.value_or(1);
      break;
    case ColumnType::kBit:
      column->length = std::max(column->length, 1u);
      break;
    case ColumnType::kDecimal:
      if (column->length == 0) column->length = kDecimalDigits;
      column->scale = static_cast<uint8_t>(type.decimals.value_or(0));
      break;
    case ColumnType::kVector:
      column->length = type.length.value_or(kVectorDimensions);
      break;
    case ColumnType::kFloat:
      if (column->length > kFloatDigitsMax && !type.decimals) SetType("double", column);
      break;
    default:
      break;
  }
  if (!HasLength(column->type)) column->length = 0;
}

std::string CharsetOf(const ddl::DataType& type, const DefinitionContext& context) {
  std::string charset = ResolvedCharset(type.charset, type.collation, context.table_charset);
  return context.convert_charset.empty() || charset == "binary" ? charset : context.convert_charset;
}

}  // namespace

std::string ResolvedCharset(const std::string& charset, const std::string& collation,
                            const std::string& fallback) {
  if (!charset.empty()) return charset == "default" ? fallback : CharsetNamed(charset);
  const std::string of_collation = CharsetOfCollation(collation);
  return of_collation.empty() ? fallback : of_collation;
}

ServerColumn DefinedColumn(const ddl::Column& definition, const DefinitionContext& context) {
  const ddl::DataType& type = definition.type;
  ServerColumn column;
  column.name = definition.name;
  SetType(type.name == "geometrycollection" ? "geomcollection" : type.name, &column);
  SetLength(type, &column);
  column.labels = type.labels;
  const bool is_number = IsExactNumber(column.type) || column.type == ColumnType::kFloat ||
                         column.type == ColumnType::kDouble;
  column.is_unsigned = type.is_unsigned && is_number && column.type != ColumnType::kYear;
  const bool is_period = definition.is_row_start || definition.is_row_end;
  const bool is_nullable =
      !is_period && (column.type != ColumnType::kTimestamp || context.timestamps_may_be_null);
  column.is_nullable = !definition.is_primary_key && definition.is_nullable.value_or(is_nullable);
  if (IsText(column.type)) {
    column.charset = CharsetOf(type, context);
    if (column.charset == "binary") MakeBinary(&column);
  }
  // MariaDB takes TEXT(0) for a TEXT.
  const bool has_size = type.length && (*type.length > 0 || !context.is_mariadb);
  FitSize(has_size ? std::optional<uint64_t>(*type.length) : std::nullopt, &column);
  return column;
}

void ConvertColumn(const std::string& charset, ServerColumn* column) {
  if (!IsText(column->type) || column->charset.empty()) return;
  const uint64_t before = BytesPerCharacter(column->charset);
  column->charset = charset;
  const uint64_t after = BytesPerCharacter(charset);
  if (const Size* size = SizeOf(column->type_name)) {
    SetSize(true, size->bytes_max / before * after, column);
  }
  if (charset == "binary") MakeBinary(column);
  FitSize(std::nullopt, column);
}

uint64_t KeyBytes(const ServerColumn& column) {
  constexpr uint64_t kNumber = 8;  // or less
  switch (column.type) {
    case ColumnType::kText:
    case ColumnType::kBlob:
      return UINT64_MAX;
    case ColumnType::kChar:
    case ColumnType::kVarChar:
      return uint64_t{column.length} * BytesPerCharacter(column.charset);
    case ColumnType::kBinary:
    case ColumnType::kVarBinary:
      return column.length;
    case ColumnType::kTinyInt:
    case ColumnType::kYear:
      return 1;
    case ColumnType::kSmallInt:
      return 2;
    case ColumnType::kMediumInt:
    case ColumnType::kDate:
      return 3;
    case ColumnType::kInt:
    case ColumnType::kFloat:
    case ColumnType::kTimestamp:
      return 4;
    default:
      return kNumber;
  }
}

}  // namespace millrace::mysql
