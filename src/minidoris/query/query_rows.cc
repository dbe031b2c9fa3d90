// SELECT, INSERT and DELETE of the query port.
#include <fmt/format.h>

#include <cmath>
#include <variant>

#include "base/ascii.h"
#include "minidoris/backend/convert.h"
#include "minidoris/backend/load_plan.h"
#include "minidoris/backend/row_builder.h"
#include "minidoris/query/query_engine.h"

namespace millrace::minidoris {
namespace {

constexpr uint16_t kUnknownError = 1105;
constexpr std::string_view kDetail = "errCode = 2, detailMessage = ";
constexpr int64_t kInsertTimeoutMs = 300'000;

MysqlType TypeOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyInt:
      return MysqlType::kTiny;
    case TypeKind::kSmallInt:
      return MysqlType::kShort;
    case TypeKind::kInt:
      return MysqlType::kLong;
    case TypeKind::kBigInt:
      return MysqlType::kLongLong;
    case TypeKind::kFloat:
      return MysqlType::kFloat;
    case TypeKind::kDouble:
      return MysqlType::kDouble;
    case TypeKind::kDecimal:
      return MysqlType::kNewDecimal;
    case TypeKind::kDate:
      return MysqlType::kDate;
    case TypeKind::kDateTime:
      return MysqlType::kDateTime;
    case TypeKind::kVarchar:
      return MysqlType::kVarString;
    case TypeKind::kLargeInt:
    case TypeKind::kChar:
    case TypeKind::kString:
    case TypeKind::kJson:
      return MysqlType::kString;
  }
  return MysqlType::kVarString;
}

std::string DoubleText(double value, bool single) {
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  if (single) return fmt::format("{}", static_cast<float>(value));
  if (value == std::floor(value) && std::fabs(value) < 1e15) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);
}

// Reads the rows of a statement as Doris would print them. Columns of tables have the type they
// were declared with, others what the first row shows.
class ResultReader final {
 public:
  explicit ResultReader(SqliteStatement* statement) : statement_(*statement) {}

  Result<bool> First() {
    MR_ASSIGN_OR_RETURN(const bool found, statement_.Step());
    const int count = sqlite3_column_count(statement_.handle());
    for (int i = 0; i < count; ++i) {
      ResultColumn column;
      column.name = sqlite3_column_name(statement_.handle(), i);
      const char* declared = sqlite3_column_decltype(statement_.handle(), i);
      const std::optional<TypeKind> kind = KindOfDeclaration(declared == nullptr ? "" : declared);
      const int stored = found ? sqlite3_column_type(statement_.handle(), i) : SQLITE_NULL;
      if (kind) {
        column.type = TypeOf(*kind);
      } else if (stored == SQLITE_INTEGER) {
        column.type = MysqlType::kLongLong;
      } else if (stored == SQLITE_FLOAT) {
        column.type = MysqlType::kDouble;
      }
      single_.push_back(kind.has_value() && kind.value() == TypeKind::kFloat);
      columns_.push_back(std::move(column));
    }
    values_.resize(columns_.size());
    doubles_.resize(columns_.size());
    return found;
  }

  const std::vector<ResultColumn>& columns() const { return columns_; }

  // Views into the row; gone with the next step.
  const std::vector<std::optional<std::string_view>>& Row() {
    for (size_t i = 0; i < columns_.size(); ++i) {
      const int at = static_cast<int>(i);
      switch (sqlite3_column_type(statement_.handle(), at)) {
        case SQLITE_NULL:
          values_[i].reset();
          break;
        case SQLITE_FLOAT:
          doubles_[i] = DoubleText(sqlite3_column_double(statement_.handle(), at), single_[i]);
          values_[i] = doubles_[i];
          break;
        case SQLITE_INTEGER:
          doubles_[i] = std::to_string(statement_.Int(at));
          values_[i] = doubles_[i];
          break;
        default:
          values_[i] = statement_.Text(at);
      }
    }
    return values_;
  }

