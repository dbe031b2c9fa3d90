#include "connectors/mysql/values/column_type.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace millrace::mysql {
namespace {

struct TypeName {
  std::string_view name;
  ColumnType type;
};

constexpr std::array<TypeName, 42> kTypeNames = {{
    {"tinyint", ColumnType::kTinyInt},
    {"smallint", ColumnType::kSmallInt},
    {"mediumint", ColumnType::kMediumInt},
    {"int", ColumnType::kInt},
    {"bigint", ColumnType::kBigInt},
    {"year", ColumnType::kYear},
    {"float", ColumnType::kFloat},
    {"double", ColumnType::kDouble},
    {"decimal", ColumnType::kDecimal},
    {"bit", ColumnType::kBit},
    {"date", ColumnType::kDate},
    {"time", ColumnType::kTime},
    {"datetime", ColumnType::kDateTime},
    {"timestamp", ColumnType::kTimestamp},
    {"char", ColumnType::kChar},
    {"varchar", ColumnType::kVarChar},
    {"tinytext", ColumnType::kText},
    {"text", ColumnType::kText},
    {"mediumtext", ColumnType::kText},
    {"longtext", ColumnType::kText},
    {"binary", ColumnType::kBinary},
    {"varbinary", ColumnType::kVarBinary},
    {"tinyblob", ColumnType::kBlob},
    {"blob", ColumnType::kBlob},
    {"mediumblob", ColumnType::kBlob},
    {"longblob", ColumnType::kBlob},
    {"geometry", ColumnType::kGeometry},
    {"point", ColumnType::kGeometry},
    {"linestring", ColumnType::kGeometry},
    {"polygon", ColumnType::kGeometry},
    {"multipoint", ColumnType::kGeometry},
    {"multilinestring", ColumnType::kGeometry},
    {"multipolygon", ColumnType::kGeometry},
    {"geomcollection", ColumnType::kGeometry},
    {"geometrycollection", ColumnType::kGeometry},
    {"vector", ColumnType::kVector},
    {"json", ColumnType::kJson},
    {"enum", ColumnType::kEnum},
    {"set", ColumnType::kSet},
    {"uuid", ColumnType::kUuid},
    {"inet4", ColumnType::kInet},
    {"inet6", ColumnType::kInet},
}};

}  // namespace

ColumnType ParseColumnType(std::string_view data_type) {
  const auto* found =
      std::find_if(kTypeNames.begin(), kTypeNames.end(),
                   [&](const TypeName& known) { return EqualsIgnoreCase(known.name, data_type); });
  return found == kTypeNames.end() ? ColumnType::kOther : found->type;
}

}  // namespace millrace::mysql
