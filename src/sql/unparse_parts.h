// Pieces of printed statements that several of the unparse_*.cc files need.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/unparse.h"

namespace millrace::sql {

std::string DottedName(const std::vector<Name>& names);                              // `a`.`b`
std::string OptionText(const OptionPair& option, const SecretPredicate& is_secret);  // 'k' = 'v'
// WITH with an option on each line, as SHOW CREATE TABLE has it.
std::string WithText(const std::vector<OptionPair>& options, const SecretPredicate& is_secret);
std::string CommentText(const std::optional<std::string>& comment);  // on a line of its own
std::string ObjectText(ObjectKind kind);                             // TABLE

// unparse_table.cc
std::string CreateTableText(const CreateTable& table, const SecretPredicate& is_secret);
std::string AlterText(const Alter& alter, const SecretPredicate& is_secret);

// unparse_call.cc: a function, an operator or a predicate.
std::string CallText(const Expression& call);
std::string ItemsText(const std::vector<Expression>& items, size_t first = 0);  // a, b

}  // namespace millrace::sql
