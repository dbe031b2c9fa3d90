#include "minidoris/table/create_table.h"

#include <array>
#include <optional>
#include <vector>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/units.h"
#include "minidoris/table/column_definition.h"
#include "minidoris/table/sql_text.h"
#include "minidoris/table/table_rules.h"
#include "minidoris/table/type_reader.h"

namespace millrace::minidoris {
namespace {

// Every step returns false after it has set the message.
class CreateTableParser final {
 public:
  CreateTableParser(const std::vector<Token>& tokens, const std::string& database)
      : cursor_(tokens) {
    table_.database = database;
  }

  std::variant<ParsedCreateTable, std::string> Run() {
    if (!Head() || !Columns() || !Clauses()) return message_;
    if (auto message = ApplyTableRules(keys_, &table_)) return *message;
    return ParsedCreateTable{std::move(table_), if_not_exists_};
  }

 private:
  bool Refuse(std::string message) {
    message_ = std::move(message);
    return false;
  }
  bool SyntaxError() { return Refuse(CreateTableSyntaxError(cursor_)); }
  bool Symbol(std::string_view symbol) { return cursor_.AcceptSymbol(symbol) || SyntaxError(); }

  bool Head();
  bool Columns();
  bool OneColumn();
  bool NameList(std::vector<std::string>* names);
  bool Clauses();
  bool Clause();
  bool Distribution();
  bool Properties();
  void SkipParentheses(std::string* text);

  TokenCursor cursor_;
  Table table_;
  bool if_not_exists_ = false;
  std::vector<std::string> keys_;
  std::string message_;
};

bool CreateTableParser::Head() {
  if (!cursor_.AcceptWord("CREATE")) return SyntaxError();
  cursor_.AcceptWord("EXTERNAL");
  if (!cursor_.AcceptWord("TABLE")) return SyntaxError();
  if_not_exists_ = cursor_.AcceptWords("IF NOT EXISTS");
  const std::optional<TableName> name = AcceptTableName(&cursor_);
  if (!name) return SyntaxError();
  table_.name = name->table;
  if (name->database) table_.database = *name->database;
  if (table_.database.empty()) return Refuse("No database selected");
  return true;
}

bool CreateTableParser::Columns() {
  if (!Symbol("(")) return false;
  do {
    if (cursor_.IsWord("INDEX")) {  // INDEX name (columns) USING INVERTED ...: accepted, no effect
      while (!cursor_.AtEnd() && cursor_.Peek().text != "(") cursor_.Next();
      std::string ignored;
      SkipParentheses(&ignored);
      while (!cursor_.AtEnd() && cursor_.Peek().text != "," && cursor_.Peek().text != ")") {
        cursor_.Next();
      }
    } else if (!OneColumn()) {
      return false;
    }
  } while (cursor_.AcceptSymbol(","));
  return Symbol(")");
}

bool CreateTableParser::OneColumn() {
  ColumnDefinition definition;
  if (auto message = ReadColumnDefinition(&cursor_, &definition)) return Refuse(*message);
  Column& column = definition.column;
  if (table_.Find(column.name)) return Refuse("Duplicate column name '" + column.name + "'");
  if (definition.key) keys_.push_back(column.name);
  table_.columns.push_back(std::move(column));
  return true;
}

bool CreateTableParser::NameList(std::vector<std::string>* names) {
  if (!Symbol("(")) return false;
  do {
    const std::optional<std::string> name = cursor_.AcceptName();
    if (!name) return SyntaxError();
    names->push_back(*name);
  } while (cursor_.AcceptSymbol(","));
  return Symbol(")");
}

bool CreateTableParser::Clauses() {
  cursor_.AcceptSymbol(";");
  while (!cursor_.AtEnd()) {
    if (!Clause()) return false;
    cursor_.AcceptSymbol(";");
  }
  return true;
}

bool CreateTableParser::Clause() {
  const std::array<KeysModel, 3> models = {KeysModel::kDuplicate, KeysModel::kUnique,
                                           KeysModel::kAggregate};
  for (const KeysModel model : models) {
    if (cursor_.AcceptWords(ModelText(model))) {
      table_.model = model;
      keys_.clear();
      return NameList(&keys_);
    }
  }
  if (cursor_.AcceptWord("ENGINE")) {
    cursor_.AcceptSymbol("=");
    return cursor_.AcceptName().has_value() || SyntaxError();
  }
  if (cursor_.AcceptWord("COMMENT")) {
    const std::optional<std::string> comment = cursor_.AcceptString();
    if (!comment) return SyntaxError();
    table_.comment = *comment;
    return true;
  }
  if (cursor_.AcceptWord("DISTRIBUTED")) return Distribution();
  if (cursor_.AcceptWord("PROPERTIES")) return Properties();
  const bool automatic = cursor_.AcceptWord("AUTO");
  if (!cursor_.AcceptWords("PARTITION BY")) return SyntaxError();
  std::string text = automatic ? "" : ToUpper(cursor_.Next().text);
  if (automatic) text = "AUTO " + ToUpper(cursor_.Next().text);
  SkipParentheses(&text);
  SkipParentheses(&text);
  // Kept for SHOW CREATE TABLE only: every row is in the table, whatever its partition.
  table_.partition = automatic ? text.substr(std::string_view("AUTO ").size()) : text;
  return true;
}

// Copies a parenthesised group, if there is one, in a form that reads back the same.
void CreateTableParser::SkipParentheses(std::string* text) {
  if (cursor_.Peek().text != "(" || cursor_.Peek().kind != TokenKind::kSymbol) return;
  int depth = 0;
  do {
    const Token& token = cursor_.Next();
    if (token.kind == TokenKind::kSymbol && token.text == "(") ++depth;
    if (token.kind == TokenKind::kSymbol && token.text == ")") --depth;
    *text += ' ';
    *text += token.kind == TokenKind::kString ? SqlString(token.text)
             : token.kind == TokenKind::kName ? QuoteIdentifier(token.text)
                                              : token.text;
  } while (depth > 0 && !cursor_.AtEnd());
}

bool CreateTableParser::Distribution() {
  if (!cursor_.AcceptWord("BY")) return SyntaxError();
  if (cursor_.AcceptWord("HASH")) {
    if (!NameList(&table_.hash_columns)) return false;
  } else if (!cursor_.AcceptWord("RANDOM")) {
    return SyntaxError();
  }
  if (!cursor_.AcceptWord("BUCKETS")) return true;
  const std::string buckets = ToUpper(cursor_.Next().text);
  if (buckets != "AUTO" && ParseInteger(buckets).value_or(0) < 1) {
    return Refuse("Number of hash buckets should be greater than zero");
  }
  table_.buckets = buckets;
  return true;
}

bool CreateTableParser::Properties() {
  if (!Symbol("(")) return false;
  do {
    const std::optional<std::string> key = cursor_.AcceptString();
    if (!key || !cursor_.AcceptSymbol("=")) return SyntaxError();
    const std::optional<std::string> value = cursor_.AcceptString();
    if (!value) return SyntaxError();
    if (key->starts_with("function_column.")) {
      return Refuse("minidoris does not support sequence columns: " + *key);
    }
    table_.properties.emplace_back(*key, *value);
  } while (cursor_.AcceptSymbol(","));
  return Symbol(")");
}

}  // namespace

std::variant<ParsedCreateTable, std::string> ParseCreateTable(std::string_view sql,
                                                              const std::string& database) {
  const std::vector<Token> tokens = Tokenize(sql);
  return CreateTableParser(tokens, database).Run();
}

}  // namespace millrace::minidoris
