#include "engine/statement_compiler.h"

namespace millrace {

std::optional<Outcome> StatementCompiler::Compile(std::string_view script,
                                                  const sql::Piece& statement,
                                                  Diagnostics* diagnostics) {
  if (!session_.settings().Boolean("millrace.expand-variables")) {
    const std::string_view text = script.substr(statement.begin, statement.end - statement.begin);
    return session_.Execute(text, statement.begin, diagnostics, statement.surroundings);
  }
  const std::optional<ExpandedStatement> expanded =
      ExpandVariables(script, statement.begin, statement.end, variables_, diagnostics);
  if (!expanded) return std::nullopt;
  Diagnostics of_expanded;
  std::optional<Outcome> outcome =
      session_.Execute(expanded->text(), 0, &of_expanded, statement.surroundings);
  for (Diagnostic& diagnostic : of_expanded) {
    diagnostics->push_back(expanded->InScript(std::move(diagnostic)));
  }
  return outcome;
}

}  // namespace millrace
