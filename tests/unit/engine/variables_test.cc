#include "engine/variables.h"

#include <doctest/doctest.h>

#include <map>

using namespace millrace;

namespace {

std::optional<std::string> Look(const std::string& name) {
  static const std::map<std::string, std::string> kValues = {
      {"NAME", "orders"}, {"PASSWORD", "s3cret'pw"}, {"EMPTY", ""}, {"N", "7"}, {"TICK", "a`b"}};
  const auto found = kValues.find(name);
  if (found == kValues.end()) return std::nullopt;
  return found->second;
}

std::string Expanded(std::string_view script) {
  Diagnostics diagnostics;
  const auto expanded = ExpandVariables(script, 0, script.size(), Look, &diagnostics);
  return expanded ? expanded->text() : "refused";
}

}  // namespace

TEST_CASE("variables are replaced where they stand") {
  CHECK(Expanded("SELECT * FROM ${NAME}") == "SELECT * FROM orders");
  CHECK(Expanded("${NAME}${N}${EMPTY}") == "orders7");
  CHECK(Expanded("nothing $NAME { } $ {NAME}") == "nothing $NAME { } $ {NAME}");
}

TEST_CASE("a value cannot end the text or the name that it stands in") {
  CHECK(Expanded("'password' = '${PASSWORD}'") == "'password' = 's3cret''pw'");
  CHECK(Expanded("SELECT `${TICK}`, '${TICK}'") == "SELECT `a``b`, 'a`b'");
  CHECK(Expanded("SELECT 'it''s ${N}', ${N}") == "SELECT 'it''s 7', 7");
}

TEST_CASE("comments are left alone, hints are not") {
  CHECK(Expanded("-- ${NONE}\nSELECT ${N}") == "-- ${NONE}\nSELECT 7");
  CHECK(Expanded("/* ${NONE} ' */ ${N} // ${NONE}") == "/* ${NONE} ' */ 7 // ${NONE}");
  CHECK(Expanded("/*+ OPTIONS('a' = '${N}') */") == "/*+ OPTIONS('a' = '7') */");
  CHECK(Expanded("SET dir = file:///${NAME}") == "SET dir = file:///orders");
}

TEST_CASE("two dollars are a plain one") { CHECK(Expanded("'$${NAME}' $${") == "'${NAME}' ${"); }

TEST_CASE("what is not defined is an error at its place, each of them") {
  const std::string script = "SELECT 1; SELECT '${NONE}', ${NOR_THIS}, ${not a name}, ${open";
  Diagnostics diagnostics;
  CHECK_FALSE(ExpandVariables(script, 10, script.size(), Look, &diagnostics));
  REQUIRE(diagnostics.size() == 4);
  CHECK(diagnostics[0].message == "variable \"NONE\" is not defined");
  CHECK(script.substr(diagnostics[0].span.begin, 7) == "${NONE}");
  CHECK(diagnostics[0].span.end - diagnostics[0].span.begin == 7);
  CHECK(script.substr(diagnostics[1].span.begin, 4) == "${NO");
  CHECK(script.substr(diagnostics[2].span.begin, 5) == "${not");
  CHECK(script.substr(diagnostics[3].span.begin, 6) == "${open");
}

TEST_CASE("places are those of the script and messages show no value") {
  const std::string script = "SELECT 1;\n'a' = '${PASSWORD}', b = ${N} !";
  Diagnostics ignored;
  const auto expanded = ExpandVariables(script, 10, script.size(), Look, &ignored);
  REQUIRE(expanded);
  const std::string& text = expanded->text();
  const auto place = [&](std::string_view what) {
    const size_t at = text.find(what);
    const Diagnostic there =
        expanded->InScript({DiagnosticCode::kInvalidValue, {at, at + what.size()}, "", ""});
    return script.substr(there.span.begin, there.span.end - there.span.begin);
  };
  CHECK(place("'a'") == "'a'");
  CHECK(place("'s3cret''pw'") == "'${PASSWORD}'");
  CHECK(place("cret") == "${PASSWORD}");
  CHECK(place("7") == "${N}");
  CHECK(place("b = ") == "b = ");
  CHECK(place("!") == "!");
  const Diagnostic shown =
      expanded->InScript({DiagnosticCode::kInvalidValue,
                          {0, 1},
                          "the value \"s3cret'pw\" is bad, s3cret''pw too, not \"7\" of 17",
                          "Not s3cret'pw."});
  CHECK(shown.message == "the value \"${PASSWORD}\" is bad, ${PASSWORD} too, not \"${N}\" of 17");
  CHECK(shown.hint == "Not ${PASSWORD}.");
}
