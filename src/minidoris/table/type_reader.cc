#include "minidoris/table/type_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/units.h"

namespace millrace::minidoris {
namespace {

constexpr int kNestingMax = 9;
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
constexpr std::array<TypeWord, 28> kTypeWords = {{
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
    {"JSONB", TypeKind::kJson},        {"ARRAY", TypeKind::kArray},
    {"MAP", TypeKind::kMap},           {"STRUCT", TypeKind::kStruct},
}};

// Every step returns false after it has set the message.
class TypeReader final {
 public:
  TypeReader(TokenCursor* cursor, std::string_view column) : cursor_(*cursor), column_(column) {}

  bool Read(int depth, ColumnType* type);
  const std::string& message() const { return message_; }

 private:
  bool Refuse(std::string message) {
    message_ = std::move(message);
    return false;
  }
  bool SyntaxError() { return Refuse(CreateTableSyntaxError(cursor_)); }
  bool Check(const std::vector<uint32_t>& arguments, ColumnType* type);
  bool Elements(int depth, ColumnType* type);
  bool Field(ColumnType* type);

  TokenCursor& cursor_;
  const std::string_view column_;
  std::string message_;
};

bool TypeReader::Read(int depth, ColumnType* type) {
  const std::string word = ToUpper(cursor_.Next().text);
  const auto* found = std::find_if(kTypeWords.begin(), kTypeWords.end(),
                                   [&](const TypeWord& known) { return known.word == word; });
  if (found == kTypeWords.end()) {
    return Refuse(fmt::format("minidoris does not support type {} of column {}", word, column_));
  }
  type->kind = found->kind;
  if (type->is_nested()) return Elements(depth + 1, type);
  std::vector<uint32_t> arguments;
  if (!AcceptTypeArguments(&cursor_, &arguments)) return SyntaxError();
  return Check(arguments, type);
}

bool TypeReader::Elements(int depth, ColumnType* type) {
  if (depth > kNestingMax) {
    return Refuse(fmt::format("Type exceeds the maximum nesting depth of {}", kNestingMax));
  }
  if (!cursor_.AcceptSymbol("<")) return SyntaxError();
  do {
    if (type->kind == TypeKind::kStruct && !Field(type)) return false;
    ColumnType element;
    if (!Read(depth, &element)) return false;
    type->elements.push_back(std::move(element));
    if (type->kind == TypeKind::kStruct && cursor_.AcceptWord("COMMENT") &&
        !cursor_.AcceptString()) {
      return SyntaxError();
    }
  } while (cursor_.AcceptSymbol(","));
  if (!cursor_.AcceptSymbol(">")) return SyntaxError();
  const size_t count = type->elements.size();
  const bool fits =
      type->kind == TypeKind::kStruct || count == (type->kind == TypeKind::kMap ? 2u : 1u);
  if (!fits) return SyntaxError();
  if (type->kind == TypeKind::kMap && type->elements[0].is_nested()) {
    return Refuse(fmt::format("MAP unsupported sub-type: {}", TypeText(type->elements[0])));
  }
  return true;
}

// `name :` before the type of a field.
bool TypeReader::Field(ColumnType* type) {
  const std::optional<std::string> name = cursor_.AcceptName();
  if (!name || !cursor_.AcceptSymbol(":")) return SyntaxError();
  std::string lower = ToLower(*name);
  if (std::find(type->fields.begin(), type->fields.end(), lower) != type->fields.end()) {
    return Refuse(fmt::format("Duplicate field name {} in struct {}", lower, column_));
  }
  type->fields.push_back(std::move(lower));
  return true;
}

bool TypeReader::Check(const std::vector<uint32_t>& arguments, ColumnType* type) {
  const auto argument = [&](size_t at, uint32_t fallback) {
    return at < arguments.size() ? arguments[at] : fallback;
  };
  switch (type->kind) {
    case TypeKind::kChar:
      type->length = argument(0, 1);
      if (type->length < 1 || type->length > kCharBytesMax) {
        return Refuse(fmt::format("Char type length should not be greater than {}: {}",
                                  kCharBytesMax, column_));
      }
      return true;
    case TypeKind::kVarchar:
      type->length = argument(0, kVarcharBytesMax);
      if (type->length < 1 || type->length > kVarcharBytesMax) {
        return Refuse(fmt::format("Varchar type length should not be greater than {}: {}",
                                  kVarcharBytesMax, column_));
      }
      return true;
    case TypeKind::kDecimal:
      type->precision = argument(0, kDecimalDigitsDefault);
      type->scale = argument(1, arguments.empty() ? kDecimalScaleDefault : 0);
      if (type->precision < 1 || type->precision > kDecimalDigitsMax ||
          type->scale > type->precision) {
        return Refuse(fmt::format("Invalid decimal precision or scale: {}", column_));
      }
      return true;
    case TypeKind::kDateTime:
      type->scale = argument(0, 0);
      if (type->scale > kFractionDigitsMax) {
        return Refuse(fmt::format("Scale of Datetime must between 0 and 6: {}", column_));
      }
      return true;
    default:
      return true;
  }
}

}  // namespace

std::optional<std::string> ReadColumnType(TokenCursor* cursor, std::string_view column,
                                          ColumnType* type) {
  TypeReader reader(cursor, column);
  if (reader.Read(0, type)) return std::nullopt;
  return reader.message();
}

bool AcceptTypeArguments(TokenCursor* cursor, std::vector<uint32_t>* arguments) {
  if (!cursor->AcceptSymbol("(")) return true;
  do {
    const std::optional<int64_t> number = ParseInteger(cursor->Peek().text);
    if (!number || *number < 0 || *number > UINT32_MAX) {
      if (cursor->Peek().text != "*") return false;
      arguments->push_back(kVarcharBytesMax);  // VARCHAR(*)
    } else {
      arguments->push_back(static_cast<uint32_t>(*number));
    }
    cursor->Next();
  } while (cursor->AcceptSymbol(","));
  return cursor->AcceptSymbol(")");
}

std::string CreateTableSyntaxError(const TokenCursor& cursor) {
  return fmt::format("mismatched input '{}' in CREATE TABLE", cursor.Peek().text);
}

}  // namespace millrace::minidoris
