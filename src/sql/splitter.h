// Splits a script into statements without parsing them. Semicolons inside strings, quoted names,
// comments and statement sets do not end a statement. The tokens are the parser's own, so that what
// it takes as one statement is one piece.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace millrace::sql {

// Where a statement stands, as far as it matters to Flink's client, which reads line by line.
struct Surroundings {
  bool shares_line = false;  // the statement before it ends on the line where it begins
  bool has_comment = false;  // before or in it
};

struct Piece {
  size_t begin = 0;  // byte offsets in the script, without spaces and comments around it
  size_t end = 0;    // without the final semicolon
  Surroundings surroundings = {};
};

struct Pieces {
  std::vector<Piece> statements;  // empty ones are left out
  // The last statement ends with a semicolon; only spaces and comments follow it.
  bool complete = true;
  // Byte offset after the last semicolon that ended a statement.
  size_t rest = 0;
};

// Any bytes; time and memory grow with the script, one token at a time.
Pieces Split(std::string_view script);

}  // namespace millrace::sql
