#include "connectors/mysql/ddl/scanner.h"

#include <MySqlDdl.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/ascii.h"

namespace millrace::mysql::ddl {
namespace {

using grammar::MySqlDdl;

constexpr size_t kVersionDigitsMin = 5;
constexpr size_t kVersionDigitsMax = 6;

bool IsNameByte(char c) {
  return IsLetterOrDigit(c) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

bool IsHexDigit(char c) { return IsDigit(c) || (ToLower(c) >= 'a' && ToLower(c) <= 'f'); }
bool IsBit(char c) { return c == '0' || c == '1'; }

// In capital letters, as the grammar names them.
const std::unordered_map<std::string, size_t>& Keywords() {
  static const auto* const kWords = [] {
    auto* words = new std::unordered_map<std::string, size_t>();
    const MySqlDdl parser(nullptr);
    const antlr4::dfa::Vocabulary& vocabulary = parser.getVocabulary();
    constexpr std::string_view kSuffix = "_WORD";
    for (size_t type = MySqlDdl::ACTION; type <= vocabulary.getMaxTokenType(); ++type) {
      std::string word = vocabulary.getSymbolicName(type);
      if (word.ends_with(kSuffix)) word.resize(word.size() - kSuffix.size());
      words->emplace(std::move(word), type);
    }
    return words;
  }();
  return *kWords;
}

}  // namespace

void Scanner::Fail(size_t at, std::string what) {
  if (!mistake_) mistake_ = Mistake{at, std::move(what)};
  at_ = text_.size();
}

void Scanner::SkipLine() { at_ = std::min(text_.find('\n', at_), text_.size()); }

bool Scanner::TakeExecutedMark() {
  const bool of_mariadb = dialect_.is_mariadb && StartsWith("/*M!");
  if (!of_mariadb && !StartsWith("/*!")) return false;
  const size_t begin = at_ + (of_mariadb ? 4 : 3);
  size_t end = begin;
  while (end < text_.size() && end - begin < kVersionDigitsMax && IsDigit(text_[end])) ++end;
  // For MySQL a sixth digit is one of the version only if a blank follows.
  const bool is_cut = end - begin == kVersionDigitsMax && !dialect_.is_mariadb &&
                      (end >= text_.size() || !IsBlank(text_[end]));
  if (is_cut) --end;
  if (end - begin < kVersionDigitsMin) {  // no version: for all
    at_ = begin;
    return true;
  }
  uint32_t version = 0;
  for (size_t i = begin; i < end; ++i) {
    version = version * 10 + static_cast<uint32_t>(text_[i] - '0');
  }
  // MariaDB never had these versions, and what MySQL can since then may be unknown to it.
  constexpr uint32_t kOnlyMysqlMin = 50700;
  constexpr uint32_t kOnlyMysqlMax = 99999;
  const bool only_mysql =
      dialect_.is_mariadb && !of_mariadb && version >= kOnlyMysqlMin && version <= kOnlyMysqlMax;
  if (version > dialect_.server_version || only_mysql) return false;
  at_ = end;
  return true;
}

void Scanner::SkipIgnored() {
  const size_t begin = at_;
  size_t depth = 0;
  while (at_ < text_.size()) {
    if (StartsWith("/*")) {
      ++depth;
      at_ += 2;
    } else if (StartsWith("*/")) {
      at_ += 2;
      if (--depth == 0) return;
    } else {
      ++at_;
    }
  }
  Fail(begin, "this comment is not closed");
}

bool Scanner::SkipComment() {
  const auto is_end_of_dashes = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  if (At(0) == '#' || (StartsWith("--") && is_end_of_dashes(At(2)))) {
    SkipLine();
    return true;
  }
  if (executed_comments_ > 0 && StartsWith("*/")) {
    --executed_comments_;
    at_ += 2;
    return true;
  }
  if (!StartsWith("/*")) return false;
  if (TakeExecutedMark()) {
    ++executed_comments_;
  } else if (StartsWith("/*!") || (dialect_.is_mariadb && StartsWith("/*M!"))) {
    SkipIgnored();
  } else if (const size_t end = text_.find("*/", at_ + 2); end != std::string_view::npos) {
    at_ = end + 2;
  } else {
    Fail(at_, "this comment is not closed");
  }
  return true;
}

void Scanner::SkipBlanks() {
  while (at_ < text_.size()) {
    if (IsBlank(text_[at_])) {
      ++at_;
    } else if (!SkipComment()) {
      return;
    }
  }
}

Token Scanner::Next() {
  SkipBlanks();
  if (at_ >= text_.size() && executed_comments_ > 0) {
    Fail(text_.size(), "the end of an executable comment is missing");
  }
  const size_t begin = at_;
  const size_t type = at_ < text_.size() ? ReadToken() : size_t{antlr4::Token::EOF};
  if (mistake_) return {antlr4::Token::EOF, mistake_->at, mistake_->at};
  last_ = {type, begin, at_};
  return last_;
}

size_t Scanner::ReadToken() {
  const char c = At(0);
  if (IsString(c)) {
    ReadQuoted(c, !dialect_.no_backslash_escapes);
    return MySqlDdl::STRING;
  }
  if (c == '`' || c == '"') {
    ReadQuoted(c, false);
    return MySqlDdl::IDENTIFIER;
  }
  if (c == '[' && dialect_.mssql) {
    ReadQuoted(']', false);
    return MySqlDdl::IDENTIFIER;
  }
  if (At(1) == '\'' && IsOneOf(text_.substr(at_, 1), {"N", "n", "X", "x", "B", "b"})) {
    ++at_;
    ReadQuoted('\'', ToUpper(c) == 'N' && !dialect_.no_backslash_escapes);
    return ToUpper(c) == 'N'   ? MySqlDdl::STRING
           : ToUpper(c) == 'X' ? MySqlDdl::HEX
                               : MySqlDdl::BITS;
  }
  if (c == '@') return ReadVariable();
  const bool after_dot = last_.type == MySqlDdl::DOT && last_.end == at_;
  if (IsDigit(c) && !after_dot) return ReadNumber();
  if (c == '.' && IsDigit(At(1))) {
    const bool after_name = last_.end == at_ && at_ > 0 &&
                            (IsNameByte(text_[at_ - 1]) || last_.type == MySqlDdl::IDENTIFIER);
    if (!after_name) return ReadNumber();
  }
  return IsNameByte(c) ? ReadWord() : ReadSign();
}

void Scanner::ReadQuoted(char end, bool has_escapes) {
  const size_t begin = at_++;
  while (at_ < text_.size()) {
    const bool is_escape = has_escapes && text_[at_] == '\\';
    const bool is_end = !is_escape && text_[at_] == end;
    const bool is_pair = is_escape || (is_end && At(1) == end);
    at_ += is_pair ? 2 : 1;
    if (is_end && !is_pair) return;
  }
  Fail(begin, "this quote is not closed");
}

// 1, 1.5, .5, 1e5, 0x1f, 0b01; what goes on with letters is a name: 1a, 0xyz.
size_t Scanner::ReadNumber() {
  const size_t begin = at_;
  size_t end = at_;
  while (end < text_.size() && IsNameByte(text_[end])) ++end;
  const std::string_view word = text_.substr(begin, end - begin);
  const auto rest_is = [&](size_t from, bool (*is)(char)) {
    return word.size() > from &&
           std::all_of(word.begin() + static_cast<ptrdiff_t>(from), word.end(), is);
  };
  if (word.starts_with("0x") && rest_is(2, IsHexDigit)) {
    at_ = end;
    return MySqlDdl::HEX;
  }
  if (word.starts_with("0b") && rest_is(2, IsBit)) {
    at_ = end;
    return MySqlDdl::BITS;
  }
  while (IsDigit(At(0))) ++at_;
  if (At(0) == '.') {
    ++at_;
    while (IsDigit(At(0))) ++at_;
  }
  if (ToLower(At(0)) == 'e') {
    const size_t sign = At(1) == '+' || At(1) == '-' ? 1 : 0;
    if (IsDigit(At(1 + sign))) {
      at_ += 1 + sign;
      while (IsDigit(At(0))) ++at_;
    }
  }
  if (at_ >= end || !IsNameByte(At(0))) return MySqlDdl::NUMBER;
  at_ = end;
  return MySqlDdl::IDENTIFIER;
}

// Whether a string, or a number of bytes, begins at or after `at`: then a word before it that
// begins with an underscore is a character set.
bool Scanner::LiteralFollows(size_t at) const {
  while (at < text_.size() && IsBlank(text_[at])) ++at;
  if (at >= text_.size()) return false;
  if (IsString(text_[at])) return true;
  const std::string_view start = text_.substr(at, 2);
  return IsOneOf(start, {"x'", "X'", "b'", "B'", "0x", "0b"});
}

size_t Scanner::ReadWord() {
  const size_t begin = at_;
  while (at_ < text_.size() && IsNameByte(text_[at_])) ++at_;
  const std::string_view word = text_.substr(begin, at_ - begin);
  if (word.starts_with('_') && LiteralFollows(at_)) return MySqlDdl::INTRODUCER;
  const auto keyword = Keywords().find(ToUpper(word));
  return keyword == Keywords().end() ? size_t{MySqlDdl::IDENTIFIER} : keyword->second;
}

// @name, @@global.name, and the host of an account: @localhost, @'%', @ `h`.
size_t Scanner::ReadVariable() {
  while (At(0) == '@') ++at_;
  while (IsBlank(At(0))) ++at_;
  if (IsOneOf(text_.substr(at_, 1), {"'", "\"", "`"})) {
    ReadQuoted(At(0), false);
  } else {
    while (at_ < text_.size() && (IsNameByte(text_[at_]) || text_[at_] == '.')) ++at_;
  }
  return MySqlDdl::AT_NAME;
}

size_t Scanner::ReadSign() {
  if (StartsWith(":=")) {
    at_ += 2;
    return MySqlDdl::ASSIGN;
  }
  switch (text_[at_++]) {
    case '+':
      return MySqlDdl::PLUS;
    case '-':
      return MySqlDdl::MINUS;
    case '*':
      return MySqlDdl::STAR;
    case '=':
      return MySqlDdl::EQUAL;
    case ',':
      return MySqlDdl::COMMA;
    case '.':
      return MySqlDdl::DOT;
    case ';':
      return MySqlDdl::SEMICOLON;
    case '(':
      return MySqlDdl::LEFT_PAREN;
    case ')':
      return MySqlDdl::RIGHT_PAREN;
    case '{':
      return MySqlDdl::LEFT_BRACE;
    case '}':
      return MySqlDdl::RIGHT_BRACE;
    default:
      return MySqlDdl::SIGN;
  }
}

}  // namespace millrace::mysql::ddl
