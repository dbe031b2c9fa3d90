#include "minidoris/query/insert.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "base/ascii.h"
#include "minidoris/backend/load_plan.h"
#include "minidoris/backend/row_builder.h"
#include "minidoris/query/result_reader.h"
#include "minidoris/table/convert.h"

namespace millrace::minidoris {
namespace {

constexpr int64_t kInsertTimeoutMs = 300'000;

struct InsertTarget {
  std::shared_ptr<const Table> table;
  std::vector<std::string> columns;  // that get a value, in the order of the values
};

void WrongCount(StatementContext* context) {
  context->Fail(1136, "21S01", fmt::format("{}Column count doesn't match value count", kDetail));
}

// INTO [TABLE] table [(columns)]; nothing after an error was answered.
std::optional<InsertTarget> ReadTarget(TokenCursor* cursor, StatementContext* context) {
  if (!cursor->AcceptWord("INTO")) {
    context->SyntaxError(cursor->Peek());
    return std::nullopt;
  }
  cursor->AcceptWord("TABLE");
  InsertTarget target{context->TableOf(cursor), {}};
  if (target.table == nullptr) return std::nullopt;
  const bool list = cursor->Peek().text == "(" && !cursor->IsWord("SELECT", 1);
  if (!list) {
    for (const Column& column : target.table->columns) target.columns.push_back(column.name);
    return target;
  }
  cursor->AcceptSymbol("(");
  do {
    const std::optional<std::string> name = cursor->AcceptName();
    if (!name || !target.table->Find(*name)) {
      context->Fail(1054, "42S22",
                    fmt::format("{}Unknown column '{}' in '{}'", kDetail,
                                name.value_or(cursor->Peek().text), target.table->name));
      return std::nullopt;
    }
    target.columns.push_back(*name);
  } while (cursor->AcceptSymbol(","));
  if (cursor->AcceptSymbol(")")) return target;
  context->SyntaxError(cursor->Peek());
  return std::nullopt;
}

// `[1, 'a']` or `{'k': 1}` as the text of a value; empty if the brackets do not match.
std::string ReadNested(TokenCursor* cursor) {
  std::string text;
  int depth = 0;
  do {
    const Token& token = cursor->Next();
    if (token.kind == TokenKind::kEnd) return {};
    if (token.kind == TokenKind::kSymbol && IsOneOf(token.text, {"[", "{"})) ++depth;
    if (token.kind == TokenKind::kSymbol && IsOneOf(token.text, {"]", "}"})) --depth;
    if (token.kind != TokenKind::kString) {
      text += EqualsIgnoreCase(token.text, "NULL") ? "null" : token.text;
      continue;
    }
    text += '"';
    for (const char c : token.text) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  } while (depth > 0);
  return text;
}

// The literals between two parentheses; nothing if they are not only that.
std::optional<Values> ReadTuple(TokenCursor* cursor) {
  if (!cursor->AcceptSymbol("(")) return std::nullopt;
  Values row;
  do {
    if (cursor->Peek().kind == TokenKind::kSymbol && IsOneOf(cursor->Peek().text, {"[", "{"})) {
      row.emplace_back(ReadNested(cursor));
      continue;
    }
    const std::string sign = cursor->AcceptSymbol("-") ? "-" : "";
    const Token& token = cursor->Next();
    if (token.kind == TokenKind::kSymbol || token.kind == TokenKind::kEnd) return std::nullopt;
    if (token.kind == TokenKind::kWord && EqualsIgnoreCase(token.text, "NULL")) {
      row.emplace_back(std::nullopt);
    } else {
      row.emplace_back(sign + token.text);
    }
  } while (cursor->AcceptSymbol(","));
  if (!cursor->AcceptSymbol(")")) return std::nullopt;
  return row;
}

// The rows after VALUES; nothing after an error was answered.
std::optional<Rows> ReadValues(TokenCursor* cursor, size_t count, StatementContext* context) {
  Rows rows;
  do {
    std::optional<Values> row = ReadTuple(cursor);
    if (!row) {
      context->SyntaxError(cursor->Peek());
      return std::nullopt;
    }
    if (row->size() != count) {
      WrongCount(context);
      return std::nullopt;
    }
    rows.push_back(std::move(*row));
  } while (cursor->AcceptSymbol(","));
  return rows;
}

// The rows of the SELECT that these tokens are; nothing after an error was answered.
std::optional<Rows> SelectRows(const std::vector<Token>& tokens, size_t count,
                               StatementContext* context) {
  const auto rewritten = RewriteForSqlite(tokens, context->names());
  if (const auto* error = std::get_if<SqlError>(&rewritten)) {
    context->Fail(*error);
    return std::nullopt;
  }
  Sqlite* reader = context->Reader();
  if (reader == nullptr) return std::nullopt;
  Result<SqliteStatement> statement = reader->Prepare(std::get<std::string>(rewritten));
  if (!statement.ok()) {
    context->Fail(FromSqlite(statement.status()));
    return std::nullopt;
  }
  Rows rows;
  ResultReader result(&statement.value());
  Result<bool> more = result.Next();
  while (more.ok() && more.value() && result.columns().size() == count) {
    Values row;
    for (const auto& value : result.Row()) {
      row.push_back(value ? std::optional<std::string>(*value) : std::nullopt);
    }
    rows.push_back(std::move(row));
    more = result.Next();
  }
  if (!more.ok()) {
    context->Fail(FromSqlite(more.status()));
    return std::nullopt;
  }
  if (result.columns().size() == count) return rows;
  WrongCount(context);
  return std::nullopt;
}

LoadPlan PlanInsert(const InsertTarget& target) {
  LoadPlan plan;
  plan.strict = true;
  plan.table = target.table;
  plan.source_of_column.assign(plan.table->columns.size(), kNoSource);
  for (size_t i = 0; i < target.columns.size(); ++i) {
    plan.source_of_column[*plan.table->Find(target.columns[i])] = static_cast<int>(i);
  }
  plan.sources = target.columns;
  return plan;
}

// Stages the rows under the transaction. The message of the refusal, or empty.
std::string StageRows(const LoadPlan& plan, const Rows& rows, int64_t transaction,
                      Instance* instance, LoadCounts* counts) {
  RowBuilder builder(
      &plan, DateTimeText(instance->clock->WallMs(), 6),
      [&](std::string_view staged) { return instance->store->Stage(transaction, staged); });
  std::vector<Field> fields(plan.sources.size());
  for (const Values& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      fields[i].null = !row[i];
      fields[i].text = row[i] ? std::string_view(*row[i]) : std::string_view();
    }
    builder.Add(fields, "");
  }
  builder.Finish();
  counts->total = counts->loaded = builder.total();
  if (builder.filtered() > 0) {
    return "Insert has filtered data in strict mode. " + builder.first_error();
  }
  return builder.failure();
}

void Load(const InsertTarget& target, const Rows& rows, int64_t number, StatementContext* context) {
  Instance& instance = context->instance();
  LoadTransaction draft;
  draft.database = target.table->database;
  draft.table = target.table->name;
  draft.label =
      fmt::format("insert_{}_{}_{}", instance.clock->WallMs(), context->names().connection, number);
  draft.timeout_ms = kInsertTimeoutMs;
  draft.user = context->names().user;
  const BeginResult begun = instance.transactions->Begin(std::move(draft));
  if (!std::holds_alternative<int64_t>(begun)) {
    return context->Fail(kUnknownError, "HY000", fmt::format("{}cannot begin the insert", kDetail));
  }
  const int64_t id = std::get<int64_t>(begun);
  LoadCounts counts;
  std::string message = StageRows(PlanInsert(target), rows, id, &instance, &counts);
  if (message.empty()) message = instance.transactions->Complete(id, counts, "").message();
  if (message.empty()) return context->Ok(counts.total);
  instance.transactions->Fail(id, message);
  context->Fail(kUnknownError, "HY000", fmt::format("{}{}", kDetail, message));
}

}  // namespace

void RunInsert(const std::vector<Token>& tokens, int64_t number, StatementContext* context) {
  TokenCursor cursor(tokens);
  cursor.AcceptWord("INSERT");
  const std::optional<InsertTarget> target = ReadTarget(&cursor, context);
  if (!target) return;
  std::optional<Rows> rows;
  if (cursor.AcceptWord("VALUES") || cursor.AcceptWord("VALUE")) {
    rows = ReadValues(&cursor, target->columns.size(), context);
  } else {
    const auto from = std::find_if(tokens.begin(), tokens.end(), [&](const Token& token) {
      return token.begin >= cursor.Peek().begin;
    });
    rows = SelectRows({from, tokens.end()}, target->columns.size(), context);
  }
  if (rows) Load(*target, *rows, number, context);
}

}  // namespace millrace::minidoris
