// The first syntax error in plain words: what stands there, what could stand there, and a hint for
// the slips that people make. Never a rule, a token name or a context.
#pragma once

#include <antlr4-runtime.h>

#include "base/diagnostic.h"
#include "sql/token_source.h"

namespace millrace::sql {

// `offending` is the token the parser stopped at; `expected` are the token types that could follow.
Diagnostic DescribeSyntaxError(antlr4::CommonTokenStream* tokens, const antlr4::Token* offending,
                               const antlr4::misc::IntervalSet& expected, const Places& places);

}  // namespace millrace::sql
