// Whatever the script: what the parser takes as one statement is one piece of it, which prints the
// same; and its pieces follow each other inside of it, are not empty, and are not split again.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "sql/parser.h"
#include "sql/splitter.h"
#include "sql/unparse.h"

namespace {

using millrace::sql::Piece;
using millrace::sql::Pieces;
using millrace::sql::Split;

[[noreturn]] void Fail(const char* what, std::string_view text) {
  std::fprintf(stderr, "%s\n%.*s\n", what, static_cast<int>(text.size()), text.data());
  std::abort();
}

std::string Printed(std::string_view text) {
  millrace::Diagnostics diagnostics;
  const auto statement = millrace::sql::Parse(text, 0, &diagnostics);
  return statement ? millrace::sql::Unparse(*statement) : "";
}

std::string_view TextOf(const Piece& piece, std::string_view script) {
  return script.substr(piece.begin, piece.end - piece.begin);
}

void CheckPieces(const Pieces& pieces, std::string_view script) {
  size_t end = 0;
  for (const Piece& piece : pieces.statements) {
    if (piece.begin < end || piece.end <= piece.begin || piece.end > script.size()) {
      Fail("a piece that is empty or overlaps", script);
    }
    end = piece.end;
    const std::string_view text = TextOf(piece, script);
    const Pieces again = Split(text);
    const bool whole = again.statements.size() == 1 && again.statements[0].begin == 0 &&
                       again.statements[0].end == text.size();
    if (!whole) Fail("a piece that is split again", text);
  }
  if (pieces.rest > script.size()) Fail("a rest outside of the script", script);
  const std::string_view rest = script.substr(pieces.rest);
  if (Split(rest).statements.size() != (pieces.complete ? 0 : 1)) {
    Fail("another rest than the last piece", script);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view script(reinterpret_cast<const char*>(data), size);
  const Pieces pieces = Split(script);
  CheckPieces(pieces, script);
  const std::string whole = Printed(script);
  if (whole.empty()) return 0;
  if (pieces.statements.size() != 1) Fail("one statement that is not one piece", script);
  if (Printed(TextOf(pieces.statements[0], script)) != whole) {
    Fail("another statement than the piece", script);
  }
  return 0;
}
