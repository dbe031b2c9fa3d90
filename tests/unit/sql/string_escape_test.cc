#include "sql/string_escape.h"

#include <doctest/doctest.h>

using namespace millrace::sql;

TEST_CASE("a doubled quote is one") {
  CHECK(Undouble("it''s", '\'') == "it's");
  CHECK(Undouble("''''", '\'') == "''");
  CHECK(Undouble("a``b", '`') == "a`b");
  CHECK(Undouble("", '\'') == "");
}

TEST_CASE("Unicode escapes are UTF-16 units") {
  CHECK(DecodeUnicodeEscapes("\\0041b", "\\") == "Ab");
  CHECK(DecodeUnicodeEscapes("!00e4!!", "!") == "\u00e4!");
  CHECK(DecodeUnicodeEscapes("\\d83d\\de00", "\\") == "\U0001F600");
  for (const char* invalid :
       {"\\", "\\004", "\\00g1", "\\d83d", "\\d83dx", "\\d83d\\0041", "\\de00"}) {
    CAPTURE(invalid);
    CHECK_FALSE(DecodeUnicodeEscapes(invalid, "\\").has_value());
  }
}

TEST_CASE("backslash escapes are those of C") {
  CHECK(DecodeBackslashEscapes("a\\tb\\n\\\\\\'") == "a\tb\n\\'");
  CHECK(DecodeBackslashEscapes("it''s") == "it's");
  CHECK(DecodeBackslashEscapes("\\x41\\101\\u0041\\U00000041") == "AAAA");
  CHECK(DecodeBackslashEscapes("\\ud83d\\ude00") == "\U0001F600");
  CHECK(DecodeBackslashEscapes("\\xg") == "xg");
  for (const char* invalid : {"\\u004", "\\U0011ffff", "\\ud83d", "\\ude00"}) {
    CAPTURE(invalid);
    CHECK_FALSE(DecodeBackslashEscapes(invalid).has_value());
  }
}
