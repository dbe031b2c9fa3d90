#include "connectors/mysql/values/column_type.h"

#include <doctest/doctest.h>

using namespace millrace::mysql;

TEST_CASE("type names of information_schema, in any case") {
  CHECK(ParseColumnType("int") == ColumnType::kInt);
  CHECK(ParseColumnType("MEDIUMTEXT") == ColumnType::kText);
  CHECK(ParseColumnType("multipolygon") == ColumnType::kGeometry);
  CHECK(ParseColumnType("inet6") == ColumnType::kInet);
  CHECK(ParseColumnType("xmltype") == ColumnType::kOther);
  CHECK(ParseColumnType("") == ColumnType::kOther);
}

TEST_CASE("families of types") {
  CHECK(IsInteger(ColumnType::kMediumInt));
  CHECK(!IsInteger(ColumnType::kYear));
  CHECK(IsExactNumber(ColumnType::kYear));
  CHECK(IsByteString(ColumnType::kBlob));
  CHECK(!IsByteString(ColumnType::kGeometry));
  CHECK(IsBinary(ColumnType::kVector));
  CHECK(!IsBinary(ColumnType::kJson));
  CHECK(IsTemporal(ColumnType::kDate));
  CHECK(!IsTemporal(ColumnType::kChar));
}
