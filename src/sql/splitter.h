// Cuts a script into statements without parsing them: semicolons count outside of texts, names,
// comments and statement sets.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace millrace::sql {

struct Piece {
  size_t begin = 0;  // byte offsets in the script; blanks and comments around are cut off
  size_t end = 0;    // the final semicolon is not part of it
};

struct Pieces {
  std::vector<Piece> statements;  // empty ones are left out
  // The last statement has its semicolon, or nothing but blanks and comments follows the last one.
  bool complete = true;
  // Where the text behind the last semicolon that ended a statement begins.
  size_t rest = 0;
};

Pieces Split(std::string_view script);

}  // namespace millrace::sql
