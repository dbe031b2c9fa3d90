#include "connectors/doris/scan_cell.h"

#include <doctest/doctest.h>

#include "row/print.h"

namespace millrace::doris {
namespace {

// The text of what `text` becomes as `type`; "-" if it is not a value of the type.
std::string Through(const char* type, std::string_view text) {
  Arena arena;
  const std::optional<Cell> cell = ParseCell(*ParseType(type), text, TimeZone(), &arena);
  if (!cell) return "-";
  std::string result;
  AppendCell(&result, *cell);
  return result;
}

TEST_CASE("what the query port sends becomes cells of the declared types") {
  CHECK(Through("INT", "-12") == "-12");
  CHECK(Through("INT", "12.5") == "-");
  CHECK(Through("BIGINT", "9223372036854775808") == "-");
  CHECK(Through("BOOLEAN", "1") == "TRUE");
  CHECK(Through("BOOLEAN", "2") == "-");
  CHECK(Through("DOUBLE", "1e10") == "1.0E10");
  CHECK(Through("FLOAT", "0.1") == "0.1");
  CHECK(Through("DECIMAL(10, 2)", "1.5") == "1.50");
  CHECK(Through("DECIMAL(10, 0)", "15") == "15");
  CHECK(Through("DECIMAL(10, 2)", "x") == "-");
  CHECK(Through("DATE", "1953-09-02") == "1953-09-02");
  CHECK(Through("DATE", "1953-09-02 00:00:00") == "1953-09-02");
  CHECK(Through("DATE", "yesterday") == "-");
  CHECK(Through("TIMESTAMP(3)", "2024-02-29 23:59:58.123") == "2024-02-29 23:59:58.123");
  CHECK(Through("TIMESTAMP(0)", "2024-02-29 23:59:58") == "2024-02-29 23:59:58");
  CHECK(Through("TIME(0)", "-12:34:56") == "-12:34:56");
  CHECK(Through("STRING", "any\nthing") == "any\nthing");
  CHECK(Through("BYTES", "any") == "any");
}

}  // namespace
}  // namespace millrace::doris
