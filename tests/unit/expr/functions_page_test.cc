// docs/functions.md is the table of functions, to the letter. REWRITE=1 writes it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <set>

#include "expr/functions/function_table.h"
#include "unit/generated_page.h"

using namespace millrace;

namespace {

constexpr const char* kBeginning =
    "# Functions\n\n"
    "Made from the table of functions in `src/expr` by its test; do not edit it by hand. A call "
    "with a\n"
    "NULL argument gives NULL where nothing else is said. Arguments are not turned from text to "
    "numbers or\n"
    "back: write CAST.\n";

constexpr const char* kDifferences =
    "\n## Where functions differ from Flink's\n\n"
    "- Positions and lengths count code points; some of Flink's functions count UTF-16 units.\n"
    "- Regular expressions are those of PCRE2. Nearly all of Java's syntax means the same; `&&` "
    "inside of\n"
    "  classes, `\\p{javaLowerCase}` and its like are not known. A pattern that needs more than a "
    "million\n"
    "  steps for one value ends the job.\n"
    "- JSON paths know names, indexes and `*`; no filters, slices or `..`. Numbers beyond 64 bits "
    "are read\n"
    "  as DOUBLE.\n"
    "- IS_ALPHA takes every character beyond ASCII for a letter, IS_DIGIT none for a digit.\n"
    "- CONVERT_TZ and TO_TIMESTAMP_LTZ refuse a time zone they do not know; Flink takes it for "
    "GMT.\n"
    "- TIME, TIMESTAMP and TIMESTAMP_LTZ keep microseconds; digits of a precision beyond 6 are "
    "zeros.\n"
    "- PRINTF prints dates, times and decimals by their value; Flink prints a number of days, and "
    "NULL\n"
    "  for %f of a decimal. %x and %o of a negative number show 64 bits whatever its type, %c "
    "takes a\n"
    "  BIGINT, widths count code points. %a, %h and %t give NULL.\n";

std::string Page() {
  std::string page = kBeginning;
  const Family* family = nullptr;
  for (const Function& function : Functions()) {
    if (family == nullptr || *family != function.family) {
      page += fmt::format("\n## {}\n\n| function | |\n| --- | --- |\n", ToString(function.family));
      family = &function.family;
    }
    page += fmt::format("| `{}` | {}{} |\n", EscapedCell(function.signature),
                        EscapedCell(function.help),
                        function.deterministic ? "" : " Another value each time.");
  }
  page += kDifferences;
  page += "\n## Known and not run\n\n";
  std::map<std::string_view, std::string> by_reason;
  for (const RefusedFunction& refused : RefusedFunctions()) {
    std::string& names = by_reason[refused.reason];
    names += fmt::format("{}{}", names.empty() ? "" : ", ", refused.name);
  }
  for (const auto& [reason, names] : by_reason) page += fmt::format("- {}: {}\n", reason, names);
  return page;
}

}  // namespace

TEST_CASE("the page of functions is the table") { CheckPage("functions.md", Page()); }

TEST_CASE("every row of the table makes sense") {
  std::set<std::pair<std::string_view, int>> seen;
  for (const Function& function : Functions()) {
    CAPTURE(function.name);
    CHECK((function.resolve != nullptr));
    CHECK(!function.accepts.empty());
    CHECK(!function.help.empty());
    CHECK(function.help.ends_with('.'));
    CHECK(function.signature.find("->") != std::string_view::npos);
    CHECK((function.op == Op::kCall) == (function.evaluate != nullptr));
    CHECK(function.arguments_min <= function.arguments_max);
    CHECK(seen.insert({function.name, function.arguments_min}).second);
    CHECK(FindRefused(function.name) == nullptr);
    CHECK(FindFunction(function.name, function.arguments_min) == &function);
  }
}

TEST_CASE("functions and operators are told apart") {
  CHECK(FindFunction("CONCAT", 1)->is_called());
  CHECK(FindFunction("CURRENT_DATE", 0)->is_called());
  CHECK(FindFunction("E", 0)->is_called());
  for (const char* name : {"+", "AND", "LIKE", "IS NULL", "SIMILAR TO", "IS JSON", "||"}) {
    CAPTURE(name);
    CHECK(!FindFunction(name, 2)->is_called());
  }
  CHECK(!FindFunction("NOT", 1)->is_called());
}

TEST_CASE("complaints say what is wrong") {
  const auto complaint = [](const char* name, std::vector<Argument> arguments) {
    const Function* function = FindFunction(name, arguments.size());
    REQUIRE(function != nullptr);
    const Resolution resolution = Resolve(*function, arguments);
    CHECK(!resolution.result);
    return resolution.complaint;
  };
  const Argument text{Type::String()};
  const Argument number{Type::Of(TypeKind::kInt)};
  CHECK(complaint("UPPER", {number}) == "needs text, not INT; write CAST(... AS STRING)");
  CHECK(complaint("LPAD", {text, text, text}) == "needs an integer, not STRING");
  CHECK(complaint("LPAD", {text}) == "takes 3 arguments, not 1");
  CHECK(complaint("ROUND", {}) == "takes 1 to 2 arguments, not 0");
  CHECK(complaint("CONCAT", {}) == "takes at least 1 argument, not 0");
  CHECK(complaint("EXTRACT", {text, text}) == "needs a constant here");
  CHECK(FindRefused("CARDINALITY")->reason.starts_with("needs ARRAY"));
  CHECK(FindRefused("FOO") == nullptr);
}
