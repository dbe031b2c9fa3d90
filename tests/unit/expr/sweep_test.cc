// Every function of the table, called with unusual values: it must return an error, or a value of
// the type it declared.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "expr/compile.h"
#include "expr/functions/function_table.h"
#include "expr/functions/resolve.h"
#include "row/print.h"

using namespace millrace;

namespace {

struct Value {
  Type type;
  Cell cell;
};

std::vector<Value> Values() {
  std::vector<Value> values;
  for (const char* text :
       {"", "a", "grün😀", "\xff\xe2\x82", "%_(", "[1,{\"a\":null}]", "{\"a\":1}",
        "2024-02-29 23:59:59", "Asia/Tokyo", "-12.5e3", "yyyy-MM-dd", "$.a", "UTF-16",
        "http://u@h:1/p?q=1#r", "%s%c", "%d", "%08.2f", "%-9g|%<.3e", "%X %b"}) {
    values.push_back({Type::String(), Cell::Text(text)});
  }
  for (const int64_t number :
       {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{3}, int64_t{300}, INT64_MIN, INT64_MAX}) {
    values.push_back({Type::Of(TypeKind::kBigInt), Cell::Int(number)});
    values.push_back({Type::Of(TypeKind::kInt), Cell::Int(static_cast<int32_t>(number))});
    values.push_back({Type::Of(TypeKind::kTinyInt), Cell::Int(static_cast<int8_t>(number))});
  }
  for (const double number : {0.0, -0.0, 1.5, -1e300, 5e-324, HUGE_VAL, std::nan("")}) {
    values.push_back({Type::Of(TypeKind::kDouble), Cell::Double(number)});
    values.push_back({Type::Of(TypeKind::kFloat), Cell::Float(static_cast<float>(number))});
  }
  for (const char* text : {"0.00", "-0.01", "99999999999999999999999999999999999.99", "12.50"}) {
    values.push_back({Type::Decimal(38, 2), Cell::View(CellKind::kDecimal, text, 2)});
  }
  for (const bool truth : {true, false}) {
    values.push_back({Type::Of(TypeKind::kBoolean), Cell::Bool(truth)});
  }
  values.push_back({Type::Bytes(), Cell::View(CellKind::kBytes, {"\0\xff\x80", 3})});
  for (const int64_t days : {0, -1, 19'782, -719'528, 2'932'896}) {
    values.push_back({Type::Of(TypeKind::kDate), Cell::Temporal(CellKind::kDate, days, 0)});
  }
  Type time = Type::Of(TypeKind::kTime);
  time.precision = 3;
  Type instant = Type::Of(TypeKind::kTimestampLtz);
  instant.precision = 6;
  for (const int64_t us : {int64_t{0}, int64_t{86'399'999'999}}) {
    values.push_back({time, Cell::Temporal(CellKind::kTime, us, 3)});
  }
  for (const int64_t us : {int64_t{0}, int64_t{-1}, int64_t{1'709'251'199'999'999},
                           int64_t{-62'167'219'200'000'000}, int64_t{253'402'300'799'999'999}}) {
    values.push_back({Type::Timestamp(6), Cell::Temporal(CellKind::kTimestamp, us, 6)});
    values.push_back({instant, Cell::Temporal(CellKind::kInstant, us, 6)});
  }
  for (const int64_t amount : {int64_t{0}, int64_t{-13}, int64_t{90'061'001}}) {
    values.push_back(
        {Type::Of(TypeKind::kIntervalYear), Cell::Temporal(CellKind::kYearInterval, amount, 0)});
    values.push_back(
        {Type::Of(TypeKind::kIntervalDay), Cell::Temporal(CellKind::kDayInterval, amount, 0)});
  }
  static const Cell kNumbers[] = {Cell::Int(3), Cell::Null(), Cell::Int(-1), Cell::Int(3)};
  static const Cell kTexts[] = {Cell::Text("a"), Cell::Text(""), Cell::Text("\xff")};
  static const Cell kEntries[] = {Cell::Text("a"), Cell::Int(1), Cell::Text(""), Cell::Null()};
  static const Cell kFields[] = {Cell::Int(7), Cell::Structure(CellKind::kArray, kTexts)};
  static const Cell kRows[] = {Cell::Structure(CellKind::kRow, kFields), Cell::Null()};
  const Type number = Type::Of(TypeKind::kInt);
  const Type row = Type::Row({number, Type::Array(Type::String())}, {"a", "b"});
  values.push_back({Type::Array(number), Cell::Structure(CellKind::kArray, kNumbers)});
  values.push_back({Type::Array(number), Cell::Structure(CellKind::kArray, {})});
  values.push_back({Type::Array(Type::String()), Cell::Structure(CellKind::kArray, kTexts)});
  values.push_back({Type::Map(Type::String(), number), Cell::Structure(CellKind::kMap, kEntries)});
  values.push_back({Type::Map(Type::String(), number), Cell::Structure(CellKind::kMap, {})});
  values.push_back({row, Cell::Structure(CellKind::kRow, kFields)});
  values.push_back({Type::Array(row), Cell::Structure(CellKind::kArray, kRows)});
  const size_t count = values.size();
  for (size_t i = 0; i < count; i += 3) values.push_back({values[i].type, Cell::Null()});
  return values;
}

constexpr const char* kWords[] = {"YEAR",        "MONTH",       "DAY",         "HOUR",  "SECOND",
                                  "MILLISECOND", "WEEK",        "EPOCH",       "NULL",  "ERROR",
                                  "DEFAULT",     "ABSENT",      "TRUE",        "",      "INT",
                                  "BOOLEAN",     "EMPTY ARRAY", "CONDITIONAL", "DOUBLE"};

bool KindFits(const Type& type, const Cell& cell);

bool PartsFit(const Type& type, const Cell& cell) {
  const std::span<const Type> types = type.children();
  if (type.kind == TypeKind::kRow && cell.size != types.size()) return false;
  for (uint32_t i = 0; i < cell.size; ++i) {
    const Type& part = types[type.kind == TypeKind::kRow ? i : i % types.size()];
    const Cell& item = cell.cells[i];
    if (item.is_null() ? !part.nullable : !KindFits(part, item)) return false;
  }
  return true;
}

bool KindFits(const Type& type, const Cell& cell) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return cell.kind == CellKind::kBool;
    case TypeKind::kTinyInt:
      return cell.kind == CellKind::kInt && cell.i == static_cast<int8_t>(cell.i);
    case TypeKind::kSmallInt:
      return cell.kind == CellKind::kInt && cell.i == static_cast<int16_t>(cell.i);
    case TypeKind::kInt:
      return cell.kind == CellKind::kInt && cell.i == static_cast<int32_t>(cell.i);
    case TypeKind::kBigInt:
      return cell.kind == CellKind::kInt;
    case TypeKind::kFloat:
      return cell.kind == CellKind::kFloat;
    case TypeKind::kDouble:
      return cell.kind == CellKind::kDouble;
    case TypeKind::kDecimal:
      return cell.kind == CellKind::kDecimal && cell.scale == type.scale;
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      return cell.kind == CellKind::kText;
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      return cell.kind == CellKind::kBytes;
    case TypeKind::kDate:
      return cell.kind == CellKind::kDate;
    case TypeKind::kTime:
      return cell.kind == CellKind::kTime && cell.i >= 0 && cell.i < 86'400'000'000;
    case TypeKind::kTimestamp:
      return cell.kind == CellKind::kTimestamp;
    case TypeKind::kTimestampLtz:
      return cell.kind == CellKind::kInstant;
    case TypeKind::kIntervalYear:
      return cell.kind == CellKind::kYearInterval;
    case TypeKind::kIntervalDay:
      return cell.kind == CellKind::kDayInterval;
    case TypeKind::kArray:
      return cell.kind == CellKind::kArray && PartsFit(type, cell);
    case TypeKind::kMap:
      return cell.kind == CellKind::kMap && cell.size % 2 == 0 && PartsFit(type, cell);
    case TypeKind::kRow:
      return cell.kind == CellKind::kRow && PartsFit(type, cell);
    default:
      return cell.is_null();
  }
}

struct Sweep {
  std::vector<Value> values = Values();
  std::mt19937 random{7};
  size_t calls = 0;

  // Mostly one that the letter accepts.
  const Value& Pick(char letter) {
    constexpr int kTurns = 200;
    for (int turn = 0;; ++turn) {
      const Value& value = values[random() % values.size()];
      const Type& type = value.type;
      const bool fits = letter == 't'   ? type.is_text()
                        : letter == 'i' ? type.is_integer()
                        : letter == 'n' ? type.is_numeric()
                        : letter == 'b' ? type.kind == TypeKind::kBoolean
                        : letter == 'y' ? type.is_binary()
                        : letter == 'T' ? IsTemporal(type)
                        : letter == 'p' ? IsTemporal(type) || type.is_interval()
                        : letter == 'e' ? !type.is_structured()
                        : letter == 'A' ? type.kind == TypeKind::kArray
                        : letter == 'M' ? type.kind == TypeKind::kMap
                        : letter == 'r' ? type.kind == TypeKind::kRow
                        : letter == 'c' ? type.is_structured()
                                        : true;
      if (fits || turn == kTurns) return value;
    }
  }

  // One call with arguments by chance; false if they were refused.
  bool Try(const Function& function, size_t count) {
    std::vector<BoundExpression> children(count);
    std::vector<Cell> cells(count);
    std::vector<Argument> arguments;
    for (size_t i = 0; i < count; ++i) {
      const char letter = function.accepts[std::min(i, function.accepts.size() - 1)];
      if (letter == 'u') {
        children[i].text = kWords[random() % std::size(kWords)];
        children[i].type = Type::String().NotNull();
        arguments.push_back({children[i].type, children[i].text});
        continue;
      }
      const Value& value = Pick(letter);
      cells[i] = value.cell;
      children[i].kind = BoundExpression::Kind::kSlot;
      children[i].slot = static_cast<uint32_t>(i);
      children[i].type = value.cell.is_null() ? value.type : value.type.NotNull();
      arguments.push_back({children[i].type});
    }
    const Resolution resolution = Resolve(function, arguments);
    if (!resolution.result) {
      CHECK(!resolution.problem.empty());
      CHECK(resolution.bad_argument <= count);
      return false;
    }
    Type type = *resolution.result;
    type.nullable |= resolution.may_be_null;
    Run(function, type, resolution.arguments, std::move(children), cells);
    return true;
  }

  void Run(const Function& function, const Type& type, const std::vector<Type>& casts,
           std::vector<BoundExpression> children, const std::vector<Cell>& cells) {
    for (size_t i = 0; i < casts.size(); ++i) {
      if (children[i].type.Nullable() == casts[i].Nullable()) continue;
      BoundExpression cast;
      cast.kind = BoundExpression::Kind::kCast;
      cast.type = casts[i];
      cast.children.push_back(std::move(children[i]));
      children[i] = std::move(cast);
    }
    BoundExpression call;
    call.kind = BoundExpression::Kind::kCall;
    call.function = &function;
    call.type = type;
    call.children = std::move(children);
    ProgramBuilder builder(static_cast<uint32_t>(cells.size()));
    const uint32_t slot = builder.AddOutput(call);
    const Program program = builder.Build();
    Batch batch(program.stride());
    std::copy(cells.begin(), cells.end(), batch.AddRow(RowKind::kInsert));
    std::vector<uint32_t> selected;
    const Status status =
        program.Run(&batch, &selected, {.zone = *TimeZone::Parse("America/New_York")});
    ++calls;
    if (!status.ok()) {
      CHECK(!status.message().empty());
      return;
    }
    const Cell& result = batch.row(0)[slot];
    std::string shown;
    AppendCell(&shown, result);
    CAPTURE(shown);
    CAPTURE(ToString(type));
    if (result.is_null()) {
      CHECK(type.nullable);
    } else {
      CHECK(KindFits(type, result));
    }
  }
};

}  // namespace

TEST_CASE("every function handles any value and returns its declared type") {
  constexpr size_t kTries = 100;
  constexpr size_t kMoreArguments = 4;
  Sweep sweep;
  for (const Function& function : Functions()) {
    CAPTURE(function.name);
    // Their calls are made by the compiler alone, with arguments that it knows to fit.
    if (function.family == Family::kHidden || function.name == ".") continue;
    const size_t count_max =
        std::min<size_t>(function.arguments_max, size_t{function.arguments_min} + kMoreArguments);
    size_t called = 0;
    for (size_t count = function.arguments_min; count <= count_max; ++count) {
      CAPTURE(count);
      for (size_t i = 0; i < kTries * (count + 1); ++i)
        called += sweep.Try(function, count) ? 1 : 0;
    }
    CHECK(called > 0);
  }
  CHECK(sweep.calls > 20'000);
}
