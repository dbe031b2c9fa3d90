#include "expr/program.h"

#include <doctest/doctest.h>

#include "expr/cast.h"
#include "expr/compile.h"
#include "expr/functions/function_table.h"
#include "expr/interval.h"
#include "row/print.h"

using namespace millrace;

namespace {

BoundExpression Literal(const Type& type, std::string text) {
  BoundExpression constant;
  constant.type = type.NotNull();
  constant.text = std::move(text);
  return constant;
}

BoundExpression Slot(uint32_t slot, const Type& type) {
  BoundExpression expression;
  expression.kind = BoundExpression::Kind::kSlot;
  expression.slot = slot;
  expression.type = type;
  return expression;
}

BoundExpression Interval(const char* text, const char* from, const char* to = "") {
  const auto literal = ParseInterval(text, from, to);
  REQUIRE(literal.has_value());
  return Literal(literal->type, literal->text);
}

// As a binder makes it.
BoundExpression Call(const char* name, std::vector<BoundExpression> children) {
  const Function* function = FindFunction(name, children.size());
  REQUIRE(function != nullptr);
  std::vector<Argument> arguments;
  for (const BoundExpression& child : children) {
    const bool constant = child.kind == BoundExpression::Kind::kConstant && !child.is_null;
    arguments.push_back(
        {child.type, constant ? std::optional<std::string_view>(child.text) : std::nullopt});
  }
  const Resolution resolution = Resolve(*function, arguments);
  REQUIRE_MESSAGE(resolution.result.has_value(), resolution.problem);
  for (size_t i = 0; i < resolution.arguments.size(); ++i) {
    if (children[i].type.Nullable() == resolution.arguments[i].Nullable()) continue;
    BoundExpression cast;
    cast.kind = BoundExpression::Kind::kCast;
    cast.type = resolution.arguments[i];
    cast.children.push_back(std::move(children[i]));
    children[i] = std::move(cast);
  }
  BoundExpression call;
  call.kind = BoundExpression::Kind::kCall;
  call.function = function;
  call.type = *resolution.result;
  call.children = std::move(children);
  return call;
}

std::string Compute(const BoundExpression& expression) {
  ProgramBuilder builder(0);
  const uint32_t slot = builder.AddOutput(expression);
  const Program program = builder.Build();
  Batch batch(program.stride());
  batch.AddRow(RowKind::kInsert);
  std::vector<uint32_t> selected;
  const Status status = program.Run(&batch, &selected);
  if (!status.ok()) return status.message();
  std::string text;
  AppendCell(&text, batch.row(0)[slot]);
  return batch.row(0)[slot].is_null() ? "NULL" : text;
}

const Type kDate = Type::Of(TypeKind::kDate);
const Type kTimestamp = Type::Timestamp(0);

}  // namespace

TEST_CASE("interval literals") {
  const auto text = [](const char* value, const char* from, const char* to = "") {
    const auto literal = ParseInterval(value, from, to);
    return literal ? literal->text : "(none)";
  };
  CHECK(text("10", "DAY") == "+10 00:00:00.000");
  CHECK(text("-7", "YEAR") == "-7-00");
  CHECK(text("10-3", "YEAR", "MONTH") == "+10-03");
  CHECK(text("1 10:17:36.789", "DAY", "SECOND") == "+1 10:17:36.789");
  CHECK(text("-1 10:17", "DAY", "MINUTE") == "-1 10:17:00.000");
  CHECK(text("90", "MINUTE") == "+0 01:30:00.000");
  CHECK(text("1.5", "SECOND") == "+0 00:00:01.500");
  CHECK(text("2", "QUARTER") == "+0-06");
  CHECK(text("1-12", "YEAR", "MONTH") == "(none)");
  CHECK(text("1 25:00", "DAY", "MINUTE") == "(none)");
  CHECK(text("x", "DAY") == "(none)");
  CHECK(text("1", "MONTH", "DAY") == "(none)");
  CHECK(text("99999999999999", "DAY") == "(none)");
}

