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

TEST_CASE("statements end at semicolons outside of strings, names and comments") {
  CHECK(Join("SELECT 1; SELECT 2;") == "[SELECT 1][SELECT 2]");
  CHECK(Join("SELECT ';''' ; SELECT `a;b`;") == "[SELECT ';'''][SELECT `a;b`]");
  CHECK(Join("-- a;\nSELECT 1 /* ; */ ; // ;\n") == "[SELECT 1]");
  CHECK(Join(";;  ;").empty());
  CHECK(Join("").empty());
}

TEST_CASE("an unfinished statement is recognised") {
  CHECK(Join("SELECT 1") == "[SELECT 1]...");
  CHECK(Join("SELECT 'a;") == "[SELECT 'a;]...");
  CHECK(Join("SELECT 1; -- done") == "[SELECT 1]");
  CHECK(Join("SELECT 1 /* open") == "[SELECT 1 /* open]...");
}

TEST_CASE("byte order mark, CRLF and two slashes in a URL") {
  CHECK(Join("\xef\xbb\xbfSELECT 1;\r\nSELECT 2;\r\n") == "[SELECT 1][SELECT 2]");
  CHECK(Join("SET a.dir = file:///tmp/x; SELECT 1;") == "[SET a.dir = file:///tmp/x][SELECT 1]");
}

TEST_CASE("a statement set contains semicolons") {
  CHECK(Join("EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 END FROM t; "
             "INSERT INTO b SELECT 1; END; SELECT 2;") ==
        "[EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 END FROM t; "
        "INSERT INTO b SELECT 1; END][SELECT 2]");
}

TEST_CASE("so does a set that is explained or compiled, and blocks inside it") {
  CHECK(Join("EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT 1; END; SELECT 2;") ==
        "[EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT 1; END][SELECT 2]");
  CHECK(
      Join("COMPILE PLAN 'p;' FOR STATEMENT /* ; */ SET\nBEGIN INSERT INTO a SELECT 1; END; X;") ==
      "[COMPILE PLAN 'p;' FOR STATEMENT /* ; */ SET\nBEGIN INSERT INTO a SELECT 1; END][X]");
  CHECK(Join("execute statement set begin insert into a select 1;\nend") ==
        "[execute statement set begin insert into a select 1;\nend]...");
}

TEST_CASE("the old set is a sequence of statements") {
  CHECK(Join("BEGIN STATEMENT SET; INSERT INTO a SELECT 1; END; SELECT 2;") ==
        "[BEGIN STATEMENT SET][INSERT INTO a SELECT 1][END][SELECT 2]");
  CHECK(Join("SET 'STATEMENT' = 'SET'; BEGIN; SELECT 1;") ==
        "[SET 'STATEMENT' = 'SET'][BEGIN][SELECT 1]");
  CHECK(Join("SELECT `STATEMENT` SET BEGIN; SELECT 2;") ==
        "[SELECT `STATEMENT` SET BEGIN][SELECT 2]");
}

TEST_CASE("the rest after the last complete statement") {
  CHECK(Split("SELECT 1; SELECT").rest == 9);
  CHECK(Split("SELECT 1;").rest == 9);
  CHECK(Split("SELECT 'a;").rest == 0);
  CHECK(Split("SELECT 1; -- done").rest == 9);
  CHECK(Split("a; EXECUTE STATEMENT SET BEGIN b;").rest == 2);
}

TEST_CASE("semicolons in hints, doubled quotes and lines that end in CRLF") {
  CHECK(Join("SELECT * FROM t /*+ OPTIONS('a;b'='c;d') */; SELECT 2;") ==
        "[SELECT * FROM t /*+ OPTIONS('a;b'='c;d') */][SELECT 2]");
  CHECK(Join("SELECT 'it''s; ok', `a``;b`;") == "[SELECT 'it''s; ok', `a``;b`]");
  CHECK(Join("-- it's;\r\nSELECT 1;\r\n/* it's; */ SELECT 2;") == "[SELECT 1][SELECT 2]");
  CHECK(Join("SELECT 1 -- the end").starts_with("[SELECT 1]"));
}
