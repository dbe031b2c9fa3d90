#include "minidoris/query/create_table.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <set>

#include "base/ascii.h"
#include "base/units.h"
#include "minidoris/backend/convert.h"
#include "minidoris/query/sql_text.h"

namespace millrace::minidoris {
namespace {

constexpr uint32_t kCharBytesMax = 255;
constexpr uint32_t kVarcharBytesMax = 65533;
constexpr uint32_t kDecimalDigitsMax = 76;
constexpr uint32_t kDecimalDigitsDefault = 38;
constexpr uint32_t kDecimalScaleDefault = 9;
constexpr uint32_t kFractionDigitsMax = 6;

struct TypeWord {
  std::string_view word;
  TypeKind kind;
};
constexpr std::array<TypeWord, 25> kTypeWords = {{
    {"BOOLEAN", TypeKind::kBoolean},   {"BOOL", TypeKind::kBoolean},
    {"TINYINT", TypeKind::kTinyInt},   {"SMALLINT", TypeKind::kSmallInt},
    {"INT", TypeKind::kInt},           {"INTEGER", TypeKind::kInt},
    {"BIGINT", TypeKind::kBigInt},     {"LARGEINT", TypeKind::kLargeInt},
    {"FLOAT", TypeKind::kFloat},       {"DOUBLE", TypeKind::kDouble},
    {"DECIMAL", TypeKind::kDecimal},   {"DECIMALV3", TypeKind::kDecimal},
    {"DECIMALV2", TypeKind::kDecimal}, {"NUMERIC", TypeKind::kDecimal},
    {"DATE", TypeKind::kDate},         {"DATEV2", TypeKind::kDate},
    {"DATETIME", TypeKind::kDateTime}, {"DATETIMEV2", TypeKind::kDateTime},
    {"CHAR", TypeKind::kChar},         {"CHARACTER", TypeKind::kChar},
    {"VARCHAR", TypeKind::kVarchar},   {"STRING", TypeKind::kString},
    {"TEXT", TypeKind::kString},       {"JSON", TypeKind::kJson},
    {"JSONB", TypeKind::kJson},
}};

constexpr std::array<Aggregation, 5> kAggregations = {Aggregation::kReplaceIfNotNull,
                                                      Aggregation::kReplace, Aggregation::kSum,
                                                      Aggregation::kMin, Aggregation::kMax};

// Thrown nowhere: every step returns false after it has set message_.
class CreateTableParser final {
 public:
  CreateTableParser(const std::vector<Token>& tokens, const std::string& database)
      : cursor_(tokens) {
    table_.database = database;
  }

  std::variant<ParsedCreateTable, std::string> Run() {
    const bool good = Head() && Columns() && Clauses() && ApplyKeys() && CheckColumns();
    if (!good) return message_;
    return ParsedCreateTable{std::move(table_), if_not_exists_};
  }

 private:
  bool Refuse(std::string message) {
    message_ = std::move(message);
    return false;
  }
  bool SyntaxError() {
    return Refuse(fmt::format("mismatched input '{}' in CREATE TABLE", cursor_.Peek().text));
  }
  bool Symbol(std::string_view symbol) { return cursor_.AcceptSymbol(symbol) || SyntaxError(); }

  bool Head();
  bool Columns();
  bool ColumnDefinition();
  bool ColumnTypeOf(Column* column);
  bool TypeArguments(std::vector<uint32_t>* arguments);
  bool ColumnAttributes(Column* column);
  bool DefaultValue(Column* column);
  bool NameList(std::vector<std::string>* names);
  bool Clauses();
  bool Clause();
  bool Distribution();
  bool Properties();
  void SkipParentheses(std::string* text);
  bool ApplyKeys();
  bool CheckColumns();

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
    } else if (!ColumnDefinition()) {
      return false;
    }
  } while (cursor_.AcceptSymbol(","));
  return Symbol(")");
}

