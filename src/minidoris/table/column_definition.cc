#include "minidoris/table/column_definition.h"

#include <algorithm>
#include <array>
#include <vector>

#include "minidoris/table/type_reader.h"

namespace millrace::minidoris {
namespace {

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
  bool Attributes();
  bool AggregationWord();
  bool DefaultValue();

  TokenCursor& cursor_;
  ColumnDefinition* const definition_;
  Column& column_;
  std::string message_;
};

bool ColumnReader::Type() {
  std::optional<std::string> message = ReadColumnType(&cursor_, column_.name, &column_.type);
  return !message || Refuse(std::move(*message));
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
    return AcceptTypeArguments(&cursor_, &ignored) || SyntaxError();
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

}  // namespace millrace::minidoris
