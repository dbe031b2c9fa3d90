#include "sql/parser.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "sql/unparse.h"

using namespace millrace;
using namespace millrace::sql;

namespace {

Statement MustParse(std::string_view text, size_t offset = 0) {
  Diagnostics diagnostics;
  auto statement = Parse(text, offset, &diagnostics);
  for (const Diagnostic& diagnostic : diagnostics) MESSAGE(Render(diagnostic, "test", text));
  REQUIRE(statement);
  return std::move(*statement);
}

// The first item of SELECT `text`.
Expression Value(std::string_view text) {
  const std::string script = "SELECT " + std::string(text);
  const Statement statement = MustParse(script);
  return std::get<Select>(statement.node).query.body.select->items[0].expression;
}

Diagnostic Refused(std::string_view text, ParseOptions options = {}) {
  Diagnostics diagnostics;
  CHECK_FALSE(Parse(text, 0, &diagnostics, options));
  REQUIRE(diagnostics.size() == 1);
  return diagnostics[0];
}

std::string Repeated(std::string_view text, size_t times) {
  std::string result;
  for (size_t i = 0; i < times; ++i) result += text;
  return result;
}

}  // namespace

TEST_CASE("every node has its span in the script") {
  const std::string script = "SELECT '数', a.b + 1 FROM t";
  const size_t offset = 100;
  const Statement statement = MustParse(script, offset);
  CHECK(statement.span == Span{offset, offset + script.size()});
  const SelectCore& select = *std::get<Select>(statement.node).query.body.select;
  const Expression& sum = select.items[1].expression;
  const size_t begin = script.find("a.b");
  CHECK(sum.span == Span{offset + begin, offset + begin + 7});
  CHECK(sum.text_span == Span{offset + begin + 4, offset + begin + 5});
  CHECK(sum.children[0].text_span == Span{offset + begin + 2, offset + begin + 3});
  CHECK(select.from->span == Span{offset + script.size() - 1, offset + script.size()});
}

TEST_CASE("JSON functions have the same children, with and without clauses") {
  Expression value = Value("JSON_VALUE(j, '$.a' RETURNING INT DEFAULT 1 ON ERROR)");
  REQUIRE(value.children.size() == 6);
  CHECK(value.type->name == "INT");
  CHECK(value.children[2].kind == ExpressionKind::kSymbol);
  CHECK(value.children[2].text == "NULL");
  CHECK(value.children[3].literal == LiteralKind::kNull);
  CHECK(value.children[4].text == "DEFAULT");
  CHECK(value.children[5].text == "1");
  value = Value("JSON_VALUE(j, '$.a')");
  CHECK(value.children.size() == 6);
  CHECK(Unparse(value) == "JSON_VALUE(`j`, '$.a')");
  const Expression query =
      Value("JSON_QUERY(j, '$' WITH CONDITIONAL WRAPPER EMPTY ARRAY ON EMPTY)");
  REQUIRE(query.children.size() == 5);
  CHECK(query.children[2].text == "CONDITIONAL");
  CHECK(query.children[3].text == "EMPTY ARRAY");
  CHECK(query.children[4].text == "NULL");
  CHECK(Value("JSON_EXISTS(j, '$')").children[2].text == "FALSE");
  CHECK(Value("JSON_OBJECT(KEY 'a' VALUE 1)").children[0].text == "NULL");
  CHECK(Value("JSON_ARRAY(1, 2)").children[0].text == "ABSENT");
}

TEST_CASE("set operations: INTERSECT binds tighter, the others associate from left to right") {
  const Statement statement =
      MustParse("SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT SELECT 4");
  const QueryBody& body = std::get<Select>(statement.node).query.body;
  CHECK(body.operation == "EXCEPT");
  CHECK(body.left->operation == "UNION");
  CHECK(body.left->right->operation == "INTERSECT");
}

TEST_CASE("intervals and units lose their plural, and the sign becomes part of the text") {
  const Expression interval = Value("INTERVAL -'3' DAYS(3) TO SECONDS(2)");
  CHECK(interval.text == "-3");
  CHECK(interval.interval->from == "DAY");
  CHECK(interval.interval->to == "SECOND");
  CHECK(interval.interval->precision == 3);
  CHECK(interval.interval->fraction_precision == 2);
  CHECK(Value("TIMESTAMPDIFF(DAY, a, b)").children[0].kind == ExpressionKind::kSymbol);
}