 private:
  SqliteStatement& statement_;
  std::vector<ResultColumn> columns_;
  std::vector<bool> single_;
  std::vector<std::optional<std::string_view>> values_;
  std::vector<std::string> doubles_;
};

SqlError FromSqlite(const Status& status) {
  const bool no_table = status.message().find("no such table") != std::string::npos;
  return {static_cast<uint16_t>(no_table ? 1146 : kUnknownError), no_table ? "42S02" : "HY000",
          fmt::format("{}{}", kDetail, status.message())};
}

}  // namespace

void QueryEngine::Select(const std::vector<Token>& tokens) {
  const auto rewritten = RewriteForSqlite(tokens, context_);
  if (const auto* error = std::get_if<SqlError>(&rewritten)) return Fail(*error);
  Sqlite* reader = Reader();
  if (reader == nullptr) return;
  Result<SqliteStatement> statement = reader->Prepare(std::get<std::string>(rewritten));
  if (!statement.ok()) return Fail(FromSqlite(statement.status()));
  ResultReader result(&statement.value());
  Result<bool> more = result.First();
  if (!more.ok()) return Fail(FromSqlite(more.status()));
  out_->Columns(result.columns());
  while (more.value()) {
    out_->Row(result.Row());
    more = statement->Step();
    if (!more.ok()) return Fail(FromSqlite(more.status()));
  }
  out_->End();
}

void QueryEngine::Insert(TokenCursor* cursor, const std::vector<Token>& tokens) {
  std::shared_ptr<const Table> table;
  std::vector<std::string> names;
  if (!InsertTarget(cursor, &table, &names)) return;
  Rows rows;
  if (cursor->AcceptWord("VALUES") || cursor->AcceptWord("VALUE")) {
    if (!ReadValues(cursor, names.size(), &rows)) return;
  } else {
    const size_t begin = cursor->Peek().begin;
    size_t from = 0;
    while (tokens[from].begin < begin) ++from;
    if (!SelectValues(tokens, from, names.size(), &rows)) return;
  }
  Load(std::move(table), std::move(names), rows);
}

bool QueryEngine::InsertTarget(TokenCursor* cursor, std::shared_ptr<const Table>* table,
                               std::vector<std::string>* names) {
  cursor->Next();
  if (!cursor->AcceptWord("INTO")) {
    SyntaxError(cursor->Peek());
    return false;
  }
  cursor->AcceptWord("TABLE");
  *table = TableOf(cursor);
  if (*table == nullptr) return false;
  const bool list = cursor->Peek().text == "(" && !cursor->IsWord("SELECT", 1);
  if (!list) {
    for (const Column& column : (*table)->columns) names->push_back(column.name);
    return true;
  }
  cursor->AcceptSymbol("(");
  do {
    const std::optional<std::string> name = cursor->AcceptName();
    if (!name || !(*table)->Find(*name)) {
      Fail(1054, "42S22",
           fmt::format("{}Unknown column '{}' in '{}'", kDetail, name.value_or(cursor->Peek().text),
                       (*table)->name));
      return false;
    }
    names->push_back(*name);
  } while (cursor->AcceptSymbol(","));
  if (cursor->AcceptSymbol(")")) return true;
  SyntaxError(cursor->Peek());
  return false;
}

bool QueryEngine::ReadValues(TokenCursor* cursor, size_t count, Rows* rows) {
  do {
    Values row;
    bool good = cursor->AcceptSymbol("(");
    while (good) {
      const std::string sign = cursor->AcceptSymbol("-") ? "-" : "";
      const Token& token = cursor->Next();
      good = token.kind != TokenKind::kSymbol && token.kind != TokenKind::kEnd;
      const bool word = token.kind == TokenKind::kWord;
      if (word && EqualsIgnoreCase(token.text, "NULL")) {
        row.emplace_back(std::nullopt);
      } else {
        row.emplace_back(sign + token.text);
      }
      if (!cursor->AcceptSymbol(",")) break;
    }
    if (!good || !cursor->AcceptSymbol(")")) {
      SyntaxError(cursor->Peek());
      return false;
    }
    if (row.size() != count) {
      Fail(1136, "21S01", fmt::format("{}Column count doesn't match value count", kDetail));
      return false;
    }
    rows->push_back(std::move(row));
  } while (cursor->AcceptSymbol(","));
  return true;
}

