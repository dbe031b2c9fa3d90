#include "minidoris/query/query_engine.h"

#include <algorithm>
#include <array>
#include <vector>

#include "minidoris/query/definition.h"
#include "minidoris/query/insert.h"
#include "minidoris/query/select.h"
#include "minidoris/query/show.h"

namespace millrace::minidoris {
namespace {

// Accepted without effect, because clients send them on their own.
constexpr std::array<std::string_view, 9> kIgnored = {
    "SET", "BEGIN", "START", "COMMIT", "ROLLBACK", "KILL", "SYNC", "UNLOCK", "LOCK"};

}  // namespace

void QueryEngine::Run(std::string_view sql, ResultWriter* out) {
  context_.BeginStatement(out);
  const std::vector<Token> tokens = Tokenize(sql);
  TokenCursor cursor(tokens);
  if (cursor.AcceptSymbol(";") || cursor.AtEnd()) return context_.Ok();
  if (cursor.IsWord("SELECT") || cursor.IsWord("WITH") || cursor.Peek().text == "(") {
    return RunSelect(tokens, &context_);
  }
  if (cursor.IsWord("INSERT")) return RunInsert(tokens, ++inserts_, &context_);
  if (cursor.IsWord("DELETE")) return RunDelete(tokens, &context_);
  if (cursor.AcceptWord("DESC") || cursor.AcceptWord("DESCRIBE")) {
    return RunDescribe(&cursor, &context_);
  }
  const bool ignored = std::any_of(kIgnored.begin(), kIgnored.end(),
                                   [&](std::string_view word) { return cursor.IsWord(word); });
  if (ignored) return context_.Ok();
  const bool known = cursor.AcceptWord("ADMIN") || cursor.IsWord("SHOW")
                         ? RunShow(&cursor, &context_)
                         : RunDefinition(sql, &cursor, &context_);
  if (!known) context_.SyntaxError(cursor.Peek());
}

}  // namespace millrace::minidoris