TEST_CASE("words of the language") {
  const auto words = Keywords();
  CHECK(words.size() > 400);
  CHECK(std::is_sorted(words.begin(), words.end()));
  CHECK(std::find(words.begin(), words.end(), "SELECT") != words.end());
  const auto in_syntax = SyntaxWords();
  CHECK(in_syntax.size() > 300);
  CHECK(std::includes(words.begin(), words.end(), in_syntax.begin(), in_syntax.end()));
  for (const std::string_view word : {"SELECT", "NATURAL", "WRAPPER", "ENFORCED", "JOBS"}) {
    CAPTURE(word);
    CHECK(std::binary_search(in_syntax.begin(), in_syntax.end(), word));
  }
  for (const std::string_view word : {"NATIONAL", "ALLOCATE", "SQLSTATE"}) {
    CAPTURE(word);
    CHECK(std::binary_search(words.begin(), words.end(), word));
    CHECK_FALSE(std::binary_search(in_syntax.begin(), in_syntax.end(), word));
  }
  for (const std::string_view word : {"user", "VALUE", "Date", "COUNT", "order", "WATERMARK"}) {
    CAPTURE(word);
    CHECK(IsReserved(word));
  }
  for (const std::string_view word : {"key", "DATA", "name", "TYPE", "id", "TRY_CAST", "qualify"}) {
    CAPTURE(word);
    CHECK_FALSE(IsReserved(word));
  }
}

TEST_CASE("a reserved word is not a name, every other word is") {
  for (const std::string_view word : Keywords()) {
    CAPTURE(word);
    const std::string text = "CREATE TABLE t (" + std::string(word) + " INT)";
    Diagnostics diagnostics;
    const bool taken = Parse(text, 0, &diagnostics).has_value();
    const bool starts_element =
        word == "PRIMARY" || word == "UNIQUE" || word == "CONSTRAINT" || word == "WATERMARK";
    CHECK(taken == !IsReserved(word));
    const bool known_otherwise = word == "SELECT" || word == "TABLE";
    if (taken || starts_element || known_otherwise) continue;
    CHECK(diagnostics[0].hint.find("is a reserved word") != std::string::npos);
  }
}

TEST_CASE("strict: extensions are rejected") {
  CHECK(MustParse("SELECT a != 1").span.end == 13);
  CHECK(Refused("SELECT a != 1", {.strict = true}).message.find("!=") != std::string::npos);
  CHECK(Refused("SHOW CONNECTORS", {.strict = true}).hint.empty());
}

TEST_CASE("a statement that is nested too deep or too long is an error, not a crash") {
  const size_t deep = kNestingMax + 1;
  CHECK(Refused("SELECT " + Repeated("(", deep) + "1" + Repeated(")", deep)).message ==
        "the statement is nested more than 200 levels deep");
  CHECK(Refused("SELECT " + Repeated("NOT ", deep) + "a").message ==
        "the statement is nested more than 200 levels deep");
  CHECK(Refused("SELECT a" + Repeated(" + a", kExpressionDepthMax + 10)).message ==
        "the expression has more than 2000 operators in a chain");
  CHECK(Refused("SELECT a" + Repeated(" IS NULL", kExpressionDepthMax + 10)).message ==
        "the expression has more than 2000 operators in a chain");
  CHECK(Refused("SELECT a" + Repeated("[1]", deep)).message ==
        "the statement is nested more than 200 levels deep");
  CHECK(Refused("SELECT 1" + Repeated(" UNION SELECT 1", 1001)).message ==
        "more than 1000 queries in a chain");
  CHECK(Refused("SELECT * FROM a" + Repeated(" JOIN a ON TRUE", 1001)).message ==
        "more than 1000 joins in a chain");
  CHECK(Refused("SELECT * FROM a" + Repeated(", a", 1001)).message ==
        "more than 1000 joins in a chain");
  CHECK(Refused("CREATE TABLE t (a INT" + Repeated(" ARRAY", deep) + ")").message ==
        "the statement is nested more than 200 levels deep");
}

TEST_CASE("a statement just within the limits prints and parses again") {
  const std::string texts[] = {
      "SELECT " + Repeated("(", 190) + "1" + Repeated(")", 190),
      "SELECT a" + Repeated(" + a", kExpressionDepthMax - 100),
      "SELECT a = 1" + Repeated(" AND a = 1", kExpressionDepthMax - 100),
      "SELECT 1" + Repeated(" UNION ALL SELECT 1", 900),
      "SELECT * FROM a" + Repeated(" JOIN a ON TRUE", 900),
      "SELECT a" + Repeated("[1]", 190),
      "SELECT " + Repeated("f(", 190) + "a" + Repeated(")", 190),
      "SELECT " + Repeated("CASE WHEN a THEN ", 190) + "1" + Repeated(" END", 190),
      "SELECT " + Repeated("(SELECT ", 190) + "1" + Repeated(")", 190),
      "SELECT a IN (1" + Repeated(", 1", 20000) + ")",
  };
  for (const std::string& text : texts) {
    CAPTURE(text.substr(0, 40));
    const std::string once = Unparse(MustParse(text));
    CHECK((Unparse(MustParse(once)) == once));
  }
}

TEST_CASE("a byte order mark does not move a span") {
  Diagnostics diagnostics;
  const auto statement = sql::Parse("\xef\xbb\xbfSELECT abc FROM t", 0, &diagnostics);
  REQUIRE(statement);
  CHECK(sql::Unparse(*statement) == "SELECT `abc` FROM `t`");
  CHECK(statement->span.begin == 3);
}