bool QueryEngine::SelectValues(const std::vector<Token>& tokens, size_t from, size_t count,
                               Rows* rows) {
  const std::vector<Token> rest(tokens.begin() + static_cast<std::ptrdiff_t>(from), tokens.end());
  const auto rewritten = RewriteForSqlite(rest, context_);
  if (const auto* error = std::get_if<SqlError>(&rewritten)) {
    Fail(*error);
    return false;
  }
  Sqlite* reader = Reader();
  if (reader == nullptr) return false;
  Result<SqliteStatement> statement = reader->Prepare(std::get<std::string>(rewritten));
  if (!statement.ok()) {
    Fail(FromSqlite(statement.status()));
    return false;
  }
  ResultReader result(&statement.value());
  Result<bool> more = result.First();
  while (more.ok() && more.value() && result.columns().size() == count) {
    Values row;
    for (const auto& value : result.Row()) {
      row.push_back(value ? std::optional<std::string>(*value) : std::nullopt);
    }
    rows->push_back(std::move(row));
    more = statement->Step();
  }
  if (!more.ok()) {
    Fail(FromSqlite(more.status()));
    return false;
  }
  if (result.columns().size() == count) return true;
  Fail(1136, "21S01", fmt::format("{}Column count doesn't match value count", kDetail));
  return false;
}

// An INSERT is a strict load under a label of its own.
void QueryEngine::Load(std::shared_ptr<const Table> table, std::vector<std::string> names,
                       const Rows& rows) {
  Transaction draft;
  draft.database = table->database;
  draft.table = table->name;
  draft.label =
      fmt::format("insert_{}_{}_{}", service_.clock->WallMs(), context_.connection, ++inserts_);
  draft.timeout_ms = kInsertTimeoutMs;
  draft.user = context_.user;
  LoadPlan plan;
  plan.strict = true;
  plan.table = std::move(table);
  plan.source_of_column.assign(plan.table->columns.size(), kNoSource);
  for (size_t i = 0; i < names.size(); ++i) {
    plan.source_of_column[*plan.table->Find(names[i])] = static_cast<int>(i);
  }
  plan.sources = std::move(names);
  const BeginResult begun = service_.transactions->Begin(std::move(draft));
  if (!std::holds_alternative<int64_t>(begun)) {
    return Fail(kUnknownError, "HY000", fmt::format("{}cannot begin the insert", kDetail));
  }
  const int64_t id = std::get<int64_t>(begun);
  RowBuilder builder(&plan, DateTimeText(service_.clock->WallMs(), 6),
                     [&](std::string_view staged) { return service_.store->Stage(id, staged); });
  std::vector<Field> fields(plan.sources.size());
  for (const Values& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      fields[i].null = !row[i];
      fields[i].text = row[i] ? std::string_view(*row[i]) : std::string_view();
    }
    builder.Add(fields, "");
  }
  builder.Finish();
  std::string message = builder.failure();
  if (builder.filtered() > 0)
    message = "Insert has filtered data in strict mode. " + builder.first_error();
  if (message.empty()) {
    LoadCounts counts;
    counts.total = counts.loaded = builder.total();
    message = service_.transactions->Complete(id, counts, "").message();
  }
  if (message.empty()) return out_->Ok(builder.total());
  service_.transactions->Fail(id, message);
  Fail(kUnknownError, "HY000", fmt::format("{}{}", kDetail, message));
}

void QueryEngine::Delete(const std::vector<Token>& tokens) {
  const auto rewritten = RewriteForSqlite(tokens, context_);
  if (const auto* error = std::get_if<SqlError>(&rewritten)) return Fail(*error);
  const Result<int64_t> changed = service_.store->Write(std::get<std::string>(rewritten));
  if (!changed.ok()) return Fail(FromSqlite(changed.status()));
  out_->Ok(changed.value());
}

}  // namespace millrace::minidoris