bool CreateTableParser::ColumnDefinition() {
  Column column;
  const std::optional<std::string> name = cursor_.AcceptName();
  if (!name) return SyntaxError();
  column.name = *name;
  if (!ColumnTypeOf(&column) || !ColumnAttributes(&column)) return false;
  if (table_.Find(column.name)) return Refuse("Duplicate column name '" + column.name + "'");
  table_.columns.push_back(std::move(column));
  return true;
}

bool CreateTableParser::TypeArguments(std::vector<uint32_t>* arguments) {
  if (!cursor_.AcceptSymbol("(")) return true;
  do {
    const std::optional<int64_t> number = ParseInteger(cursor_.Peek().text);
    if (!number || *number < 0 || *number > UINT32_MAX) {
      if (cursor_.Peek().text != "*") return SyntaxError();
      arguments->push_back(kVarcharBytesMax);  // VARCHAR(*)
    } else {
      arguments->push_back(static_cast<uint32_t>(*number));
    }
    cursor_.Next();
  } while (cursor_.AcceptSymbol(","));
  return Symbol(")");
}

bool CreateTableParser::ColumnTypeOf(Column* column) {
  const std::string word = ToUpper(cursor_.Next().text);
  const TypeWord* found = nullptr;
  for (const TypeWord& candidate : kTypeWords) {
    if (candidate.word == word) found = &candidate;
  }
  if (found == nullptr) {
    return Refuse(
        fmt::format("minidoris does not know the type {} of column {}", word, column->name));
  }
  std::vector<uint32_t> arguments;
  if (!TypeArguments(&arguments)) return false;
  const auto argument = [&](size_t at, uint32_t other) {
    return at < arguments.size() ? arguments[at] : other;
  };
  ColumnType& type = column->type;
  type.kind = found->kind;
  switch (type.kind) {
    case TypeKind::kChar:
      type.length = argument(0, 1);
      if (type.length < 1 || type.length > kCharBytesMax) {
        return Refuse(fmt::format("Char type length should not be greater than {}: {}",
                                  kCharBytesMax, column->name));
      }
      return true;
    case TypeKind::kVarchar:
      type.length = argument(0, kVarcharBytesMax);
      if (type.length < 1 || type.length > kVarcharBytesMax) {
        return Refuse(fmt::format("Varchar type length should not be greater than {}: {}",
                                  kVarcharBytesMax, column->name));
      }
      return true;
    case TypeKind::kDecimal:
      type.precision = argument(0, kDecimalDigitsDefault);
      type.scale = argument(1, arguments.empty() ? kDecimalScaleDefault : 0);
      if (type.precision < 1 || type.precision > kDecimalDigitsMax || type.scale > type.precision) {
        return Refuse("Invalid decimal precision or scale: " + column->name);
      }
      return true;
    case TypeKind::kDateTime:
      type.scale = argument(0, 0);
      if (type.scale > kFractionDigitsMax) {
        return Refuse("Scale of Datetime must between 0 and 6: " + column->name);
      }
      return true;
    default:
      return true;
  }
}

bool CreateTableParser::ColumnAttributes(Column* column) {
  while (true) {
    if (cursor_.AcceptWords("NOT NULL")) {
      column->nullable = false;
    } else if (cursor_.AcceptWord("NULL")) {
      column->nullable = true;
    } else if (cursor_.AcceptWord("KEY")) {
      keys_.push_back(column->name);
    } else if (cursor_.AcceptWord("DEFAULT")) {
      if (!DefaultValue(column)) return false;
    } else if (cursor_.AcceptWord("COMMENT")) {
      const std::optional<std::string> comment = cursor_.AcceptString();
      if (!comment) return SyntaxError();
      column->comment = *comment;
    } else {
      bool found = false;
      for (const Aggregation aggregation : kAggregations) {
        if (!found && cursor_.AcceptWord(AggregationText(aggregation))) {
          column->aggregation = aggregation;
          found = true;
        }
      }
      if (!found) return true;
    }
  }
}

