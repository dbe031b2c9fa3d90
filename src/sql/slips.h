// The slips that people make in SQL, known by the words around the place where the parser stopped.
#pragma once

#include <antlr4-runtime.h>

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "sql/token_source.h"

namespace millrace::sql {

// The words and signs of a statement, blanks and comments left out, and the one that does not fit.
struct Stop {
  std::vector<const antlr4::Token*> tokens;  // the end of the statement is the last one
  size_t at = 0;                             // of the one that does not fit
  antlr4::misc::IntervalSet expected;        // what could stand there
  const Places& places;

  // The kind of the token `step` places further; 0 where there is none.
  size_t Type(int step = 0) const;
  // Its text as written and in upper case.
  std::string Text(int step = 0) const;
  std::string Word(int step = 0) const;
  Span SpanAt(int step = 0) const;
  bool Expects(size_t type) const { return expected.contains(type); }
  // The statement begins with these words.
  bool Begins(std::initializer_list<size_t> types) const;
  // The opening parenthesis that is still open at the place, if there is one.
  const antlr4::Token* OpenParenthesis() const;
};

// Something known to be wrong: where, what, and what to do. An empty message leaves the usual
// words, and an empty span the usual place.
struct Slip {
  std::string hint;
  std::string message;
  Span span;
};

std::optional<Slip> FindSlip(const Stop& stop);

bool IsKeyword(size_t type);
// The word or sign of a kind of token as a user writes it; empty for kinds of names and literals.
std::string Spelling(size_t type);

}  // namespace millrace::sql
