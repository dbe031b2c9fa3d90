#include "minidoris/query/sql_rewrite.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.h"
#include "base/quote.h"
#include "minidoris/query/system_variables.h"

namespace millrace::minidoris {
namespace {

constexpr std::string_view kInformationSchema = "information_schema";

template <size_t n>
bool IsOneOf(const Token& token, const std::array<std::string_view, n>& words) {
  return token.kind == TokenKind::kWord &&
         std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return EqualsIgnoreCase(word, token.text); });
}

// A table name is expected after these.
constexpr std::array<std::string_view, 4> kBeforeTable = {"FROM", "JOIN", "INTO", "UPDATE"};
// After these, a comma no longer separates tables.
constexpr std::array<std::string_view, 8> kEndsFrom = {"WHERE", "GROUP", "ORDER",  "HAVING",
                                                       "LIMIT", "UNION", "SELECT", "SET"};
// What may follow a table name without being an alias.
constexpr std::array<std::string_view, 21> kAfterTable = {
    "WHERE", "GROUP", "ORDER",  "HAVING", "LIMIT",   "UNION",     "JOIN",
    "INNER", "LEFT",  "RIGHT",  "CROSS",  "NATURAL", "ON",        "USING",
    "SET",   "FULL",  "EXCEPT", "VALUES", "WINDOW",  "INTERSECT", "OFFSET"};

class Rewriter final {
 public:
  Rewriter(const std::vector<Token>& tokens, const QueryContext& context)
      : cursor_(tokens), context_(context) {}

  std::variant<std::string, SqlError> Run() {
    while (!cursor_.AtEnd() && !error_) One();
    if (error_) return *error_;
    return out_;
  }

 private:
  // Blanks stay where they were: names of unnamed result columns are made of the text.
  void Emit(std::string_view text) {
    if (blank_before_ && !out_.empty()) out_ += ' ';
    blank_before_ = true;
    out_ += text;
  }

  void One();
  void Word();
  void Symbol();
  void TableReference();
  bool QualifiedColumn();
  bool Function();
  void Variable();
  // The SQLite table, or nothing if there is no such table.
  std::optional<std::string> Resolve(std::string_view database, std::string_view table) const;

  TokenCursor cursor_;
  const QueryContext& context_;
  std::string out_;
  std::optional<SqlError> error_;
  bool table_expected_ = false;
  size_t last_end_ = 0;                  // of the last token of the statement that was looked at
  bool blank_before_ = true;             // the next token
  std::vector<bool> in_from_ = {false};  // per depth of parentheses
};

void Rewriter::One() {
  const Token& token = cursor_.Peek();
  blank_before_ = token.begin != last_end_;
  last_end_ = token.end;
  switch (token.kind) {
    case TokenKind::kString:
      Emit(SqlString(cursor_.Next().text));
      return;
    case TokenKind::kNumber:
      Emit(cursor_.Next().text);
      return;
    case TokenKind::kSymbol:
      Symbol();
      return;
    case TokenKind::kWord:
    case TokenKind::kName:
      Word();
      return;
    case TokenKind::kEnd:
      return;
  }
}

void Rewriter::Symbol() {
  const std::string symbol = cursor_.Next().text;
  if (symbol == "@@") return Variable();
  if (symbol == "(") {
    in_from_.push_back(false);
    table_expected_ = false;
  } else if (symbol == ")") {
    if (in_from_.size() > 1) in_from_.pop_back();
  } else if (symbol == ",") {
    table_expected_ = in_from_.back();
  }
  if (symbol == ";") return;
  if (symbol == "&&") return Emit(" AND ");
  if (symbol == "||") return Emit(" OR ");
  Emit(symbol);
}

