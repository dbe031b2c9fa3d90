// Cost of expressions in the program loop, one case a line. In nanoseconds per row:
//
//   build/release/expressions                     all cases
//   build/release/expressions substring 100000    one case, with that many rows
//
// In instructions, which do not depend on what else the machine does:
//
//   valgrind --tool=callgrind --toggle-collect='*RunRows*' build/release/expressions substring
//   10000
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "expr/compile.h"
#if __has_include("expr/functions/function_table.h")
#include "expr/functions/function_table.h"
#else
#include "expr/functions.h"
#endif

namespace {

using namespace millrace;

constexpr uint32_t kColumns = 6;
constexpr uint32_t kBatchRows = 1000;

const Type kInt = Type::Of(TypeKind::kInt);
const Type kDate = Type::Of(TypeKind::kDate);
const Type kString = Type::String();
const Type kDouble = Type::Of(TypeKind::kDouble);

// The columns of the rows: INT, STRING, DECIMAL(12, 2), DATE, STRING (a date), STRING (JSON).
BoundExpression Column(uint32_t slot) {
  const Type types[] = {kInt, kString, Type::Decimal(12, 2), kDate, kString, kString};
  BoundExpression expression;
  expression.kind = BoundExpression::Kind::kSlot;
  expression.slot = slot;
  expression.type = types[slot].NotNull();
  return expression;
}

BoundExpression Constant(const Type& type, std::string text) {
  BoundExpression constant;
  constant.type = type.NotNull();
  constant.text = std::move(text);
  return constant;
}

BoundExpression Cast(BoundExpression value, const Type& type) {
  BoundExpression cast;
  cast.kind = BoundExpression::Kind::kCast;
  cast.type = type;
  cast.children.push_back(std::move(value));
  return cast;
}

BoundExpression Call(const char* name, std::vector<BoundExpression> children) {
  const Function* function = FindFunction(name, children.size());
  if (function == nullptr) std::abort();
  std::vector<Argument> arguments;
  for (const BoundExpression& child : children) {
    const bool constant = child.kind == BoundExpression::Kind::kConstant;
    arguments.push_back(
        {child.type, constant ? std::optional<std::string_view>(child.text) : std::nullopt});
  }
  const Resolution resolution = Resolve(*function, arguments);
  if (!resolution.result) std::abort();
  for (size_t i = 0; i < resolution.arguments.size(); ++i) {
    if (children[i].type.Nullable() == resolution.arguments[i].Nullable()) continue;
    children[i] = Cast(std::move(children[i]), resolution.arguments[i]);
  }
  BoundExpression call;
  call.kind = BoundExpression::Kind::kCall;
  call.function = function;
  call.type = *resolution.result;
  call.children = std::move(children);
  return call;
}

struct Case {
  std::string name;
  BoundExpression expression;
};

std::vector<Case> Cases() {
  const auto text = [](const char* value) { return Constant(kString, value); };
  const auto number = [](const char* value) { return Constant(kInt, value); };
  std::vector<Case> cases;
  cases.push_back({"add", Call("+", {Column(0), number("7")})});
  cases.push_back({"compare", Call("<", {Column(0), number("500")})});
  cases.push_back({"compare-text", Call("=", {Column(1), text("Bezalel")})});
  cases.push_back({"decimal", Call("*", {Column(2), Constant(Type::Decimal(3, 1), "1.5")})});
  cases.push_back({"compare-decimal", Call(">", {Column(2), Column(0)})});
  cases.push_back({"cast-int-text", Cast(Column(0), kString)});
  cases.push_back({"cast-text-date", Cast(Column(4), kDate)});
  cases.push_back({"cast-date-char", Cast(Column(3), *ParseType("CHAR(12)"))});
  cases.push_back({"cast-decimal-double", Cast(Column(2), kDouble)});
  cases.push_back({"upper", Call("UPPER", {Column(1)})});
  cases.push_back({"concat", Call("CONCAT", {Column(1), text("-"), Column(4)})});
  cases.push_back({"substring", Call("SUBSTRING", {Column(1), number("2"), number("3")})});
  cases.push_back({"char-length", Call("CHAR_LENGTH", {Column(1)})});
  cases.push_back({"like", Call("LIKE", {Column(1), text("%za%e_")})});
  cases.push_back({"trim", Call("TRIM", {Column(1)})});
  cases.push_back({"locate", Call("LOCATE", {text("i"), Column(1)})});
  cases.push_back({"split-index", Call("SPLIT_INDEX", {Column(4), text("-"), number("1")})});
  cases.push_back({"year", Call("YEAR", {Column(3)})});
  cases.push_back({"timestampadd", Call("TIMESTAMPADD", {text("MONTH"), number("3"), Column(3)})});
  cases.push_back({"date-format", Call("DATE_FORMAT", {Column(4), text("yyyy/MM/dd")})});
  cases.push_back({"to-date", Call("TO_DATE", {Column(4), text("yyyy-MM-dd")})});
  cases.push_back({"printf", Call("PRINTF", {text("%05d %s"), Column(0), Column(1)})});
  cases.push_back(
      {"regexp-extract", Call("REGEXP_EXTRACT", {Column(1), text("[a-c]+"), number("0")})});
  cases.push_back({"json-value", Call("JSON_VALUE", {Column(5), text("$.a.b")})});
  cases.push_back({"json-object", Call("JSON_OBJECT", {text("NULL"), text("k"), Column(1)})});
  cases.push_back({"md5", Call("MD5", {Column(1)})});
  cases.push_back({"hash-code", Call("HASH_CODE", {Column(1)})});
  cases.push_back({"to-base64", Call("TO_BASE64", {Column(1)})});
  cases.push_back({"hex", Call("HEX", {Column(1)})});
  cases.push_back({"url-encode", Call("URL_ENCODE", {Column(1)})});
  return cases;
}

void Fill(Batch* batch) {
  constexpr const char* kNames[] = {"Georgi",    "Bezalel",   " Parto ",
                                    "Chirstian", "Gr\u00fcn", "Anneke"};
  for (uint32_t i = 0; i < kBatchRows; ++i) {
    Cell* cells = batch->AddRow(RowKind::kInsert);
    cells[0] = Cell::Int(i);
    cells[1] = Cell::Text(kNames[i % 6]);
    cells[2] = Cell::View(CellKind::kDecimal, i % 2 == 0 ? "1234567.89" : "-12.30", 2);
    cells[3] = Cell::Temporal(CellKind::kDate, 9000 + i % 3000, 0);
    cells[4] = Cell::Text(i % 2 == 0 ? "1986-06-26" : "2024-02-29");
    cells[5] = Cell::Text(R"({"x": 1, "a": {"b": "value"}})");
  }
}

// Its name is what callgrind is asked to collect.
[[gnu::noinline]] void RunRows(ProgramRun* run, Batch* batch, std::vector<uint32_t>* selected) {
  const Status status = run->Run(batch, selected);
  if (!status.ok()) {
    fmt::print(stderr, "{}\n", status.message());
    std::exit(1);
  }
}

void Measure(const Case& one, uint32_t rows) {
  ProgramBuilder builder(kColumns);
  builder.AddOutput(one.expression);
  const Program program = builder.Build();
  ProgramRun run(program, RunContext{});
  std::vector<uint32_t> selected;
  std::chrono::nanoseconds spent{0};
  for (uint32_t done = 0; done < rows; done += kBatchRows) {
    Batch batch(program.stride());
    Fill(&batch);
    const auto begin = std::chrono::steady_clock::now();
    RunRows(&run, &batch, &selected);
    spent += std::chrono::steady_clock::now() - begin;
  }
  fmt::print("{:20} {:8.1f} ns/row\n", one.name,
             static_cast<double>(spent.count()) / static_cast<double>(rows));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view wanted = argc > 1 ? argv[1] : "";
  const auto rows = static_cast<uint32_t>(argc > 2 ? std::atoi(argv[2]) : 1'000'000);
  for (const Case& one : Cases()) {
    if (wanted.empty() || wanted == one.name) Measure(one, rows);
  }
  return 0;
}
