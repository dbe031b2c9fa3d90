// Types and cells of arrays, maps and rows.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "row/batch.h"
#include "row/print.h"
#include "row/type.h"

using namespace millrace;

TEST_CASE("a type is read as it is written") {
  for (const char* text :
       {"ARRAY<INT>", "ARRAY<INT NOT NULL> NOT NULL", "MAP<STRING, DECIMAL(10, 2)>",
        "ROW<`a` INT, `b``c` ARRAY<ROW<`x, y>` TIMESTAMP(3) NOT NULL>> NOT NULL>", "ROW<>",
        "MAP<VARCHAR(3) NOT NULL, MAP<DATE, INTERVAL SECOND(3)>>", "ARRAY<ARRAY<BYTES>>"}) {
    CAPTURE(text);
    const auto type = ParseType(text);
    REQUIRE(type.has_value());
    CHECK(ToString(*type) == text);
    CHECK(*ParseType(text) == *type);
  }
  for (const char* text :
       {"ARRAY", "ARRAY<>", "ARRAY<INT", "ARRAY<INT>>", "ARRAY<INT, INT>", "MAP<INT>",
        "MAP<INT,INT>", "ROW<a INT>", "ROW<`a`>", "ROW<`a` INT,>", "ROW<`a INT>", "ARRAY<X>",
        "ARRAY<INT> NULL", "ARRAY<INT> NOT NULL NOT NULL"}) {
    CAPTURE(text);
    CHECK(!ParseType(text).has_value());
  }
}

TEST_CASE("types of structures are equal if all their parts are") {
  const Type number = Type::Of(TypeKind::kInt);
  CHECK(Type::Array(number) == Type::Array(number));
  CHECK(!(Type::Array(number) == Type::Array(number.NotNull())));
  CHECK(!(Type::Array(number) == Type::Map(number, number)));
  CHECK(!(Type::Row({number}, {"a"}) == Type::Row({number}, {"b"})));
  CHECK(Type::Row({number}, {"a"}).NotNull().children()[0] == number);
  CHECK(number.children().empty());
}

TEST_CASE("a type has a limit of depth and parts") {
  Type deep = Type::Of(TypeKind::kInt);
  for (size_t i = 0; i < kTypeDepthMax; ++i) deep = Type::Array(deep);
  CHECK(!IsTooComplex(deep));
  CHECK(ParseType(ToString(deep)).has_value());
  CHECK(IsTooComplex(Type::Array(deep)));
  CHECK(!ParseType(ToString(Type::Array(deep))).has_value());
  Type wide = Type::Of(TypeKind::kInt);
  for (size_t i = 0; i < 20; ++i) wide = Type::Row({wide, wide}, {"a", "b"});
  CHECK(IsTooComplex(wide));
}

TEST_CASE("a copy of a structure has its own memory") {
  Arena arena;
  std::string copied;
  {
    const std::string text = "a text that is longer than a short string";
    const Cell inner[] = {Cell::Text(text), Cell::Null()};
    const Cell outer[] = {Cell::Int(1), Cell::Structure(CellKind::kArray, inner),
                          Cell::Structure(CellKind::kMap, {})};
    arena.Allocate(3);  // what is not aligned
    const Cell copy = CopyCell(Cell::Structure(CellKind::kRow, outer), &arena);
    CHECK(reinterpret_cast<uintptr_t>(copy.cells) % alignof(Cell) == 0);
    CHECK(copy.cells != outer);
    CHECK(copy.cells[1].cells[0].bytes != text.data());
    AppendCell(&copied, copy);
  }
  CHECK(copied == "(1, [a text that is longer than a short string, NULL], {})");
}