void Rewriter::Word() {
  const Token& token = cursor_.Peek();
  if (IsOneOf(token, kBeforeTable)) {
    table_expected_ = true;
    in_from_.back() = EqualsIgnoreCase(token.text, "FROM") || in_from_.back();
    Emit(cursor_.Next().text);
    if (cursor_.AcceptWord("DUAL")) {
      out_.resize(out_.size() - std::string_view(" FROM").size());
      table_expected_ = false;
    }
    return;
  }
  if (IsOneOf(token, kEndsFrom)) {
    in_from_.back() = false;
    table_expected_ = false;
    return Emit(cursor_.Next().text);
  }
  if (table_expected_) return TableReference();
  if (Function() || QualifiedColumn()) return;
  const bool quoted = token.kind == TokenKind::kName;
  const std::string text = cursor_.Next().text;
  Emit(quoted ? QuoteIdentifier(text) : text);
}

std::optional<std::string> Rewriter::Resolve(std::string_view database,
                                             std::string_view table) const {
  if (EqualsIgnoreCase(database, kInformationSchema)) {
    const std::string name = ToLower(table);
    for (const std::string_view known : {"columns", "tables", "schemata"}) {
      if (name == known) return PhysicalName(kInformationSchema, name);
    }
    return std::nullopt;
  }
  if (context_.store->Find(database, table) == nullptr) return std::nullopt;
  return PhysicalName(database, table);
}

void Rewriter::TableReference() {
  table_expected_ = false;
  const std::optional<TableName> name = AcceptTableName(&cursor_);
  if (!name) return;
  const std::string database = name->database.value_or(context_.database);
  const std::optional<std::string> physical = Resolve(database, name->table);
  if (!physical) {
    if (name->database) {
      error_ = UnknownTable(database, name->table);
    } else {
      Emit(QuoteIdentifier(name->table));  // a common table expression, or else SQLite reports it
    }
    return;
  }
  Emit(*physical);
  const Token& next = cursor_.Peek();
  const bool alias = next.kind == TokenKind::kName ||
                     (next.kind == TokenKind::kWord && !IsOneOf(next, kAfterTable));
  if (!alias) Emit("AS " + QuoteIdentifier(name->table));
}

// database.table.column -> table.column
bool Rewriter::QualifiedColumn() {
  const auto dot = [&](size_t at) {
    return cursor_.Peek(at).kind == TokenKind::kSymbol && cursor_.Peek(at).text == ".";
  };
  if (!dot(1) || !dot(3)) return false;
  cursor_.Next();
  cursor_.Next();
  Emit(QuoteIdentifier(cursor_.Next().text));
  return true;
}

bool Rewriter::Function() {
  if (cursor_.Peek().kind != TokenKind::kWord || cursor_.Peek(1).text != "(") return false;
  const std::string name = ToLower(cursor_.Peek().text);
  if (name == "if") {
    cursor_.Next();
    Emit("iif");
    return true;
  }
  if (cursor_.Peek(2).text != ")") return false;
  std::string value;
  if (name == "database" || name == "schema") {
    value = context_.database.empty() ? "NULL" : SqlString(context_.database);
  } else if (name == "version") {
    value = SqlString(VariableValue("version"));
  } else if (name == "user" || name == "current_user" || name == "session_user") {
    value = SqlString("'" + context_.user + "'@'%'");
  } else if (name == "connection_id") {
    value = std::to_string(context_.connection);
  } else if (name == "now" || name == "current_timestamp") {
    value = "datetime('now')";
  } else if (name == "curdate" || name == "current_date") {
    value = "date('now')";
  } else {
    return false;
  }
  for (int i = 0; i < 3; ++i) cursor_.Next();
  Emit(value);
  if (!cursor_.IsWord("AS") && (cursor_.AtEnd() || cursor_.Peek().text == ",")) {
    Emit("AS " + QuoteIdentifier(name + "()"));
  }
  return true;
}

void Rewriter::Variable() {
  std::string name = cursor_.Next().text;
  if (cursor_.AcceptSymbol(".")) name = cursor_.Next().text;
  Emit(SqlString(VariableValue(name)));
  if (!cursor_.IsWord("AS")) Emit("AS " + QuoteIdentifier("@@" + name));
}

}  // namespace

std::variant<std::string, SqlError> RewriteForSqlite(const std::vector<Token>& tokens,
                                                     const QueryContext& context) {
  return Rewriter(tokens, context).Run();
}

}  // namespace millrace::minidoris
