// A statement back as SQL. Parsing the result gives the same tree but for the spans.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sql/statement.h"

namespace millrace::sql {

// True for option keys whose values must not be shown; they are printed as '***'.
using SecretPredicate = std::function<bool(std::string_view key)>;

std::string Unparse(const Statement& statement, const SecretPredicate& is_secret = nullptr);
std::string Unparse(const Expression& expression);
std::string Unparse(const TypeName& type);
std::string QuoteName(std::string_view name);  // `name`
std::string QuoteText(std::string_view text);  // 'text'

}  // namespace millrace::sql
