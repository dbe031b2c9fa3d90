// Whatever the script: its statements follow each other inside of it and are not empty, and
// splitting one of them gives nothing that lies outside of it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sql/splitter.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view script(reinterpret_cast<const char*>(data), size);
  size_t end = 0;
  for (const millrace::sql::Piece& piece : millrace::sql::Split(script).statements) {
    if (piece.begin < end || piece.end <= piece.begin || piece.end > size) std::abort();
    end = piece.end;
    const std::string_view statement = script.substr(piece.begin, piece.end - piece.begin);
    for (const millrace::sql::Piece& inner : millrace::sql::Split(statement).statements) {
      if (inner.end > statement.size()) std::abort();
    }
  }
  return 0;
}
