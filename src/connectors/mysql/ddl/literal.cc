#include "connectors/mysql/ddl/literal.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/encode.h"

namespace millrace::mysql::ddl {
namespace {

// What a backslash and `c` are. Before % and _ it stays: they matter to LIKE.
void AppendEscaped(char c, std::string* text) {
  switch (c) {
    case '0':
      *text += '\0';
      return;
    case 'b':
      *text += '\b';
      return;
    case 'n':
      *text += '\n';
      return;
    case 'r':
      *text += '\r';
      return;
    case 't':
      *text += '\t';
      return;
    case 'Z':
      *text += '\x1a';
      return;
    case '%':
    case '_':
      *text += '\\';
      break;
    default:
      break;
  }
  *text += c;
}

// The digits of x'61' and 0x61, whose marks have the letter `mark`.
std::optional<std::string_view> DigitsOf(std::string_view token, char mark) {
  if (token.size() >= 3 && ToLower(token[0]) == mark && token[1] == '\'' && token.ends_with('\'')) {
    return token.substr(2, token.size() - 3);
  }
  if (token.size() > 2 && token[0] == '0' && token[1] == mark) return token.substr(2);
  return std::nullopt;
}

// What is between the quotes, of which the last one doubled is one.
std::string Unquoted(std::string_view token, bool has_escapes) {
  const char quote = token.back();
  token = token.substr(1, token.size() - 2);
  std::string text;
  text.reserve(token.size());
  for (size_t i = 0; i < token.size(); ++i) {
    if (has_escapes && token[i] == '\\' && i + 1 < token.size()) {
      AppendEscaped(token[++i], &text);
      continue;
    }
    if (token[i] == quote && i + 1 < token.size()) ++i;
    text += token[i];
  }
  return text;
}

}  // namespace

std::string NameOf(std::string_view token) {
  const char quote = token.empty() ? '\0' : token.front();
  if (quote != '`' && quote != '"' && quote != '[') return std::string(token);
  return Unquoted(token, false);
}

std::string StringOf(std::string_view token, bool has_escapes) {
  if (ToUpper(token.front()) == 'N') token.remove_prefix(1);
  return Unquoted(token, has_escapes);
}

std::optional<std::string> HexOf(std::string_view token) {
  const std::optional<std::string_view> digits = DigitsOf(token, 'x');
  if (!digits) return std::nullopt;
  const bool is_odd = token[0] == '0' && digits->size() % 2 != 0;
  return FromHex((is_odd ? "0" : "") + std::string(*digits));
}

std::optional<std::string> BitsOf(std::string_view token) {
  const std::optional<std::string_view> digits = DigitsOf(token, 'b');
  if (!digits) return std::nullopt;
  std::string bytes((digits->size() + 7) / 8, '\0');
  for (size_t i = 0; i < digits->size(); ++i) {
    const char digit = (*digits)[digits->size() - 1 - i];
    if (digit != '0' && digit != '1') return std::nullopt;
    if (digit == '1') bytes[bytes.size() - 1 - i / 8] |= static_cast<char>(1 << (i % 8));
  }
  return bytes;
}

}  // namespace millrace::mysql::ddl
