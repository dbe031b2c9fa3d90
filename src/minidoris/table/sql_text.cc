#include "minidoris/table/sql_text.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace millrace::minidoris {
namespace {

bool IsWordByte(char c) {
  return IsLetterOrDigit(c) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

class Tokenizer final {
 public:
  explicit Tokenizer(std::string_view sql) : sql_(sql) {}

  std::vector<Token> Run() {
    std::vector<Token> tokens;
    while (SkipBlanksAndComments()) tokens.push_back(One());
    tokens.push_back({TokenKind::kEnd, "", sql_.size(), sql_.size()});
    return tokens;
  }

 private:
  char At(size_t ahead) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }

  void SkipTo(std::string_view end) {
    const size_t found = sql_.find(end, at_);
    at_ = found == sql_.npos ? sql_.size() : found + end.size();
  }

  // False at the end of the text.
  bool SkipBlanksAndComments() {
    while (at_ < sql_.size()) {
      if (IsBlank(At(0))) {
        ++at_;
      } else if (At(0) == '#' || (At(0) == '-' && At(1) == '-' && (IsBlank(At(2)) || At(2) == 0))) {
        SkipTo("\n");
      } else if (At(0) == '/' && At(1) == '*') {
        SkipTo("*/");
      } else {
        return true;
      }
    }
    return false;
  }

  Token One() {
    Token token;
    token.begin = at_;
    const char c = At(0);
    if (c == '\'' || c == '"') {
      token.kind = TokenKind::kString;
      token.text = Quoted(c, true);
    } else if (c == '`') {
      token.kind = TokenKind::kName;
      token.text = Quoted(c, false);
    } else if (IsDigit(c) || (c == '.' && IsDigit(At(1)))) {
      Number(&token);
    } else if (IsWordByte(c)) {
      token.kind = TokenKind::kWord;
      while (at_ < sql_.size() && IsWordByte(At(0))) ++at_;
      token.text = sql_.substr(token.begin, at_ - token.begin);
    } else {
      token.kind = TokenKind::kSymbol;
      constexpr std::array<std::string_view, 9> kPairs = {
          "<>", "<=", ">=", "!=", ":=", "||", "&&", "@@", "=="};
      const bool pair =
          std::find(kPairs.begin(), kPairs.end(), sql_.substr(at_, 2)) != kPairs.end();
      at_ += pair ? 2 : 1;
      token.text = sql_.substr(token.begin, at_ - token.begin);
    }
    token.end = at_;
    return token;
  }

  void Number(Token* token) {
    token->kind = TokenKind::kNumber;
    while (IsWordByte(At(0)) || At(0) == '.' ||
           ((At(0) == '+' || At(0) == '-') && (sql_[at_ - 1] | 0x20) == 'e')) {
      ++at_;
    }
    token->text = sql_.substr(token->begin, at_ - token->begin);
    // 2020abc is a name.
    const bool name = std::any_of(token->text.begin(), token->text.end(), [](char c) {
      return !IsDigit(c) && c != '.' && (c | 0x20) != 'e' && c != '+' && c != '-' &&
             (c | 0x20) != 'x';
    });
    if (name && !token->text.starts_with("0x")) token->kind = TokenKind::kWord;
  }

  std::string Quoted(char quote, bool escapes) {
    std::string text;
    for (++at_; at_ < sql_.size(); ++at_) {
      const char c = At(0);
      if (c == quote) {
        ++at_;
        if (At(0) != quote) return text;
        text += quote;
      } else if (c == '\\' && escapes && at_ + 1 < sql_.size()) {
        Escape(sql_[++at_], &text);
      } else {
        text += c;
      }
    }
    return text;
  }

  static void Escape(char c, std::string* text) {
    constexpr std::string_view kLetters = "0bnrtZ";
    constexpr std::string_view kMeanings("\0\b\n\r\t\x1a", 6);
    const size_t found = kLetters.find(c);
    if (found != kLetters.npos) {
      *text += kMeanings[found];
    } else {
      if (c == '%' || c == '_') *text += '\\';  // patterns keep their own escapes
      *text += c;
    }
  }

  const std::string_view sql_;
  size_t at_ = 0;
};

}  // namespace

std::vector<Token> Tokenize(std::string_view sql) { return Tokenizer(sql).Run(); }

std::string SqlString(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

const Token& TokenCursor::Peek(size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

const Token& TokenCursor::Next() {
  const Token& token = Peek();
  if (at_ + 1 < tokens_.size()) ++at_;
  return token;
}

bool TokenCursor::IsWord(std::string_view word, size_t ahead) const {
  return Peek(ahead).kind == TokenKind::kWord && EqualsIgnoreCase(Peek(ahead).text, word);
}

bool TokenCursor::AcceptWord(std::string_view word) {
  if (!IsWord(word)) return false;
  Next();
  return true;
}

bool TokenCursor::AcceptWords(std::string_view words) {
  const std::vector<std::string> list = Split(words, ' ');
  for (size_t i = 0; i < list.size(); ++i) {
    if (!IsWord(list[i], i)) return false;
  }
  for (size_t i = 0; i < list.size(); ++i) Next();
  return true;
}

bool TokenCursor::AcceptSymbol(std::string_view symbol) {
  if (Peek().kind != TokenKind::kSymbol || Peek().text != symbol) return false;
  Next();
  return true;
}

std::optional<std::string> TokenCursor::AcceptName() {
  if (Peek().kind != TokenKind::kWord && Peek().kind != TokenKind::kName) return std::nullopt;
  return Next().text;
}

std::optional<std::string> TokenCursor::AcceptString() {
  if (Peek().kind != TokenKind::kString) return std::nullopt;
  return Next().text;
}

std::optional<TableName> AcceptTableName(TokenCursor* cursor) {
  const std::optional<std::string> first = cursor->AcceptName();
  if (!first) return std::nullopt;
  if (!cursor->AcceptSymbol(".")) return TableName{std::nullopt, *first};
  const std::optional<std::string> second = cursor->AcceptName();
  if (!second) return std::nullopt;
  if (!cursor->AcceptSymbol(".")) return TableName{*first, *second};
  const std::optional<std::string> third = cursor->AcceptName();  // catalog.database.table
  if (!third) return std::nullopt;
  return TableName{*second, *third};
}

}  // namespace millrace::minidoris
