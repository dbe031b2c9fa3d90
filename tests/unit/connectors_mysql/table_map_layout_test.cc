// The table maps of real servers against the tables they are of.
#include "connectors/mysql/binlog/table_map_layout.h"

#include <doctest/doctest.h>

#include "captured.h"
#include "connectors/mysql/schema/column_text.h"
#include "known_tables.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

TableMap FirstMap(const Captured& captured) {
  for (const OwnedEvent& owned : EventsOf(captured.binlog)) {
    if (owned.type != kTableMapEvent) continue;
    const auto map = ParseTableMap(owned.View().body, captured.is_mariadb);
    REQUIRE(map.has_value());
    return *map;
  }
  FAIL("no table map");
  return {};
}

// MariaDB logs its own types like BINARY.
bool IsOwnType(ColumnType type) { return type == ColumnType::kUuid || type == ColumnType::kInet; }

void TestFullMetadata(const std::string& name, bool is_mariadb) {
  const Captured captured = ReadCaptured(name);
  const ServerFacts server = KnownTables::Server(is_mariadb);
  const TableMap map = FirstMap(captured);
  const TableLayout& known = *captured.table.layout;
  const Status fits = CheckTableMap(map, known, server);
  CHECK_MESSAGE(fits.ok(), fits.message());
  const auto described = LayoutOf(map, server);
  REQUIRE(described.has_value());
  REQUIRE(described->columns.size() == known.columns.size());
  for (size_t i = 0; i < known.columns.size(); ++i) {
    const ServerColumn& column = known.columns[i];
    if (IsOwnType(column.type)) continue;
    CHECK(described->columns[i].name == column.name);
    CHECK_MESSAGE(described->columns[i].TypeText() == column.TypeText(), column.name);
    CHECK_MESSAGE(described->columns[i].charset == column.charset, column.name);
  }
  CHECK(described->Key() == std::vector<uint32_t>{0});
}

// Whatever is changed in a layout is noticed.
void TestChanges(const std::string& name, bool is_mariadb) {
  const Captured captured = ReadCaptured(name);
  const ServerFacts server = KnownTables::Server(is_mariadb);
  const TableMap map = FirstMap(captured);
  const TableLayout& known = *captured.table.layout;
  for (size_t i = 0; i < known.columns.size(); ++i) {
    if (known.columns[i].type == ColumnType::kOther) continue;
    const auto is_noticed = [&](auto change) {
      TableLayout other = known;
      change(&other.columns[i]);
      return !CheckTableMap(map, other, server).ok();
    };
    const std::string& column = known.columns[i].name;
    CHECK_MESSAGE(is_noticed([](ServerColumn* c) { c->name += "x"; }), column);
    CHECK_MESSAGE(is_noticed([](ServerColumn* c) {
                    *c = ParseServerColumn(c->name, c->type == ColumnType::kInt ? "bigint" : "int");
                  }),
                  column);
    if (IsExactNumber(known.columns[i].type) && known.columns[i].type != ColumnType::kYear) {
      CHECK_MESSAGE(is_noticed([](ServerColumn* c) { c->is_unsigned = !c->is_unsigned; }), column);
    }
    if (!known.columns[i].labels.empty()) {
      CHECK_MESSAGE(is_noticed([](ServerColumn* c) { c->labels.back() += "x"; }), column);
    }
    if (!known.columns[i].charset.empty()) {
      CHECK_MESSAGE(is_noticed([](ServerColumn* c) {
                      c->charset = c->charset == "latin1" ? "utf8mb4" : "latin1";
                    }),
                    column);
    }
  }
  TableLayout shorter = known;
  shorter.columns.pop_back();
  CHECK_FALSE(CheckTableMap(map, shorter, server).ok());
}

}  // namespace

TEST_CASE("full metadata of MariaDB describes the table") { TestFullMetadata("mariadb", true); }
TEST_CASE("full metadata of MySQL describes the table") { TestFullMetadata("mysql9", false); }
TEST_CASE("a table of MariaDB that is another one is noticed") { TestChanges("mariadb", true); }
TEST_CASE("a table of MySQL that is another one is noticed") { TestChanges("mysql9", false); }

TEST_CASE("without names a map describes nothing") {
  TableMap map = FirstMap(ReadCaptured("mysql9"));
  map.extras.names.clear();
  CHECK_FALSE(LayoutOf(map, KnownTables::Server(false)).has_value());
}
