#include "connectors/mysql/binlog/logged_type.h"

#include <doctest/doctest.h>

using namespace millrace::mysql;

TEST_CASE("types of table maps and their metadata") {
  CHECK(ParseLoggedType(3, 0)->width == 4);  // INT
  CHECK(MetadataBytes(3) == 0);
  CHECK(ParseLoggedType(18, 6)->width == 8);  // DATETIME(6)
  CHECK(ParseLoggedType(18, 6)->digits == 6);
  CHECK_FALSE(ParseLoggedType(18, 7).has_value());
  CHECK(MetadataBytes(18) == 1);
  CHECK(ParseLoggedType(15, 255)->width == 1);  // VARCHAR
  CHECK(ParseLoggedType(15, 256)->width == 2);
  CHECK(MetadataBytes(15) == 2);
  CHECK(ParseLoggedType(246, 2 << 8 | 10)->width == 5);  // DECIMAL(10, 2)
  CHECK_FALSE(ParseLoggedType(246, 11 << 8 | 10).has_value());
  CHECK(ParseLoggedType(16, 1 << 8 | 1)->bits == 9);  // BIT(9)
  CHECK(ParseLoggedType(16, 1 << 8 | 1)->width == 2);
  CHECK_FALSE(ParseLoggedType(16, 0).has_value());
  CHECK(ParseLoggedType(252, 4)->wire == Wire::kBlob);
  CHECK_FALSE(ParseLoggedType(252, 5).has_value());
  CHECK_FALSE(ParseLoggedType(77, 0).has_value());
  CHECK(MetadataBytes(77) == 0);
}

TEST_CASE("CHAR, and what hides in its type") {
  CHECK(ParseLoggedType(254, 20 << 8 | 254)->wire == Wire::kString);
  CHECK(ParseLoggedType(254, 20 << 8 | 254)->bytes_max == 20);
  CHECK(ParseLoggedType(254, 0xfc << 8 | 0xee)->bytes_max == 0x1fc);
  CHECK(ParseLoggedType(254, 0xfc << 8 | 0xee)->width == 2);
  CHECK(ParseLoggedType(254, 1 << 8 | 247)->wire == Wire::kEnum);
  CHECK(ParseLoggedType(254, 8 << 8 | 248)->width == 8);  // SET
  CHECK_FALSE(ParseLoggedType(254, 3 << 8 | 247).has_value());
}
