#include "base/diagnostic.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace millrace;

TEST_CASE("a diagnostic is drawn under its place") {
  const std::string text = "SELECT 1;\nINSERT INTO ordrs SELECT id FROM t;\n";
  const Diagnostic diagnostic{DiagnosticCode::kUnknownTable,
                              {22, 27},
                              "table \"ordrs\" is not defined",
                              "Did you mean \"orders\"?"};
  CHECK(Render(diagnostic, "orders.sql", text) ==
        "orders.sql:2:13: error: table \"ordrs\" is not defined\n"
        "INSERT INTO ordrs SELECT id FROM t;\n"
        "            ^^^^^\n"
        "hint: Did you mean \"orders\"?\n");
}

TEST_CASE("carets stay under their characters after wide ones and tabs") {
  CHECK(Render({DiagnosticCode::kSyntaxError, {10, 13}, "m", ""}, "f",
               "\tx \xe6\x95\xb0\xe9\x87\x8f abc") ==
        "f:1:7: error: m\n x 数量 abc\n        ^^^\n");
}

TEST_CASE("the end of the text is a place") {
  CHECK(Render({DiagnosticCode::kSyntaxError, {8, 8}, "m", ""}, "f", "SELECT 1") ==
        "f:1:9: error: m\nSELECT 1\n        ^\n");
  CHECK(Render({DiagnosticCode::kSyntaxError, {99, 120}, "m", ""}, "f", "") == "f:1:1: error: m\n");
  CHECK(Render({DiagnosticCode::kSyntaxError, {3, 9}, "m", ""}, "f", "a b\r\nc") ==
        "f:1:4: error: m\na b\n   ^\n");
}

TEST_CASE("long lines are cut around the place") {
  const std::string text = std::string(300, 'a') + " here " + std::string(300, 'b');
  const std::string drawn = Render({DiagnosticCode::kSyntaxError, {301, 305}, "m", ""}, "f", text);
  const size_t line = drawn.find('\n') + 1;
  const size_t caret_line = drawn.find('\n', line) + 1;
  const std::string shown = drawn.substr(line, caret_line - line - 1);
  CHECK(shown.size() <= 106);
  const size_t caret = drawn.find('^', caret_line) - caret_line;
  CHECK(shown.substr(caret, 4) == "here");
}

TEST_CASE("a line is cut in a time that grows with its length, not with the square of it") {
  constexpr size_t kLength = 1 << 18;
  constexpr std::chrono::seconds kEnough(10);  // milliseconds in fact, minutes for the square
  const std::string text(kLength, 'a');
  const auto begin = std::chrono::steady_clock::now();
  const std::string at_the_end =
      Render({DiagnosticCode::kSyntaxError, {kLength - 4, kLength}, "m", ""}, "f", text);
  const std::string at_the_begin =
      Render({DiagnosticCode::kSyntaxError, {0, kLength}, "m", ""}, "f", text);
  CHECK(std::chrono::steady_clock::now() - begin < kEnough);
  CHECK(at_the_end.ends_with("a\n" + std::string(63, ' ') + "^^^^\n"));
  CHECK(at_the_begin.ends_with("...\n" + std::string(100, '^') + "\n"));
}

TEST_CASE("a diagnostic as JSON") {
  const Diagnostic warning{DiagnosticCode::kNoEffect, {7, 8}, "a \"b\"", "h", Severity::kWarning};
  CHECK(RenderJson(warning, "x.sql", "SELECT 1") ==
        R"({"file":"x.sql","line":1,"column":8,"end_line":1,"end_column":9,)"
        R"("severity":"warning","code":"no-effect","message":"a \"b\"","hint":"h"})"
        "\n");
}

TEST_CASE("secrets are not shown in excerpts, and carets stay under their places") {
  const std::string text = "x 'password' = 'geheim', 'port' = 'y', 'token'='ab'\n";
  CHECK(Render({DiagnosticCode::kSyntaxError, {34, 37}, "m", ""}, "f", text) ==
        "f:1:35: error: m\nx 'password' = '***', 'port' = 'y', 'token'='***'\n" +
            std::string(31, ' ') + "^^^\n");
  CHECK(Render({DiagnosticCode::kSyntaxError, {15, 23}, "\"geheim\" is bad", "not 'geheim'"}, "f",
               text) ==
        "f:1:16: error: \"***\" is bad\nx 'password' = '***', 'port' = 'y', 'token'='***'\n" +
            std::string(15, ' ') + "^^^^^\nhint: not '***'\n");
  CHECK(Render({DiagnosticCode::kSyntaxError, {18, 19}, "m", ""}, "f", text)
            .ends_with("\n" + std::string(16, ' ') + "^^^\n"));
  CHECK(RenderJson({DiagnosticCode::kSyntaxError, {15, 23}, "\"geheim\"", ""}, "f", text)
            .find("geheim") == std::string::npos);
}

TEST_CASE("a secret of several lines is not shown in any of them") {
  const std::string text = "'password' = 'two\nlines and more'; x";
  CHECK(Render({DiagnosticCode::kSyntaxError, {35, 36}, "m", ""}, "f", text) ==
        "f:2:18: error: m\n***'; x\n      ^\n");
}
