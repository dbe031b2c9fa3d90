// SQL as a list of words: what the query port needs to recognise statements and to resolve names.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::minidoris {

enum class TokenKind : unsigned char {
  kWord,    // unquoted name or keyword
  kName,    // `back-quoted`; text is without quotes
  kString,  // 'text' or "text"; text is unescaped
  kNumber,
  kSymbol,  // one character, or two for <> <= >= != := || && @@
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  size_t begin = 0;  // bytes in the statement
  size_t end = 0;
};

// Comments and blanks are left out. The last token is kEnd. An unfinished quote ends at the end.
std::vector<Token> Tokenize(std::string_view sql);

std::string SqlString(std::string_view text);  // 'text', as SQLite reads it

// A position in a list of tokens, for hand-written parsers. The tokens must outlive the cursor.
class TokenCursor final {
 public:
  explicit TokenCursor(const std::vector<Token>& tokens) : tokens_(tokens) {}

  const Token& Peek(size_t ahead = 0) const;
  const Token& Next();
  bool AtEnd() const { return Peek().kind == TokenKind::kEnd; }
  bool IsWord(std::string_view word, size_t ahead = 0) const;  // any case
  bool AcceptWord(std::string_view word);
  bool AcceptWords(std::string_view words);  // "IF NOT EXISTS": all or none
  bool AcceptSymbol(std::string_view symbol);
  std::optional<std::string> AcceptName();  // word or back-quoted name
  std::optional<std::string> AcceptString();

 private:
  const std::vector<Token>& tokens_;
  size_t at_ = 0;
};

// `[database.]table`
struct TableName {
  std::optional<std::string> database;
  std::string table;
};
std::optional<TableName> AcceptTableName(TokenCursor* cursor);

}  // namespace millrace::minidoris
