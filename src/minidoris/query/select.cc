#include "minidoris/query/select.h"

#include <variant>

#include "minidoris/query/result_reader.h"

namespace millrace::minidoris {

void RunSelect(const std::vector<Token>& tokens, StatementContext* context) {
  const auto rewritten = RewriteForSqlite(tokens, context->names());
  if (const auto* error = std::get_if<SqlError>(&rewritten)) return context->Fail(*error);
  Sqlite* reader = context->Reader();
  if (reader == nullptr) return;
  Result<SqliteStatement> statement = reader->Prepare(std::get<std::string>(rewritten));
  if (!statement.ok()) return context->Fail(FromSqlite(statement.status()));
  ResultReader result(&statement.value());
  Result<bool> more = result.Next();
  if (!more.ok()) return context->Fail(FromSqlite(more.status()));
  context->out().Columns(result.columns());
  while (more.value()) {
    context->out().Row(result.Row());
    more = result.Next();
    if (!more.ok()) return context->Fail(FromSqlite(more.status()));
  }
  context->out().End();
}

void RunDelete(const std::vector<Token>& tokens, StatementContext* context) {
  const auto rewritten = RewriteForSqlite(tokens, context->names());
  if (const auto* error = std::get_if<SqlError>(&rewritten)) return context->Fail(*error);
  const Result<int64_t> changed = context->store().Write(std::get<std::string>(rewritten));
  if (!changed.ok()) return context->Fail(FromSqlite(changed.status()));
  context->Ok(changed.value());
}

}  // namespace millrace::minidoris
