#include "plan/type_name.h"

#include "plan_world.h"

using namespace millrace;

namespace {

// The declared type of a column, as a CREATE TABLE writes it.
sql::TypeName Written(std::string_view type) {
  PlanWorld world;
  const auto create = world.Parse<sql::CreateTable>("CREATE TABLE t (c " + std::string(type) + ")");
  return create.columns[0].type;
}

}  // namespace

TEST_CASE("types are resolved with their defaults") {
  const std::pair<const char*, const char*> cases[] = {
      {"INT", "INT"},
      {"INTEGER NOT NULL", "INT NOT NULL"},
      {"DECIMAL", "DECIMAL(10, 0)"},
      {"DEC(5, 2)", "DECIMAL(5, 2)"},
      {"TIMESTAMP", "TIMESTAMP(6)"},
      {"TIME", "TIME(0)"},
      {"CHAR", "CHAR(1)"},
      {"STRING", "STRING"},
      {"VARBINARY(4)", "VARBINARY(4)"},
  };
  for (const auto& [written, meant] : cases) {
    Diagnostics diagnostics;
    const std::optional<Type> type = ResolveType(Written(written), &diagnostics);
    REQUIRE_MESSAGE(type.has_value(), written);
    CHECK(ToString(*type) == meant);
    // The inverse means the same again.
    CHECK(ResolveType(ToTypeName(*type, {}), &diagnostics) == type);
    CHECK(diagnostics.empty());
  }
}

TEST_CASE("types that are unknown or out of range are errors") {
  const std::pair<const char*, DiagnosticCode> cases[] = {
      {"DECIMAL(39, 0)", DiagnosticCode::kInvalidValue},
      {"DECIMAL(5, 6)", DiagnosticCode::kInvalidValue},
      {"TIMESTAMP(10)", DiagnosticCode::kInvalidValue},
      {"CHAR(0)", DiagnosticCode::kInvalidValue},
      {"MULTISET<INT>", DiagnosticCode::kNotSupported},
  };
  for (const auto& [written, code] : cases) {
    Diagnostics diagnostics;
    CHECK_FALSE_MESSAGE(ResolveType(Written(written), &diagnostics), written);
    REQUIRE(diagnostics.size() == 1);
    CHECK_MESSAGE(diagnostics[0].code == code, written);
  }
}
