// The first syntax error in plain words: what is there, what was expected, and a hint for common
// mistakes. It never names a rule or a token type of the grammar.
#pragma once

#include <antlr4-runtime.h>

#include "base/diagnostic.h"
#include "sql/token_source.h"

namespace millrace::sql {

// `offending` is the token the parser stopped at; `expected` are the token types that could follow.
Diagnostic DescribeSyntaxError(antlr4::CommonTokenStream* tokens, const antlr4::Token* offending,
                               const antlr4::misc::IntervalSet& expected, const SourceText& source);

}  // namespace millrace::sql
