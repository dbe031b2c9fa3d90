#include "sql/error_context.h"

#include <FlinkSqlLexer.h>

#include <algorithm>

#include "base/ascii.h"

namespace millrace::sql {
namespace {

using L = grammar::FlinkSqlLexer;

}  // namespace

size_t ErrorContext::Type(int step) const {
  const auto index = static_cast<ptrdiff_t>(at) + step;
  if (index < 0 || index >= static_cast<ptrdiff_t>(tokens.size())) return 0;
  return tokens[static_cast<size_t>(index)]->getType();
}

Span ErrorContext::SpanAt(int step) const {
  if (Type(step) == 0) return {};
  return source.Of(tokens[static_cast<size_t>(static_cast<ptrdiff_t>(at) + step)]);
}

std::string ErrorContext::Text(int step) const {
  if (Type(step) == 0 || Type(step) == antlr4::Token::EOF) return {};
  return std::string(source.Text(SpanAt(step)));
}

std::string ErrorContext::Word(int step) const { return ToUpper(Text(step)); }

bool ErrorContext::StartsWith(std::initializer_list<size_t> types) const {
  if (tokens.size() < types.size() || at < types.size()) return false;
  return std::equal(
      types.begin(), types.end(), tokens.begin(),
      [](size_t type, const antlr4::Token* token) { return token->getType() == type; });
}

const antlr4::Token* ErrorContext::OpenParenthesis() const {
  size_t closed = 0;
  for (size_t i = at; i-- > 0;) {
    if (tokens[i]->getType() == L::RIGHT_PAREN) ++closed;
    if (tokens[i]->getType() == L::LEFT_PAREN && closed-- == 0) return tokens[i];
  }
  return nullptr;
}

bool IsKeyword(size_t type) { return type >= L::ABS && type <= L::ZONE; }

std::string Spelling(size_t type) {
  static L lexer(nullptr);
  const std::string name = lexer.getVocabulary().getLiteralName(type);
  return name.size() >= 2 ? name.substr(1, name.size() - 2) : name;
}

}  // namespace millrace::sql
