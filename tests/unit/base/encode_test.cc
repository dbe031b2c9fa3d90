#include "base/encode.h"

#include <doctest/doctest.h>

using namespace millrace;

TEST_CASE("hexadecimal goes both ways") {
  CHECK(ToHex(std::string_view("\0\xff"
                               "a",
                               3)) == "00ff61");
  CHECK(ToUpperHex("\xab") == "AB");
  CHECK(FromHex("00fF61") == std::string("\0\xff"
                                         "a",
                                         3));
  CHECK_FALSE(FromHex("0").has_value());
  CHECK_FALSE(FromHex("0g").has_value());
}

TEST_CASE("base64 is padded, and read with and without padding") {
  CHECK(ToBase64("") == "");
  CHECK(ToBase64("f") == "Zg==");
  CHECK(ToBase64("fo") == "Zm8=");
  CHECK(ToBase64("foo") == "Zm9v");
  CHECK(ToBase64("foobar") == "Zm9vYmFy");
  CHECK(ToBase64("foobar", 4) == "Zm9v\nYmFy");
  CHECK(FromBase64("Zm8=") == "fo");
  CHECK(FromBase64("Zm8") == "fo");
  CHECK_FALSE(FromBase64("Z").has_value());
  CHECK_FALSE(FromBase64("Zm 8").has_value());
  CHECK_FALSE(FromBase64("Zg===").has_value());
}

TEST_CASE("strings of JSON escape what must be escaped, and nothing else") {
  CHECK(ToJsonString("a/b \"q\" \\") == R"("a/b \"q\" \\")");
  CHECK(ToJsonString("\b\f\n\r\t\x01\x1f") == R"("\b\f\n\r\t\u0001\u001f")");
  CHECK(ToJsonString("gr\u00fcn \U0001F600") == "\"gr\u00fcn \U0001F600\"");
  CHECK(ToJsonString("a\xff") == "\"a\ufffd\"");
}
