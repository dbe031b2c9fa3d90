// Common mistakes in SQL, recognised by the tokens around the one where the parser stopped.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "sql/error_context.h"

namespace millrace::sql {

// A known mistake: what to do, what is wrong, and where. With an empty message the usual one is
// used, with an empty span the usual one.
struct Mistake {
  std::string hint;
  std::string message;
  Span span;
};

std::optional<Mistake> FindMistake(const ErrorContext& context);

// --- for the files that know a family of mistakes each -------------------------------------------

// table_mistakes.cc: the order of clauses, columns and types of other databases, options.
std::optional<Mistake> FindTableMistake(const ErrorContext& context);
// list_mistakes.cc: commas, and reserved words as names.
std::optional<Mistake> FindListMistake(const ErrorContext& context);
// query_mistakes.cc: clauses of a query, unclosed parentheses, misspelt keywords.
std::optional<Mistake> FindQueryMistake(const ErrorContext& context);

// Pairs of a word and the hint for it.
struct WordHint {
  std::string_view word;
  std::string_view hint;
};
// The hint for `word`; empty if there is none.
std::string HintFor(std::span<const WordHint> table, std::string_view word);
// The same as a mistake with the usual message.
std::optional<Mistake> MistakeFor(std::span<const WordHint> table, std::string_view word);
std::string ReservedHint(const std::string& word, const std::string& text);
// True if a list of values or columns ends before a token of this type.
bool EndsList(size_t type);

}  // namespace millrace::sql
