// A statement back as SQL. Parsing the result gives the same tree with other spans.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/statement.h"

namespace millrace::sql {

// True for option keys whose values must not be shown; those values are printed as '***'.
using SecretPredicate = std::function<bool(std::string_view key)>;

std::string Unparse(const Statement& statement, const SecretPredicate& is_secret = nullptr);
std::string Unparse(const Query& query, const SecretPredicate& is_secret = nullptr);
std::string Unparse(const Expression& expression);
std::string Unparse(const TypeName& type);
std::string Unparse(const Interval& interval);             // DAY(3) TO SECOND(6)
std::string Unparse(const Window& window);                 // with its parentheses
std::string Unparse(const std::vector<OrderItem>& items);  // ORDER BY ...
std::string Unparse(const std::vector<Hint>& hints, const SecretPredicate& is_secret = nullptr);
std::string QuoteText(std::string_view text);  // 'text'
std::string QuoteNames(const std::vector<Name>& names, std::string_view separator = ", ");

// The printed items with `separator` between them.
template <typename Items, typename Print>
std::string PrintList(const Items& items, Print print, std::string_view separator = ", ") {
  std::string text;
  bool first = true;
  for (const auto& item : items) {
    if (!first) text += separator;
    text += print(item);
    first = false;
  }
  return text;
}

}  // namespace millrace::sql
