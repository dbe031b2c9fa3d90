// Where the tables of MySQL's character sets differ from those of iconv. MySQL's win, so that a
// value from the binlog equals the one from the snapshot. Found by asking MySQL 9.7 and
// MariaDB 10.11 about every code that they take for a character.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace millrace::mysql {

// Bytes of single-byte sets that MySQL maps otherwise; '?' where it maps them to nothing.
struct ByteDifference {
  std::string_view mysql;
  uint8_t first;
  uint8_t last;
  uint16_t code_point;  // of the first
  bool same = false;    // of all of them; otherwise they count up
};
inline constexpr ByteDifference kByteDifferences[] = {
    {"latin1", 0x81, 0x81, 0x81},         {"latin1", 0x8d, 0x8d, 0x8d},
    {"latin1", 0x8f, 0x90, 0x8f},         {"latin1", 0x9d, 0x9d, 0x9d},
    {"greek", 0xa1, 0xa1, 0x02bd},        {"greek", 0xa2, 0xa2, 0x02bc},
    {"greek", 0xa4, 0xa5, '?', true},     {"greek", 0xaa, 0xaa, '?'},
    {"hebrew", 0xaf, 0xaf, 0x203e},       {"cp1256", 0x8a, 0x8a, '?'},
    {"cp1256", 0x8f, 0x8f, '?'},          {"cp1256", 0x98, 0x98, '?'},
    {"cp1256", 0x9a, 0x9a, '?'},          {"cp1256", 0x9f, 0x9f, '?'},
    {"cp1256", 0xaa, 0xaa, '?'},          {"cp1256", 0xc0, 0xc0, '?'},
    {"cp1256", 0xff, 0xff, '?'},          {"cp866", 0xfc, 0xfc, 0x207f},
    {"cp866", 0xfd, 0xfd, 0xb2},          {"koi8u", 0x95, 0x95, 0x2022},
    {"macroman", 0xc6, 0xc6, 0x2206},     {"macroman", 0xf0, 0xf0, 0xf8ff},
    {"tis620", 0x80, 0x9f, 0x80},         {"tis620", 0xa0, 0xa0, 0xfffd},
    {"tis620", 0xdb, 0xde, 0xfffd, true}, {"tis620", 0xfc, 0xff, 0xfffd, true},
    {"armscii8", 0xa1, 0xa1, 0x2741},     {"armscii8", 0xa2, 0xa2, 0xa7},
    {"armscii8", 0xad, 0xad, 0x055f},     {"armscii8", 0xfe, 0xfe, 0x2019},
    {"armscii8", 0xff, 0xff, '\''},       {"dec8", 0xa0, 0xa0, 0xa0},
};

// Characters of multi-byte sets, as UTF-8, that iconv returns and MySQL does not.
struct Replacement {
  std::string_view mysql;
  std::string_view from;
  char to;
};
inline constexpr Replacement kReplacements[] = {
    {"sjis", "\xc2\xa5", '\\'},      // yen sign for 5c
    {"sjis", "\xe2\x80\xbe", '~'},   // overline for 7e
    {"sjis", "\xef\xbc\xbc", '\\'},  // full-width backslash
    {"ujis", "\xef\xbc\xbc", '\\'},
};

// Codes of multi-byte sets that MySQL maps otherwise; '?' where it maps them to nothing. A range
// over several rows holds the last bytes a1 to fe of each.
struct CodeDifference {
  std::string_view mysql;
  uint32_t first;
  uint32_t last;
  uint16_t code_point;  // of the first
  bool same = false;    // of all of them; otherwise they count up
};

// Those of one set, in the order of their codes.
std::span<const CodeDifference> CodeDifferencesOf(std::string_view mysql);

// What MySQL makes of the code in the bytes of one character; nothing where they agree.
std::optional<uint32_t> FindCode(std::span<const CodeDifference> differences,
                                 std::string_view character);

}  // namespace millrace::mysql