TEST_CASE("dates, times and intervals") {
  CHECK(Compute(Call("+", {Literal(kDate, "2024-01-31"), Interval("1", "MONTH")})) == "2024-02-29");
  CHECK(Compute(Call("-", {Literal(kDate, "2024-03-01"), Interval("1", "DAY")})) == "2024-02-29");
  CHECK(Compute(Call("+", {Interval("1", "YEAR"), Literal(kDate, "2024-02-29")})) == "2025-02-28");
  CHECK(Compute(Call("+", {Literal(kTimestamp, "2024-02-29 23:30:00"),
                           Interval("0 01:00:00.5", "DAY", "SECOND")})) == "2024-03-01 00:30:00");
  CHECK(Compute(Call("-", {Literal(Type::Of(TypeKind::kTime), "00:30:00"),
                           Interval("1", "HOUR")})) == "23:30:00");
  CHECK(Compute(Call("+", {Interval("1", "DAY"), Interval("12", "HOUR")})) == "+1 12:00:00.000");
  CHECK(Compute(Call("*", {Interval("1", "HOUR"), Literal(Type::Of(TypeKind::kInt), "3")})) ==
        "+0 03:00:00.000");
  CHECK(Compute(Call("-", {Interval("3", "MONTH")})) == "-0-03");
  CHECK(Compute(Call("EXTRACT", {Literal(Type::String(), "HOUR"),
                                 Interval("1 05:00", "DAY", "MINUTE")})) == "5");
  CHECK(Compute(Call("<", {Interval("1", "HOUR"), Interval("1", "DAY")})) == "TRUE");
}

TEST_CASE("a date out of range is an error") {
  const std::string failure = "date or time out of range";
  const auto months = Literal(Type::Of(TypeKind::kIntervalYear), "+170000000-00");
  CHECK(Compute(Call("+", {Literal(kDate, "2024-01-31"), months})) == failure);
  CHECK(Compute(Call("/", {Interval("1", "DAY"), Literal(Type::Of(TypeKind::kInt), "0")})) ==
        failure);
}

TEST_CASE("integers are cast to intervals, and intervals to strings only") {
  const auto cast = [](BoundExpression value, TypeKind kind) {
    CHECK(CanCast(value.type, Type::Of(kind)));
    BoundExpression expression;
    expression.kind = BoundExpression::Kind::kCast;
    expression.type = kind == TypeKind::kVarChar ? Type::String() : Type::Of(kind);
    expression.children.push_back(std::move(value));
    return Compute(expression);
  };
  CHECK_FALSE(CanCast(Type::Of(TypeKind::kIntervalDay), Type::Of(TypeKind::kBigInt)));
  CHECK_FALSE(CanCast(Type::Of(TypeKind::kIntervalYear), Type::Of(TypeKind::kInt)));
  CHECK(cast(Literal(Type::Of(TypeKind::kInt), "15"), TypeKind::kIntervalYear) == "+1-03");
  CHECK(cast(Interval("15", "MONTH"), TypeKind::kVarChar) == "+1-03");
}

TEST_CASE("constants are cast once where possible") {
  const auto constants = [](const Type& type, const char* text, const Type& other) {
    ProgramBuilder builder(1);
    builder.AddOutput(Call("=", {Slot(0, other), Literal(type, text)}));
    const Program program = builder.Build();
    std::string shown = std::to_string(program.instructions().size());
    for (const Constant& constant : program.constants()) {
      shown += " " + ToString(constant.type.Nullable()) + " " + constant.text;
    }
    return shown;
  };
  const Type text = Type::String();
  CHECK(constants(text, "2024-01-01", kDate) == "1 DATE 2024-01-01");
  CHECK(constants(text, "nonsense", kDate) == "2 STRING nonsense");  // fails when it is reached
  CHECK(constants(kDate, "2024-01-01", kTimestamp) == "1 TIMESTAMP(0) 2024-01-01");
}

