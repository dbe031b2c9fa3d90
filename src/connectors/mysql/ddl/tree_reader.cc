// Names, literals, and what kind of statement it is.
#include "connectors/mysql/ddl/tree_reader.h"

#include <charconv>
#include <limits>
#include <utility>

#include "base/ascii.h"
#include "connectors/mysql/ddl/literal.h"

namespace millrace::mysql::ddl {

void TreeReader::Fail(const antlr4::Token* at, std::string what) {
  if (!mistake_) mistake_ = Mistake{at->getStartIndex(), std::move(what)};
}

std::string_view TreeReader::Text(const antlr4::Token* token) const {
  return text_.substr(token->getStartIndex(), token->getStopIndex() + 1 - token->getStartIndex());
}

std::string TreeReader::Name(antlr4::ParserRuleContext* identifier_or_word) const {
  return NameOf(Text(identifier_or_word->getStart()));
}

std::string TreeReader::LastName(Tree::FieldNameContext* tree) const {
  return NameOf(Text(tree->getStop()));
}

TableName TreeReader::Table(Tree::TableNameContext* tree) const {
  if (tree->anyWord() == nullptr) return {"", Name(tree->identifier())};
  if (tree->identifier() == nullptr) return {"", Name(tree->anyWord())};
  return {Name(tree->identifier()), Name(tree->anyWord())};
}

std::vector<TableName> TreeReader::Tables(Tree::TableNamesContext* tree) const {
  std::vector<TableName> tables;
  for (Tree::TableNameContext* table : tree->tableName()) tables.push_back(Table(table));
  return tables;
}

std::vector<std::string> TreeReader::Names(Tree::IdentifiersContext* tree) const {
  std::vector<std::string> names;
  for (Tree::IdentifierContext* identifier : tree->identifier()) names.push_back(Name(identifier));
  return names;
}

std::string TreeReader::String(Tree::TextContext* tree) {
  std::string text;
  if (tree->HEX() != nullptr || tree->BITS() != nullptr) {
    const std::string_view token = Text(tree->getStop());
    const auto bytes = tree->HEX() != nullptr ? HexOf(token) : BitsOf(token);
    if (!bytes) Fail(tree->getStop(), "not a number of whole bytes");
    text = bytes.value_or("");
  }
  for (antlr4::tree::TerminalNode* part : tree->STRING()) {
    text += StringOf(Text(part->getSymbol()), !dialect_.no_backslash_escapes);
  }
  if (tree->INTRODUCER() == nullptr) return text;
  const std::string charset = ToLower(Text(tree->INTRODUCER()->getSymbol()).substr(1));
  const bool is_ascii = std::all_of(text.begin(), text.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!charset.starts_with("utf8") && !is_ascii) {
    Fail(tree->getStart(), "text in " + charset + " is understood in ASCII only");
  }
  return text;
}

uint32_t TreeReader::Number(antlr4::tree::TerminalNode* number) const {
  const std::string_view digits = Text(number->getSymbol());
  uint64_t value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool is_too_large = parsed.ec == std::errc::result_out_of_range;
  constexpr uint64_t kMax = std::numeric_limits<uint32_t>::max();
  return static_cast<uint32_t>(is_too_large ? kMax : std::min(value, kMax));
}

std::string TreeReader::CharsetName(Tree::CharsetNameContext* tree) {
  if (tree->text() != nullptr) return ToLower(String(tree->text()));
  return ToLower(NameOf(Text(tree->getStart())));
}

Statement TreeReader::ToStatement(Tree::SingleStatementContext* tree) {
  if (tree->createTable() != nullptr) return ToCreateTable(tree->createTable());
  if (tree->definition() != nullptr) return ToDefinition(tree->definition());
  if (tree->rows() != nullptr) return ToWriteRows(tree->rows());
  return Nothing();
}

}  // namespace millrace::mysql::ddl
