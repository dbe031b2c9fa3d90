// Splits a script into statements without parsing them. Semicolons inside strings, quoted names,
// comments and statement sets do not end a statement.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace millrace::sql {

struct Piece {
  size_t begin = 0;  // byte offsets in the script, without spaces and comments around it
  size_t end = 0;    // without the final semicolon
};

struct Pieces {
  std::vector<Piece> statements;  // empty ones are left out
  // The last statement ends with a semicolon; only spaces and comments follow it.
  bool complete = true;
  // Byte offset after the last semicolon that ended a statement.
  size_t rest = 0;
};

Pieces Split(std::string_view script);

}  // namespace millrace::sql