TEST_CASE("NOT NULL and length are checked before a row is written") {
  const auto run = [](NotNullEnforcer not_null, LengthEnforcer length, std::vector<Cell> values) {
    const Type type = *ParseType("VARCHAR(3)");
    ProgramBuilder builder(1);
    const uint32_t written = builder.CheckLength(0, type, length, "shop.t.name");
    builder.CheckNotNull(0, not_null, "shop.t.name");
    const Program program = builder.Build();
    Batch batch(program.stride());
    for (const Cell& value : values) batch.AddRow(RowKind::kInsert)[0] = value;
    std::vector<uint32_t> selected;
    const Status status = program.Run(&batch, &selected);
    if (!status.ok()) return status.message();
    std::string rows;
    for (const uint32_t row : selected) {
      rows += '|';
      AppendCell(&rows, batch.row(row)[written]);
    }
    return rows;
  };
  const std::vector<Cell> values = {Cell::Text("größer"), Cell::Null(), Cell::Text("ab")};
  CHECK(run(NotNullEnforcer::kDrop, LengthEnforcer::kIgnore, values) == "|größer|ab");
  CHECK(run(NotNullEnforcer::kDrop, LengthEnforcer::kTrimPad, values) == "|grö|ab");
  CHECK(run(NotNullEnforcer::kDrop, LengthEnforcer::kError, values) ==
        "column shop.t.name is VARCHAR(3), but the value to write has length 6; set "
        "'table.exec.sink.type-length-enforcer' = 'TRIM_PAD' to cut or pad such values");
  CHECK(run(NotNullEnforcer::kError, LengthEnforcer::kIgnore, values) ==
        "column shop.t.name is NOT NULL, but the value to write is NULL; set "
        "'table.exec.sink.not-null-enforcer' = 'DROP' to skip such rows");
}

TEST_CASE(
    "a CHAR column takes strings of exactly its length, a BINARY column bytes of exactly its "
    "size") {
  const auto check = [](const char* type, const Cell& value) {
    ProgramBuilder builder(1);
    builder.CheckLength(0, *ParseType(type), LengthEnforcer::kError, "t.c");
    const Program program = builder.Build();
    Batch batch(program.stride());
    batch.AddRow(RowKind::kInsert)[0] = value;
    std::vector<uint32_t> selected;
    return program.Run(&batch, &selected).ok();
  };
  CHECK(check("CHAR(2)", Cell::Text("aü")));
  CHECK(!check("CHAR(2)", Cell::Text("a")));
  CHECK(check("BINARY(2)", Cell::View(CellKind::kBytes, "ab")));
  CHECK(!check("VARBINARY(1)", Cell::View(CellKind::kBytes, "ab")));
  CHECK(check("STRING", Cell::Text("any")));
  CHECK(check("VARCHAR(2)", Cell::Int(12)));  // a cell stands for its text
  CHECK(!check("VARCHAR(2)", Cell::Int(123)));
}

TEST_CASE("patterns of a column are compiled once each and do not accumulate") {
  ProgramBuilder builder(2);
  const uint32_t out =
      builder.AddOutput(Call("REGEXP", {Slot(0, Type::String()), Slot(1, Type::String())}));
  const Program program = builder.Build();
  ProgramRun run(program, {});
  for (int round = 0; round < 3; ++round) {
    Batch batch(program.stride());
    std::vector<std::string> patterns;
    for (int i = 0; i < 40; ++i) patterns.push_back("^a{" + std::to_string(i) + "}$");
    const std::string text(17, 'a');
    for (const std::string& pattern : patterns) {
      Cell* row = batch.AddRow(RowKind::kInsert);
      row[0] = Cell::Text(text);
      row[1] = Cell::Text(pattern);
    }
    std::vector<uint32_t> selected;
    REQUIRE(run.Run(&batch, &selected).ok());
    for (uint32_t i = 0; i < 40; ++i) CHECK((batch.row(i)[out].u != 0) == (i == 17));
  }
}

TEST_CASE("a seed continues from batch to batch, and the time is that of the row or of the query") {
  ProgramBuilder builder(0);
  const uint32_t random =
      builder.AddOutput(Call("RAND_INTEGER", {Literal(Type::Of(TypeKind::kInt), "1"),
                                              Literal(Type::Of(TypeKind::kInt), "1000")}));
  const uint32_t now = builder.AddOutput(Call("NOW", {}));
  const Program program = builder.Build();
  ProgramRun run(program, {.query_time_ms = 42});
  std::vector<int64_t> numbers;
  for (int i = 0; i < 2; ++i) {
    Batch batch(program.stride());
    batch.AddRow(RowKind::kInsert);
    std::vector<uint32_t> selected;
    REQUIRE(run.Run(&batch, &selected).ok());
    numbers.push_back(batch.row(0)[random].i);
    CHECK(batch.row(0)[now].i == 42'000);
  }
  CHECK(numbers == std::vector<int64_t>{985, 588});  // new java.util.Random(1), nextInt(1000)
}
