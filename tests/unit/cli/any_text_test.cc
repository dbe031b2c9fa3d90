#include <doctest/doctest.h>

#include <random>
#include <string>

#include "cli/completion.h"
#include "cli/history.h"
#include "cli/result_text.h"
#include "cli/shell_command.h"
#include "connectors/connector_list.h"
#include "engine/variables.h"
#include "sql/splitter.h"

using namespace millrace;

namespace {

constexpr const char* kPieces[] = {"SELECT ",
                                   "'",
                                   "`",
                                   "''",
                                   ";",
                                   "--",
                                   "\n",
                                   "/*",
                                   "*/",
                                   "/*+",
                                   "//",
                                   ":",
                                   "${",
                                   "}",
                                   "${A}",
                                   "$${",
                                   "CREATE TABLE t (",
                                   ")",
                                   "WITH ('connector' = 'print', '",
                                   "=",
                                   ".",
                                   "STATEMENT SET BEGIN ",
                                   "END",
                                   "SET ",
                                   "RESET 'a",
                                   "JOB '",
                                   "\xe6",
                                   "\xff",
                                   "数",
                                   "e\xcc\x81",
                                   "\t",
                                   "password",
                                   " ",
                                   "\\"};

}  // namespace

TEST_CASE("whatever is typed, nothing breaks") {
  Session session(AllConnectors());
  const VariableLookup lookup = [](const std::string& name) -> std::optional<std::string> {
    return name == "A" ? std::optional<std::string>("it's `a`") : std::nullopt;
  };
  std::mt19937 random(20261125);
  std::uniform_int_distribution<size_t> piece(0, std::size(kPieces) - 1);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) text += kPieces[piece(random)];
    const sql::Pieces pieces = sql::Split(text);
    CHECK(pieces.rest <= text.size());
    for (const sql::Piece& statement : pieces.statements) {
      REQUIRE(statement.begin <= statement.end);
      REQUIRE(statement.end <= text.size());
      Diagnostics diagnostics;
      const auto expanded =
          ExpandVariables(text, statement.begin, statement.end, lookup, &diagnostics);
      CHECK(expanded.has_value() == diagnostics.empty());
      if (!expanded) continue;
      for (size_t at = 0; at < expanded->text().size(); ++at) {
        const Diagnostic moved = expanded->InScript(
            {DiagnosticCode::kInvalidValue, {at, at + 1}, "it''s `a` it's `a`", ""});
        CHECK(moved.span.begin >= statement.begin);
        CHECK(moved.span.begin <= moved.span.end);
        CHECK(moved.span.end <= statement.end);
      }
    }
    CHECK(Complete(text, session, {}).replaced <= text.size());
    ParseShellCommand(text);
    FindCreatedObject(text);
    MaskSecrets(text);
    Fitted(text, 6);
  }
}
