#include "base/quote.h"

namespace millrace {

std::string Quoted(std::string_view name) {
  std::string result = "\"";
  result += name;
  result += '"';
  return result;
}

std::string QuoteIdentifier(std::string_view name) {
  std::string result = "`";
  for (const char c : name) {
    if (c == '`') result += '`';
    result += c;
  }
  result += '`';
  return result;
}

}  // namespace millrace
