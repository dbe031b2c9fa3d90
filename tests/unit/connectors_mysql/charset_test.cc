#include "connectors/mysql/values/charset.h"

#include <doctest/doctest.h>

using namespace millrace;
using namespace millrace::mysql;

namespace {

std::string Convert(const char* charset, std::string_view text) {
  const Result<Charset> converter = Charset::ForName(charset);
  REQUIRE_MESSAGE(converter.ok(), charset);
  Arena arena;
  return std::string(converter.value().ToUtf8(text, &arena));
}

}  // namespace

TEST_CASE("latin1 is Windows-1252, and has every byte") {
  CHECK(Convert("latin1",
                "Gr\xfc\xdf"
                "e \x80") == "Grüße €");
  CHECK(Convert("latin1", "\x81\x8d\x8f\x90\x9d") == "\u0081\u008d\u008f\u0090\u009d");
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    CHECK((Convert("latin1", {&c, 1}) == "?") == (byte == '?'));
  }
}

TEST_CASE("where MySQL's tables differ from iconv's, MySQL's win") {
  CHECK(Convert("koi8u", "\x95") == "•");
  CHECK(Convert("cp866", "\xfc\xfd") == "ⁿ²");
  CHECK(Convert("tis620", "\x80\xa0\xdb\xa1") == "\u0080\uFFFD\uFFFDก");
  CHECK(Convert("sjis", "C:\\a~ \x83\x65\x5c") == "C:\\a~ テ\\");
  CHECK(Convert("sjis", "\x81\x60\x81\x5f") == "〜\\");
  CHECK(Convert("euckr", "\x81\x41\xb0\xa1") == "갂가");
}

TEST_CASE("rare codes of sets with two bytes and more") {
  CHECK(
      Convert("big5", "\xa1\x45\xa4\xa4\xc6\xa5\xc6\xf7\xc7\x7e\xc7\xf3\xa1\x5a\xf9\xfe\xf9\xdc") ==
      "•中ぁん\u30E6⑴\uFFFD?嫺");
  CHECK(Convert("ujis", "\xf5\xa1\xf5\xfe\xf6\xa1\xfe\xfe") == "\uE000\uE05D\uE05E\uE3AB");
  CHECK(Convert("ujis", "\x8f\xa2\xb7\x8f\xf5\xa1\x8f\xfe\xfe\x8f\xa1\xa1z") == "~\uE3AC\uE757?z");
  CHECK(Convert("eucjpms", "\x8f\xa1\xa1z\xf5\xa1") == "?z\uE000");
  CHECK(Convert("gb18030", "\xa6\xd9\xfe\x59\xd6\xd0") == "\uE78D\uE81E中");
  CHECK(Convert("gb18030", "\x82\x35\x90\x37\x82\x35\x91\x34\x84\x31\x83\x35") ==
        "\u9FB4\u9FBB\uFE19");
  CHECK(Convert("gb18030", "\x84\x31\xa5\x30z\x94\x39\xda\x33") == "?z💩");
}

TEST_CASE("sets that iconv does not have") {
  CHECK(Convert("geostd8", "\xd0\xd1\xe5\xfd\x80z\x81") == "პჟჵ№€z?");
  CHECK(Convert("keybcs2", "\x9e\xa9\x87\xdb\xe0\xff") == "Řřč█α\u00a0");
  CHECK(Convert("swe7", "@[\\]^`{|}~") == "ÉÄÖÅÜéäöåü");
  CHECK(Convert("swe7", "a\x7f\x80") == "a??");
  CHECK(Convert("ascii", "a~\x7f\x80\xff") == "a~\x7f??");
}

TEST_CASE("a code that glibc refuses only after it has gone past it") {
  CHECK(Convert("euckr", "\xa2\xe8") == "?");
  CHECK(Convert("euckr", "\xb0\xa1\xa2\xe8z") == "가?z");
}

TEST_CASE("a character that is cut off is a question mark") {
  CHECK(Convert("ujis", "\x8f\xa2") == "?");
  CHECK(Convert("gb18030", "a\x82\x35\x90") == "a?");
  CHECK(Convert("big5", "a\xc6") == "a?");
}

TEST_CASE("what Unicode does not have is a question mark, and the rest of the text is kept") {
  CHECK(Convert("cp1251", "\x98\xcf") == "?П");
  CHECK(Convert("hebrew", "a\xa1z") == "a?z");
  CHECK(Convert("gbk", "\xa1\x40\xca\xfd") == "?数");
  CHECK(Convert("gbk", "\xca") == "?");
  CHECK(Convert("utf16", std::string_view("\xd8\x00\x00\x61", 4)) == "?a");
}

TEST_CASE("sets whose characters have at least two bytes") {
  CHECK(Convert("ucs2", std::string_view("\x00\xe9\x65\x70", 4)) == "é数");
  CHECK(Convert("utf16", std::string_view("\xd8\x3d\xde\x00", 4)) == "😀");
  CHECK(Convert("utf16le", std::string_view("\x3d\xd8\x00\xde", 4)) == "😀");
  CHECK(Convert("utf32", std::string_view("\x00\x01\xf6\x00", 4)) == "😀");
}

TEST_CASE("UTF-8 is left alone, unknown sets are refused") {
  const std::string text = "é数😀";
  CHECK(Convert("utf8mb4", text) == text);
  CHECK(Convert("utf8mb3", "") == "");
  CHECK(Charset::IsKnown("utf8mb3"));
  CHECK(Charset::IsKnown("swe7"));
  CHECK_FALSE(Charset::IsKnown("nonsense"));
  const Result<Charset> unknown = Charset::ForName("nonsense");
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.status().message() == Charset::UnknownText("nonsense"));
}

TEST_CASE("text grows no more than the room it is given") {
  const Result<Charset> tis620 = Charset::ForName("tis620");
  REQUIRE(tis620.ok());
  Arena arena;
  const std::string text(100'000, '\xff');  // three bytes each
  CHECK(tis620.value().ToUtf8(text, &arena).size() == 300'000);
  CHECK(arena.used_bytes() <= 400'000);
}
