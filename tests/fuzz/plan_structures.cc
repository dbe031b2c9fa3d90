// An expression over arrays, maps and rows is refused with diagnostics or runs. What it gives is
// equal to itself, to its copy in other memory, and to what the plan gives that is read back from
// its JSON; and it has a text.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "expr/compare.h"
#include "plan/compiler.h"
#include "row/batch.h"
#include "row/print.h"

namespace {

[[noreturn]] void Fail(const char* what, const std::string& detail) {
  std::fprintf(stderr, "%s\n%s\n", what, detail.c_str());
  std::abort();
}

// Expressions made from bytes: each one decides what comes next.
class Maker final {
 public:
  Maker(const uint8_t* data, size_t size) : at_(data), end_(data + size) {}

  std::string Any(int depth) {
    constexpr std::array<std::string_view, 16> kLeaves = {"1",
                                                          "-2",
                                                          "2.5",
                                                          "1e300",
                                                          "'a'",
                                                          "''",
                                                          "'a,b,,c'",
                                                          "TRUE",
                                                          "x''",
                                                          "NULL",
                                                          "DATE '2024-02-29'",
                                                          "CAST('NaN' AS DOUBLE)",
                                                          "CAST(NULL AS ARRAY<INT>)",
                                                          "CAST(NULL AS MAP<STRING, INT>)",
                                                          "CAST(NULL AS ROW<a INT, b STRING>)",
                                                          "TIMESTAMP '2024-02-29 12:34:56.7'"};
    if (depth == 0 || at_ == end_) return std::string(kLeaves[Next() % kLeaves.size()]);
    switch (Next() % 8) {
      case 0:
        return "ARRAY[" + List(depth, 1 + Next() % 4) + "]";
      case 1:
        return "MAP[" + List(depth, 2 * (1 + Next() % 3)) + "]";
      case 2:
        return "ROW(" + List(depth, 1 + Next() % 3) + ")";
      case 3:
        return "(" + Any(depth - 1) + ")[" + Any(depth - 1) + "]";
      case 4:
        return "CAST(" + Any(depth - 1) + " AS " + Type(2) + ")";
      case 5:
        return "(" + Any(depth - 1) + " = " + Any(depth - 1) + ")";
      default:
        return Call(depth);
    }
  }

 private:
  uint8_t Next() { return at_ == end_ ? 0 : *at_++; }

  std::string List(int depth, int count) {
    std::string list;
    const bool same = Next() % 2 == 0;
    const std::string first = Any(depth - 1);
    for (int i = 0; i < count; ++i) {
      list += (i > 0 ? ", " : "") + (same ? first : Any(depth - 1));
    }
    return list;
  }

  std::string Type(int depth) {
    constexpr std::array<std::string_view, 8> kTypes = {
        "STRING", "INT", "DOUBLE", "CHAR(2)", "DECIMAL(4, 1)", "BYTES", "BOOLEAN", "TIMESTAMP(3)"};
    const uint8_t choice = Next();
    if (depth == 0 || choice % 4 == 3) return std::string(kTypes[choice % kTypes.size()]);
    if (choice % 4 == 0) return "ARRAY<" + Type(depth - 1) + ">";
    if (choice % 4 == 1) return "MAP<" + Type(depth - 1) + ", " + Type(depth - 1) + ">";
    return "ROW<a " + Type(depth - 1) + ", b " + Type(depth - 1) + ">";
  }

  std::string Call(int depth) {
    struct Known {
      std::string_view name;
      int arguments;
    };
    constexpr std::array<Known, 33> kCalls = {
        {{"ARRAY_APPEND", 2},    {"ARRAY_PREPEND", 2},  {"ARRAY_CONCAT", 2},
         {"ARRAY_CONTAINS", 2},  {"ARRAY_DISTINCT", 1}, {"ARRAY_EXCEPT", 2},
         {"ARRAY_INTERSECT", 2}, {"ARRAY_JOIN", 2},     {"ARRAY_MAX", 1},
         {"ARRAY_MIN", 1},       {"ARRAY_POSITION", 2}, {"ARRAY_REMOVE", 2},
         {"ARRAY_REVERSE", 1},   {"ARRAY_SLICE", 3},    {"ARRAY_SORT", 2},
         {"ARRAY_UNION", 2},     {"MAP_ENTRIES", 1},    {"MAP_FROM_ARRAYS", 2},
         {"MAP_KEYS", 1},        {"MAP_UNION", 2},      {"MAP_VALUES", 1},
         {"SPLIT", 2},           {"STR_TO_MAP", 3},     {"REGEXP_EXTRACT_ALL", 2},
         {"CARDINALITY", 1},     {"ELEMENT", 1},        {"JSON_STRING", 1},
         {"JSON_ARRAY", 1},      {"COALESCE", 2},       {"NULLIF", 2},
         {"TYPEOF", 1},          {"ARRAY_SORT", 1},     {"ARRAY_JOIN", 3}}};
    const Known& call = kCalls[Next() % kCalls.size()];
    std::string text = std::string(call.name) + "(";
    for (int i = 0; i < call.arguments; ++i) text += (i > 0 ? ", " : "") + Any(depth - 1);
    return text + ")";
  }

  const uint8_t* at_;
  const uint8_t* const end_;
};

// The first value of the only row, in the memory of `batch`; nothing if it cannot be computed.
std::optional<millrace::Cell> Evaluate(const millrace::Plan& plan, millrace::Batch* batch,
                                       std::optional<millrace::ProgramRun>* run) {
  const millrace::Program& program = plan.flows[0].program;
  batch->Reset(program.stride());
  std::fill_n(batch->AddRow(millrace::RowKind::kInsert), program.stride(), millrace::Cell::Null());
  std::vector<uint32_t> selected;
  run->emplace(program, millrace::RunContext{});
  if (!(*run)->Run(batch, &selected).ok() || selected.empty()) return std::nullopt;
  return batch->row(0)[plan.sinks[0].slots[0]];
}

void Check(const millrace::Plan& plan, const std::string& text) {
  const auto again = millrace::PlanFromJson(millrace::ToJson(plan, true), {});
  if (!again.ok() || !(*again == plan)) Fail("a plan is another one when it is read again", text);
  millrace::Batch batches[2];
  std::optional<millrace::ProgramRun> runs[2];
  const auto first = Evaluate(plan, &batches[0], &runs[0]);
  const auto second = Evaluate(*again, &batches[1], &runs[1]);
  if (first.has_value() != second.has_value()) Fail("a plan fails only once", text);
  if (!first) return;
  millrace::Arena arena;
  const millrace::Cell copy = millrace::CopyCell(*first, &arena);
  for (const millrace::Cell& other : {*first, *second, copy}) {
    if (millrace::CompareItems(*first, other) != 0) Fail("a value is not equal to itself", text);
    if (millrace::HashOf(*first) != millrace::HashOf(other)) Fail("equal, and another hash", text);
  }
  std::string printed[2];
  millrace::AppendCell(&printed[0], *first);
  millrace::AppendCell(&printed[1], copy);
  if (printed[0] != printed[1]) Fail("a copy prints as another text", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr int kDepth = 5;
  const std::string text = "SELECT " + Maker(data, size).Any(kDepth);
  millrace::Session session({});
  millrace::Diagnostics diagnostics;
  const auto outcome = session.Execute(text, 0, &diagnostics);
  if (!outcome) {
    if (!millrace::HasErrors(diagnostics)) Fail("refused without a reason", text);
    return 0;
  }
  if (const millrace::Plan* plan = millrace::PlanOf(*outcome)) Check(*plan, text);
  return 0;
}
