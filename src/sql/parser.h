// Text of one statement -> Statement. ANTLR's objects live and die in here.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/diagnostic.h"
#include "sql/splitter.h"
#include "sql/statement.h"

namespace millrace::sql {

inline constexpr size_t kStatementBytesMax = 4 * 1024 * 1024;
inline constexpr size_t kNestingMax = 200;           // of parentheses, CASE and types
inline constexpr size_t kExpressionDepthMax = 2000;  // operators in one chain

struct ParseOptions {
  bool strict = false;  // reject extensions of Millrace that Flink does not accept
  Surroundings surroundings = {};
};

// Parses exactly one statement, with or without its final semicolon. `offset` is where `text`
// begins in the script; all spans are in bytes of the script. Nothing, and at least one error in
// `diagnostics`, if it is not a statement.
std::optional<Statement> Parse(std::string_view text, size_t offset, Diagnostics* diagnostics,
                               ParseOptions options = {});

// All words of the language in upper case, sorted.
std::span<const std::string_view> Keywords();
// The same without words that are only reserved: for completion.
std::span<const std::string_view> SyntaxWords();
// True if `word` (in any case) must be in backticks to be a name.
bool IsReserved(std::string_view word);

}  // namespace millrace::sql
