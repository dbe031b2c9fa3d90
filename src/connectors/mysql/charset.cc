#include "connectors/mysql/charset.h"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace millrace::mysql {
namespace {

// iconv does the work; where MySQL's tables differ from its own, MySQL's win, so that a value from
// the binlog equals the one from the snapshot. The differences were found by asking MySQL 9.7 and
// MariaDB 10.11 about every code.

enum class Width : uint8_t {
  kSingle,  // a byte is a character
  kMulti,   // one or more bytes, ASCII among them
  kWide,    // at least two bytes each
};

struct Known {
  std::string_view mysql;
  const char* iconv;
  Width width = Width::kSingle;
};
constexpr std::array<Known, 34> kKnown = {{
    {"latin1", "CP1252"},
    {"latin2", "ISO-8859-2"},
    {"latin5", "ISO-8859-9"},
    {"latin7", "ISO-8859-13"},
    {"greek", "ISO-8859-7"},
    {"hebrew", "ISO-8859-8"},
    {"cp1250", "CP1250"},
    {"cp1251", "CP1251"},
    {"cp1256", "CP1256"},
    {"cp1257", "CP1257"},
    {"cp850", "CP850"},
    {"cp852", "CP852"},
    {"cp866", "CP866"},
    {"koi8r", "KOI8-R"},
    {"koi8u", "KOI8-U"},
    {"tis620", "TIS-620"},
    {"macroman", "MACINTOSH"},
    {"macce", "MAC-CENTRALEUROPE"},
    {"armscii8", "ARMSCII-8"},
    {"dec8", "DEC-MCS"},
    {"hp8", "HP-ROMAN8"},
    {"big5", "BIG5", Width::kMulti},
    {"gbk", "GBK", Width::kMulti},
    {"gb2312", "GB2312", Width::kMulti},
    {"gb18030", "GB18030", Width::kMulti},
    {"sjis", "SHIFT_JIS", Width::kMulti},
    {"cp932", "CP932", Width::kMulti},
    {"ujis", "EUC-JP", Width::kMulti},
    {"eucjpms", "EUC-JP-MS", Width::kMulti},
    {"euckr", "UHC", Width::kMulti},
    {"ucs2", "UCS-2BE", Width::kWide},
    {"utf16", "UTF-16BE", Width::kWide},
    {"utf16le", "UTF-16LE", Width::kWide},
    {"utf32", "UTF-32BE", Width::kWide},
}};

// Bytes of single-byte sets that MySQL maps otherwise; '?' where it maps them to nothing.
struct Difference {
  std::string_view mysql;
  uint8_t first;
  uint8_t last;
  uint16_t code_point;  // of the first
  bool same = false;    // of all of them; otherwise they count up
};
constexpr Difference kDifferences[] = {
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

// Characters of multi-byte sets, as UTF-8, that iconv gives and MySQL does not.
struct Replacement {
  std::string_view mysql;
  std::string_view from;
  char to;
};
constexpr Replacement kReplacements[] = {
    {"sjis", "\xc2\xa5", '\\'},      // yen sign for 5c
    {"sjis", "\xe2\x80\xbe", '~'},   // overline for 7e
    {"sjis", "\xef\xbc\xbc", '\\'},  // full-width backslash
    {"ujis", "\xef\xbc\xbc", '\\'},
};

constexpr size_t kGrowthMax = 4;  // bytes of UTF-8 for one byte of any of them
constexpr size_t kByteGrowthMax = 3;

struct Utf8 {
  std::array<char, 3> bytes = {'?', 0, 0};
  uint8_t size = 1;
};

Utf8 Encode(uint32_t code_point) {
  const auto tail = [](uint32_t bits) { return static_cast<char>(0x80 | (bits & 0x3f)); };
  if (code_point < 0x80) return {{static_cast<char>(code_point), 0, 0}, 1};
  if (code_point < 0x800) {
    return {{static_cast<char>(0xc0 | code_point >> 6), tail(code_point), 0}, 2};
  }
  return {{static_cast<char>(0xe0 | code_point >> 12), tail(code_point >> 6), tail(code_point)}, 3};
}

}  // namespace

struct Charset::Converter {
  explicit Converter(const Known& set, iconv_t descriptor) : known(set), handle(descriptor) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() { ::iconv_close(handle); }

