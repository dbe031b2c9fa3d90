// Which casts there are, and which an INSERT makes by itself: the matrix of Flink.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "expr/cast.h"
#include "expr/coercion.h"

using namespace millrace;

namespace {

const std::vector<const char*> kTypes = {"STRING",
                                         "CHAR(3)",
                                         "BYTES",
                                         "BINARY(3)",
                                         "BOOLEAN",
                                         "DECIMAL(10, 2)",
                                         "INT",
                                         "BIGINT",
                                         "DOUBLE",
                                         "FLOAT",
                                         "DATE",
                                         "TIME(0)",
                                         "TIMESTAMP(3)",
                                         "TIMESTAMP_LTZ(3)",
                                         "INTERVAL MONTH",
                                         "INTERVAL SECOND(3)"};

// The types for which `holds(type)`, in a row.
template <typename Holds>
std::string Row(Holds holds) {
  std::string row;
  for (const char* name : kTypes) {
    if (holds(*ParseType(name))) row += std::string(row.empty() ? "" : ", ") + name;
  }
  return row;
}

std::string CastsTo(const char* from) {
  return Row([&](const Type& to) { return CanCast(*ParseType(from), to); });
}
std::string AssignsFrom(const char* to) {
  return Row([&](const Type& from) { return CanAssign(from, *ParseType(to)); });
}

std::string Common(const char* a, const char* b) {
  const auto common = CommonType(*ParseType(a), *ParseType(b));
  const auto other_way = CommonType(*ParseType(b), *ParseType(a));
  CHECK(common == other_way);
  return common ? ToString(*common) : "(none)";
}

}  // namespace

TEST_CASE("casts that exist") {
  const std::string kAllButIntervals =
      "STRING, CHAR(3), BYTES, BINARY(3), BOOLEAN, DECIMAL(10, 2), INT, BIGINT, DOUBLE, FLOAT, "
      "DATE, TIME(0), TIMESTAMP(3), TIMESTAMP_LTZ(3)";
  CHECK(CastsTo("STRING") == kAllButIntervals);
  CHECK(CastsTo("NULL") == kAllButIntervals + ", INTERVAL MONTH, INTERVAL SECOND(3)");
  CHECK(CastsTo("BYTES") == "STRING, CHAR(3), BYTES, BINARY(3)");
  CHECK(CastsTo("BOOLEAN") ==
        "STRING, CHAR(3), BOOLEAN, DECIMAL(10, 2), INT, BIGINT, DOUBLE, FLOAT");
  CHECK(CastsTo("DOUBLE") ==
        "STRING, CHAR(3), BOOLEAN, DECIMAL(10, 2), INT, BIGINT, DOUBLE, FLOAT");
  CHECK(CastsTo("DATE") == "STRING, CHAR(3), DATE, TIMESTAMP(3), TIMESTAMP_LTZ(3)");
  CHECK(CastsTo("TIME(0)") == "STRING, CHAR(3), TIME(0), TIMESTAMP(3), TIMESTAMP_LTZ(3)");
  CHECK(CastsTo("TIMESTAMP(3)") ==
        "STRING, CHAR(3), DATE, TIME(0), TIMESTAMP(3), TIMESTAMP_LTZ(3)");
  CHECK(CastsTo("INTERVAL MONTH") == "STRING, CHAR(3), INTERVAL MONTH");
}

TEST_CASE("implicit casts of an INSERT") {
  CHECK(AssignsFrom("CHAR(3)") == "CHAR(3)");
  CHECK(AssignsFrom("STRING") == "STRING, CHAR(3)");
  CHECK(AssignsFrom("BINARY(3)") == "BINARY(3)");
  CHECK(AssignsFrom("BYTES") == "BYTES, BINARY(3)");
  CHECK(AssignsFrom("DECIMAL(10, 2)") == "DECIMAL(10, 2), INT, BIGINT, DOUBLE, FLOAT");
  CHECK(AssignsFrom("INT") == "INT");
  CHECK(AssignsFrom("BIGINT") == "INT, BIGINT");
  CHECK(AssignsFrom("FLOAT") == "DECIMAL(10, 2), INT, BIGINT, FLOAT");
  CHECK(AssignsFrom("DATE") == "DATE, TIMESTAMP(3)");
  CHECK(AssignsFrom("TIME(0)") == "TIME(0), TIMESTAMP(3)");
  CHECK(AssignsFrom("TIMESTAMP(3)") == "TIMESTAMP(3), TIMESTAMP_LTZ(3)");
  CHECK(AssignsFrom("TIMESTAMP_LTZ(3)") == "TIMESTAMP(3), TIMESTAMP_LTZ(3)");
  CHECK(AssignsFrom("BOOLEAN") == "BOOLEAN");
  CHECK(CanAssign(*ParseType("NULL"), *ParseType("INT")));
}

TEST_CASE("common types") {
  CHECK(Common("INT NOT NULL", "BIGINT NOT NULL") == "BIGINT NOT NULL");
  CHECK(Common("INT", "NULL") == "INT");
  CHECK(Common("INT", "FLOAT") == "FLOAT");
  CHECK(Common("DECIMAL(5, 2)", "FLOAT") == "DOUBLE");
  CHECK(Common("INT", "DECIMAL(5, 2)") == "DECIMAL(12, 2)");
  CHECK(Common("CHAR(3)", "CHAR(3)") == "CHAR(3)");
  CHECK(Common("CHAR(3)", "CHAR(4)") == "VARCHAR(4)");
  CHECK(Common("TIMESTAMP(3)", "TIMESTAMP_LTZ(6)") == "TIMESTAMP_LTZ(6)");
  CHECK(Common("DATE", "TIMESTAMP(3)") == "TIMESTAMP(3)");
  CHECK(Common("INT", "STRING") == "(none)");
  CHECK(Common("INTERVAL SECOND(3)", "INTERVAL MONTH") == "(none)");
}
