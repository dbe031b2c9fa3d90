// Where the parser stopped: the tokens of the statement, the one that does not fit, and what was
// expected instead.
#pragma once

#include <antlr4-runtime.h>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "sql/token_source.h"

namespace millrace::sql {

struct ErrorContext {
  std::vector<const antlr4::Token*> tokens;  // without spaces and comments; the last one is the end
  size_t at = 0;                             // of the one that does not fit
  antlr4::misc::IntervalSet expected;        // token types that were possible there
  const SourceText& source;

  // The type of the token `step` tokens after the one that does not fit; 0 if there is none.
  size_t Type(int step = 0) const;
  // Its text as written and in upper case.
  std::string Text(int step = 0) const;
  std::string Word(int step = 0) const;
  Span SpanAt(int step = 0) const;
  bool Expects(size_t type) const { return expected.contains(type); }
  // True if the statement starts with these types, before the token that does not fit.
  bool StartsWith(std::initializer_list<size_t> types) const;
  // The last parenthesis before the token that is still open, or null.
  const antlr4::Token* OpenParenthesis() const;
};

bool IsKeyword(size_t type);
// The word or sign of a token type as a user writes it; empty for names and literals.
std::string Spelling(size_t type);

}  // namespace millrace::sql