bool CreateTableParser::DefaultValue(Column* column) {
  if (cursor_.AcceptWord("NULL")) return true;
  if (cursor_.AcceptWord("CURRENT_TIMESTAMP")) {
    std::vector<uint32_t> ignored;
    column->default_is_now = true;
    return TypeArguments(&ignored);
  }
  const std::string sign = cursor_.AcceptSymbol("-") ? "-" : "";
  const Token& token = cursor_.Next();
  if (token.kind == TokenKind::kEnd || token.kind == TokenKind::kSymbol) return SyntaxError();
  column->default_text = sign + token.text;
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
  // Kept for SHOW CREATE TABLE only: every row finds its partition.
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
             : token.kind == TokenKind::kName ? BackQuoted(token.text)
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
      return Refuse("minidoris does not know sequence columns: " + *key);
    }
    table_.properties.emplace_back(*key, *value);
  } while (cursor_.AcceptSymbol(","));
  return Symbol(")");
}

// The key columns must be the first columns, in the same order. Without a key clause the table is
// DUPLICATE over its first column.
bool CreateTableParser::ApplyKeys() {
  if (table_.columns.empty()) return Refuse("Table must have at least one column");
  if (keys_.empty()) keys_.push_back(table_.columns[0].name);
  if (keys_.size() > table_.columns.size()) {
    return Refuse("The number of key columns should be less than the number of columns.");
  }
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (!table_.Find(keys_[i])) return Refuse("key column[" + keys_[i] + "] doesn't exist");
    if (!EqualsIgnoreCase(table_.columns[i].name, keys_[i])) {
      return Refuse("Key columns should be a ordered prefix of the schema. KeyColumns[" +
                    std::to_string(i) + "] (starts from zero) is " + keys_[i] +
                    ", but corresponding column is " + table_.columns[i].name +
                    " in the previous columns declaration.");
    }
    table_.columns[i].key = true;
  }
  table_.key_count = keys_.size();
  for (std::string& column : table_.hash_columns) {
    const std::optional<size_t> at = table_.Find(column);
    if (!at) return Refuse("Distribution column(" + column + ") doesn't exist");
    if (!table_.columns[*at].key && table_.model != KeysModel::kDuplicate) {
      return Refuse("Distribution column[" + column + "] is not key column");
    }
    column = table_.columns[*at].name;
  }
  return true;
}

bool CreateTableParser::CheckColumns() {
  for (Column& column : table_.columns) {
    const TypeKind kind = column.type.kind;
    if (column.key && (kind == TypeKind::kFloat || kind == TypeKind::kDouble)) {
      return Refuse("Float or double can not used as a key, use decimal instead: " + column.name);
    }
    if (column.key && (kind == TypeKind::kString || kind == TypeKind::kJson)) {
      return Refuse("String Type should not be used in key column[" + column.name + "].");
    }
    if (column.aggregation != Aggregation::kNone && table_.model != KeysModel::kAggregate) {
      return Refuse(fmt::format(
          "AggregateType {} is not allowed in {} table: {}", AggregationText(column.aggregation),
          table_.model == KeysModel::kUnique ? "UNIQUE" : "DUPLICATE", column.name));
    }
    if (table_.model == KeysModel::kAggregate &&
        column.key == (column.aggregation != Aggregation::kNone)) {
      return Refuse(column.key ? "Key column " + column.name + " can not set aggregation type"
                               : column.name +
                                     " should set aggregation type to non-key column "
                                     "in aggregate table");
    }
    std::string ignored;
    if (column.default_text &&
        AppendConverted(column.type, *column.default_text, 0, &ignored) != Conversion::kStored) {
      return Refuse(fmt::format("Invalid default value '{}' for column {}", *column.default_text,
                                column.name));
    }
  }
  return true;
}

}  // namespace

std::variant<ParsedCreateTable, std::string> ParseCreateTable(std::string_view sql,
                                                              const std::string& database) {
  const std::vector<Token> tokens = Tokenize(sql);
  return CreateTableParser(tokens, database).Run();
}

}  // namespace millrace::minidoris
