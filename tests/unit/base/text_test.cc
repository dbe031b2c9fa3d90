#include "base/text.h"

#include <doctest/doctest.h>

using namespace millrace;

TEST_CASE("durations are spelt as in Flink") {
  CHECK(ParseDurationMs("10s") == 10'000);
  CHECK(ParseDurationMs(" 3 min ") == 180'000);
  CHECK(ParseDurationMs("500") == 500);
  CHECK(ParseDurationMs("250 MS") == 250);
  CHECK(ParseDurationMs("1 d") == 86'400'000);
  CHECK(ParseDurationMs("1500 us") == 1);
  CHECK_FALSE(ParseDurationMs("").has_value());
  CHECK_FALSE(ParseDurationMs("s").has_value());
  CHECK_FALSE(ParseDurationMs("1.5 s").has_value());
  CHECK_FALSE(ParseDurationMs("-1 s").has_value());
  CHECK_FALSE(ParseDurationMs("1 fortnight").has_value());
  CHECK_FALSE(ParseDurationMs("99999999999999999999 s").has_value());
  CHECK_FALSE(ParseDurationMs("9223372036854775807 d").has_value());
}

TEST_CASE("memory sizes are 1024-based") {
  CHECK(ParseMemoryBytes("64 mb") == 64 << 20);
  CHECK(ParseMemoryBytes("1g") == 1 << 30);
  CHECK(ParseMemoryBytes("4096") == 4096);
  CHECK_FALSE(ParseMemoryBytes("4 parsecs").has_value());
}

TEST_CASE("integers take the whole text") {
  CHECK(ParseInteger("-7") == -7);
  CHECK(ParseInteger("+7") == 7);
  CHECK_FALSE(ParseInteger("+-7").has_value());
  CHECK_FALSE(ParseInteger("7x").has_value());
  CHECK_FALSE(ParseInteger("").has_value());
}

TEST_CASE("the nearest name is a slip of the hand away") {
  const std::vector<std::string> names = {"orders", "customers", "hostname"};
  CHECK(Nearest("ordrs", names) == "orders");
  CHECK(Nearest("hsotname", names) == "hostname");
  CHECK(Nearest("HOSTNAME", names) == "hostname");
  CHECK_FALSE(Nearest("invoice", names).has_value());
  CHECK(DidYouMean("ordrs", names) == "Did you mean \"orders\"?");
}

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
