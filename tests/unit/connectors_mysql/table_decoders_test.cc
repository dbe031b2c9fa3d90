#include "connectors/mysql/binlog/table_decoders.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "connectors/mysql/schema/column_text.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

// A TABLE_MAP of an INT and, if `wide`, a BIGINT.
std::vector<uint8_t> TableMapBody(uint64_t id, const std::string& table, bool wide = false) {
  ByteWriter map;
  map.Little(id, 6);
  map.U16(1);
  map.U8(4);
  map.Bytes(std::string_view("shop\0", 5));
  map.U8(static_cast<uint8_t>(table.size()));
  map.Bytes(table);
  map.U8(0);
  map.U8(wide ? 2 : 1);
  map.U8(3);
  if (wide) map.U8(8);
  map.U8(0);  // no metadata
  map.U8(0);  // which may be NULL
  const std::string& bytes = map.bytes();
  return {bytes.begin(), bytes.end()};
}

class Tables final {
 public:
  Tables()
      : decoders_(
            &request_, &databases_, &tables_,
            [this](const std::string& database, const std::string& table) {
              return Describe(database, table);
            },
            &log_) {}

  Status Add(const std::vector<uint8_t>& body) {
    Event event;
    event.type = kTableMapEvent;
    event.body = body;
    return decoders_.Add(event);
  }
  bool Reads(uint64_t id) const {
    const auto found = decoders_.Find(id);
    return found.has_value() && *found != nullptr;
  }

  TableDecoders& decoders() { return decoders_; }
  int descriptions() const { return descriptions_; }
  void set_wide() { is_wide_ = true; }

 private:
  Result<std::optional<ServerTable>> Describe(const std::string& database,
                                              const std::string& table) {
    ++descriptions_;
    if (table == "t_dropped") return std::optional<ServerTable>();
    TableLayout layout;
    layout.is_sequence = table == "t_sequence";
    layout.columns = {ParseServerColumn("a", "int")};
    if (is_wide_) layout.columns.push_back(ParseServerColumn("b", "bigint"));
    return std::optional(
        ServerTable(database, table, std::make_shared<const TableLayout>(std::move(layout))));
  }

  static SourceRequest Request() {
    SourceRequest request;
    request.table = "source";
    request.schema.columns = {{"a", *ParseType("INT"), ""}};
    request.columns = {0};
    request.stride = 1;
    return request;
  }

  const SourceRequest request_ = Request();
  const NamePattern databases_{"shop"};
  const NamePattern tables_{"t_.*"};
  Log log_{LogLevel::kOff, stderr};
  TableDecoders decoders_;
  int descriptions_ = 0;
  bool is_wide_ = false;
};

}  // namespace

TEST_CASE("captured tables get a decoder, others are known to be unwanted") {
  Tables tables;
  CHECK_FALSE(tables.decoders().Find(1).has_value());
  CHECK(tables.Add(TableMapBody(1, "t_a")).ok());
  CHECK(tables.Add(TableMapBody(2, "other")).ok());
  CHECK(tables.Add(TableMapBody(3, "t_sequence")).ok());
  CHECK(tables.Reads(1));
  CHECK(tables.decoders().Find(2) == nullptr);
  CHECK(tables.decoders().Find(3) == nullptr);
  CHECK(tables.decoders().IsCaptured("shop", "t_a"));
  CHECK_FALSE(tables.decoders().IsCaptured("shop", "other"));
  CHECK(tables.descriptions() == 2);
}

TEST_CASE("a table with another id is described again only if its columns changed") {
  Tables tables;
  CHECK(tables.Add(TableMapBody(1, "t_a")).ok());
  CHECK(tables.Add(TableMapBody(7, "t_a")).ok());
  CHECK(tables.descriptions() == 1);
  CHECK(tables.decoders().Find(1) == tables.decoders().Find(7));
  tables.set_wide();
  CHECK(tables.Add(TableMapBody(8, "t_a", true)).ok());
  CHECK(tables.descriptions() == 2);
  CHECK(tables.decoders().Find(8) != tables.decoders().Find(7));
}

TEST_CASE("statements and new connections forget what they may have changed") {
  Tables tables;
  CHECK(tables.Add(TableMapBody(1, "t_a")).ok());
  CHECK(tables.Add(TableMapBody(2, "t_b")).ok());
  tables.decoders().ForgetTablesIn("alter table shop.`T_A` add c int");
  CHECK_FALSE(tables.decoders().Find(1).has_value());
  CHECK(tables.Reads(2));
  tables.decoders().ForgetIds();
  CHECK_FALSE(tables.decoders().Find(2).has_value());
  CHECK(tables.Add(TableMapBody(2, "t_b")).ok());
  CHECK(tables.descriptions() == 2);  // known by name
  CHECK(tables.Add(TableMapBody(1, "t_a")).ok());
  CHECK(tables.descriptions() == 3);
}

TEST_CASE("tables that are gone or do not fit, and malformed maps") {
  Tables tables;
  CHECK_FALSE(tables.Add(TableMapBody(1, "t_dropped")).ok());
  CHECK_FALSE(tables.Add(TableMapBody(2, "t_a", true)).ok());  // the server has one column
  std::vector<uint8_t> cut = TableMapBody(3, "t_b");
  cut.resize(cut.size() - 2);
  CHECK_FALSE(tables.Add(cut).ok());
  CHECK_FALSE(tables.Add({1, 2, 3}).ok());
}