  void MakeTable();
  // Both write at most the bytes that the constants above allow, and return the end.
  char* Run(std::string_view text, char* out) const;
  char* Translate(std::string_view text, char* out) const;

  const Known& known;
  const iconv_t handle;
  std::array<Utf8, 256> table;  // single-byte sets
};

// Characters that are not known become '?'.
char* Charset::Converter::Run(std::string_view text, char* out) const {
  char* in = const_cast<char*>(text.data());
  size_t in_left = text.size();
  size_t room = text.size() * kGrowthMax;
  ::iconv(handle, nullptr, nullptr, nullptr, nullptr);
  while (in_left > 0) {
    if (::iconv(handle, &in, &in_left, &out, &room) != static_cast<size_t>(-1)) break;
    const bool two = known.width != Width::kSingle && (static_cast<uint8_t>(*in) & 0x80) != 0;
    const size_t skipped = known.width == Width::kWide ? std::min<size_t>(2, in_left)
                           : two && in_left > 1        ? 2
                                                       : 1;
    in += skipped;
    in_left -= skipped;
    *out++ = '?';
    --room;
  }
  return out;
}

void Charset::Converter::MakeTable() {
  for (size_t byte = 0; byte < table.size(); ++byte) {
    const char in = static_cast<char>(byte);
    char out[kGrowthMax];
    const char* end = Run({&in, 1}, out);
    table[byte].size =
        static_cast<uint8_t>(std::min<size_t>(static_cast<size_t>(end - out), kByteGrowthMax));
    std::copy_n(out, table[byte].size, table[byte].bytes.begin());
  }
  for (const Difference& difference : kDifferences) {
    if (difference.mysql != known.mysql) continue;
    for (unsigned byte = difference.first; byte <= difference.last; ++byte) {
      table[byte] = Encode(difference.code_point + (difference.same ? 0 : byte - difference.first));
    }
  }
}

char* Charset::Converter::Translate(std::string_view text, char* out) const {
  for (const char c : text) {
    const Utf8& utf8 = table[static_cast<uint8_t>(c)];
    for (size_t i = 0; i < utf8.size; ++i) *out++ = utf8.bytes[i];
  }
  return out;
}

Result<Charset> Charset::ForName(const std::string& mysql_name) {
  Charset charset;
  if (mysql_name.empty() || mysql_name == "utf8mb4" || mysql_name == "utf8mb3" ||
      mysql_name == "utf8" || mysql_name == "ascii" || mysql_name == "binary") {
    return charset;
  }
  const auto* known = std::find_if(kKnown.begin(), kKnown.end(),
                                   [&](const Known& set) { return set.mysql == mysql_name; });
  const iconv_t handle =
      known == kKnown.end() ? reinterpret_cast<iconv_t>(-1) : ::iconv_open("UTF-8", known->iconv);
  if (handle == reinterpret_cast<iconv_t>(-1)) {
    return Status::Permanent(
        fmt::format("character set {} of MySQL cannot be converted to UTF-8 here; "
                    "ALTER the column to utf8mb4",
                    mysql_name));
  }
  auto converter = std::make_shared<Converter>(*known, handle);
  if (known->width == Width::kSingle) converter->MakeTable();
  charset.converter_ = std::move(converter);
  return charset;
}

std::string_view Charset::ToUtf8(std::string_view text, Arena* arena) const {
  if (converter_ == nullptr || text.empty()) return text;
  const Width width = converter_->known.width;
  const bool ascii = width != Width::kWide && std::none_of(text.begin(), text.end(), [](char c) {
                       return (static_cast<uint8_t>(c) & 0x80) != 0;
                     });
  if (ascii) return text;
  const size_t room = text.size() * kGrowthMax;
  char* const begin = arena->Allocate(room);
  char* end =
      width == Width::kSingle ? converter_->Translate(text, begin) : converter_->Run(text, begin);
  for (const Replacement& replacement : kReplacements) {
    if (replacement.mysql != converter_->known.mysql) continue;
    const std::string_view from = replacement.from;
    char* keep = begin;
    for (char* at = begin; at < end;) {
      const std::string_view rest(at, static_cast<size_t>(end - at));
      const bool found = rest.starts_with(from);
      *keep++ = found ? replacement.to : *at;
      at += found ? from.size() : 1;
    }
    end = keep;
  }
  const auto used = static_cast<size_t>(end - begin);
  arena->Shrink(room, used);
  return {begin, used};
}

}  // namespace millrace::mysql
