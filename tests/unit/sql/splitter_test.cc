#include "sql/splitter.h"

#include <doctest/doctest.h>

#include <string>

using namespace millrace::sql;

namespace {

std::string Join(std::string_view script) {
  std::string text;
  const Pieces pieces = Split(script);
  for (const Piece& piece : pieces.statements) {
    text += "[" + std::string(script.substr(piece.begin, piece.end - piece.begin)) + "]";
  }
  return text + (pieces.complete ? "" : "...");
}

}  // namespace

TEST_CASE("statements end at semicolons outside of texts, names and comments") {
  CHECK(Join("SELECT 1; SELECT 2;") == "[SELECT 1][SELECT 2]");
  CHECK(Join("SELECT ';''' ; SELECT `a;b`;") == "[SELECT ';'''][SELECT `a;b`]");
  CHECK(Join("-- a;\nSELECT 1 /* ; */ ; // ;\n") == "[SELECT 1]");
  CHECK(Join(";;  ;").empty());
  CHECK(Join("").empty());
}

TEST_CASE("what is not finished is known") {
  CHECK(Join("SELECT 1") == "[SELECT 1]...");
  CHECK(Join("SELECT 'a;") == "[SELECT 'a;]...");
  CHECK(Join("SELECT 1; -- done") == "[SELECT 1]");
  CHECK(Join("SELECT 1 /* open") == "[SELECT 1 /* open]...");
}

TEST_CASE("byte order mark, CRLF and two slashes in an address") {
  CHECK(Join("\xef\xbb\xbfSELECT 1;\r\nSELECT 2;\r\n") == "[SELECT 1][SELECT 2]");
  CHECK(Join("SET a.dir = file:///tmp/x; SELECT 1;") == "[SET a.dir = file:///tmp/x][SELECT 1]");
}

TEST_CASE("a statement set holds semicolons of its own") {
  CHECK(Join("EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 END FROM t; "
             "INSERT INTO b SELECT 1; END; SELECT 2;") ==
        "[EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 END FROM t; "
        "INSERT INTO b SELECT 1; END][SELECT 2]");
}
