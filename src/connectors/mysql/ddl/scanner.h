// The text of a statement -> the tokens of grammar/MySqlDdl.g4, one after the other. What depends
// on the server and its sql_mode ends here: comments, of which some are executed, double quotes,
// and backslashes in strings.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/mysql/ddl/parser.h"

namespace millrace::mysql::ddl {

// What is wrong with a statement, and at which byte.
struct Mistake {
  size_t at = 0;
  std::string what;
};

struct Token {
  size_t type = 0;  // of the grammar, or ANTLR's EOF
  size_t begin = 0;
  size_t end = 0;
};

class Scanner final {
 public:
  // `text` must outlive the scanner.
  Scanner(std::string_view text, const Dialect& dialect) : text_(text), dialect_(dialect) {}

  // At the end, and from the first mistake on: EOF.
  Token Next();
  const std::optional<Mistake>& mistake() const { return mistake_; }

 private:
  char At(size_t offset) const { return at_ + offset < text_.size() ? text_[at_ + offset] : '\0'; }
  bool StartsWith(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  void Fail(size_t at, std::string what);

  void SkipBlanks();
  void SkipLine();
  bool SkipComment();       // the one that begins here; false if there is none
  void SkipIgnored();       // an executable comment that this server does not execute
  bool TakeExecutedMark();  // of the comment that begins here; false if it is not executed
  void ReadQuoted(char end, bool has_escapes);  // in which a doubled `end` is one
  bool IsString(char c) const { return c == '\'' || (c == '"' && !dialect_.ansi_quotes); }
  bool LiteralFollows(size_t at) const;

  size_t ReadToken();
  size_t ReadNumber();
  size_t ReadWord();
  size_t ReadVariable();
  size_t ReadSign();

  std::string_view text_;
  const Dialect& dialect_;
  size_t at_ = 0;
  size_t executed_comments_ = 0;  // that are open
  Token last_;
  std::optional<Mistake> mistake_;
};

}  // namespace millrace::mysql::ddl
