#include "minidoris/table/column_definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/ascii.h"
#include "base/units.h"

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

// Every step returns false after it has set the message.
class ColumnReader final {
 public:
  ColumnReader(TokenCursor* cursor, ColumnDefinition* definition)
      : cursor_(*cursor), definition_(definition), column_(definition->column) {}

  std::optional<std::string> Run() {
    const std::optional<std::string> name = cursor_.AcceptName();
    if (!name) return CreateTableSyntaxError(cursor_);
    column_.name = *name;
    if (Type() && Attributes()) return std::nullopt;
    return message_;
  }

 private:
  bool Refuse(std::string message) {
    message_ = std::move(message);
    return false;
  }
  bool SyntaxError() { return Refuse(CreateTableSyntaxError(cursor_)); }

  bool Type();
  bool CheckType(const std::vector<uint32_t>& arguments);
  bool TypeArguments(std::vector<uint32_t>* arguments);
  bool Attributes();
  bool AggregationWord();
  bool DefaultValue();

  TokenCursor& cursor_;
  ColumnDefinition* const definition_;
  Column& column_;
  std::string message_;
};

bool ColumnReader::TypeArguments(std::vector<uint32_t>* arguments) {
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
  return (cursor_.AcceptSymbol(")") || SyntaxError());
}

bool ColumnReader::Type() {
  const std::string word = ToUpper(cursor_.Next().text);
  const auto found = std::find_if(kTypeWords.begin(), kTypeWords.end(),
                                  [&](const TypeWord& known) { return known.word == word; });
  if (found == kTypeWords.end()) {
    return Refuse(
        fmt::format("minidoris does not support type {} of column {}", word, column_.name));
  }
  column_.type.kind = found->kind;
  std::vector<uint32_t> arguments;
  return TypeArguments(&arguments) && CheckType(arguments);
}

bool ColumnReader::CheckType(const std::vector<uint32_t>& arguments) {
  const auto argument = [&](size_t at, uint32_t fallback) {
    return at < arguments.size() ? arguments[at] : fallback;
  };
  ColumnType& type = column_.type;
  switch (type.kind) {
    case TypeKind::kChar:
      type.length = argument(0, 1);
      if (type.length < 1 || type.length > kCharBytesMax) {
        return Refuse(fmt::format("Char type length should not be greater than {}: {}",
                                  kCharBytesMax, column_.name));
      }
      return true;
    case TypeKind::kVarchar:
      type.length = argument(0, kVarcharBytesMax);
      if (type.length < 1 || type.length > kVarcharBytesMax) {
        return Refuse(fmt::format("Varchar type length should not be greater than {}: {}",
                                  kVarcharBytesMax, column_.name));
      }
      return true;
    case TypeKind::kDecimal:
      type.precision = argument(0, kDecimalDigitsDefault);
      type.scale = argument(1, arguments.empty() ? kDecimalScaleDefault : 0);
      if (type.precision < 1 || type.precision > kDecimalDigitsMax || type.scale > type.precision) {
        return Refuse("Invalid decimal precision or scale: " + column_.name);
      }
      return true;
    case TypeKind::kDateTime:
      type.scale = argument(0, 0);
      if (type.scale > kFractionDigitsMax) {
        return Refuse("Scale of Datetime must between 0 and 6: " + column_.name);
      }
      return true;
    default:
      return true;
  }
}

bool ColumnReader::Attributes() {
  while (true) {
    if (cursor_.AcceptWords("NOT NULL")) {
      column_.nullable = false;
    } else if (cursor_.AcceptWord("NULL")) {
      column_.nullable = true;
    } else if (cursor_.AcceptWord("KEY")) {
      definition_->key = true;
    } else if (cursor_.AcceptWord("DEFAULT")) {
      if (!DefaultValue()) return false;
    } else if (cursor_.AcceptWord("COMMENT")) {
      const std::optional<std::string> comment = cursor_.AcceptString();
      if (!comment) return SyntaxError();
      column_.comment = *comment;
    } else if (!AggregationWord()) {
      return true;
    }
  }
}

bool ColumnReader::AggregationWord() {
  for (const Aggregation aggregation : kAggregations) {
    if (!cursor_.AcceptWord(AggregationText(aggregation))) continue;
    column_.aggregation = aggregation;
    return true;
  }
  return false;
}

bool ColumnReader::DefaultValue() {
  if (cursor_.AcceptWord("NULL")) return true;
  if (cursor_.AcceptWord("CURRENT_TIMESTAMP")) {
    std::vector<uint32_t> ignored;
    column_.default_is_now = true;
    return TypeArguments(&ignored);
  }
  const std::string sign = cursor_.AcceptSymbol("-") ? "-" : "";
  const Token& token = cursor_.Next();
  if (token.kind == TokenKind::kEnd || token.kind == TokenKind::kSymbol) return SyntaxError();
  column_.default_text = sign + token.text;
  return true;
}

}  // namespace

std::optional<std::string> ReadColumnDefinition(TokenCursor* cursor, ColumnDefinition* definition) {
  return ColumnReader(cursor, definition).Run();
}

std::string CreateTableSyntaxError(const TokenCursor& cursor) {
  return fmt::format("mismatched input '{}' in CREATE TABLE", cursor.Peek().text);
}

}  // namespace millrace::minidoris
