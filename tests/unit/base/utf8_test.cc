#include "base/utf8.h"

#include <doctest/doctest.h>

using namespace millrace;

TEST_CASE("display width counts what a terminal shows") {
  CHECK(DisplayWidth("abc") == 3);
  CHECK(DisplayWidth("数量") == 4);
  CHECK(DisplayWidth("e\u0301") == 1);
  CHECK(DisplayWidth("\xff\xfe") == 2);
  CHECK(DisplayWidth("ｱｲｳ") == 3);           // half-width forms
  CHECK(DisplayWidth("ＡＢ") == 4);          // full-width forms
  CHECK(DisplayWidth("한국") == 4);          // composed Hangul
  CHECK(DisplayWidth("\u1112\u1161") == 2);  // the same syllable from its parts
  CHECK(DisplayWidth("🚀✅🤖") == 6);
  CHECK(DisplayWidth("हि") == 2);  // a Devanagari vowel sign that takes room
  CHECK(DisplayWidth("กิ") == 1);   // a Thai vowel above
  CHECK(DisplayWidth("שָׁ") == 1);   // Hebrew points
  CHECK(DisplayWidth("a\u200db") == 2);
  CHECK(DisplayWidth("→☎é") == 3);
}

TEST_CASE("broken UTF-8 is found") {
  CHECK(IsUtf8("grün 数量 😀"));
  CHECK_FALSE(IsUtf8("\xc0\xaf"));          // overlong
  CHECK_FALSE(IsUtf8("\xed\xa0\x80"));      // surrogate
  CHECK_FALSE(IsUtf8("\xf5\x80\x80\x80"));  // beyond Unicode
  CHECK_FALSE(IsUtf8("abc\xe6\x95"));       // cut
}

TEST_CASE("a code point becomes the bytes it was read from") {
  for (const uint32_t code : {0x0u, 0x7fu, 0x80u, 0x7ffu, 0x800u, 0xffffu, 0x10000u, 0x10ffffu}) {
    std::string text;
    AppendUtf8(code, &text);
    size_t length = 0;
    CHECK(DecodeUtf8(text, 0, &length) == code);
    CHECK(length == text.size());
  }
  CHECK(JoinSurrogates(0xd83d, 0xde00) == 0x1f600);
}

TEST_CASE("a broken sequence is its first byte, and surrogates are split as they are joined") {
  size_t length = 0;
  CHECK(CodePointOrByte("\U0001F600", 0, &length) == 0x1f600);
  CHECK(length == 4);
  CHECK(CodePointOrByte("\xff", 0, &length) == 0xff);
  CHECK(length == 1);
  CHECK(JoinSurrogates(HighSurrogateOf(0x1f600), LowSurrogateOf(0x1f600)) == 0x1f600);
}

TEST_CASE("letters of any alphabet have their case") {
  CHECK(ToLowerUtf8("ÄÉß ŸЯΣ Ｋ数\xff") == "äéß ÿяσ ｋ数\xff");
  CHECK(ToLowerUtf8("İ") == "i");  // one code point for one
  CHECK(ToUpperCode(0xff) == 0x178);
  CHECK(ToUpperCode(0xdf) == 0xdf);
}
