#include "connectors/mysql/values/charset.h"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include "connectors/mysql/values/charset_differences.h"

namespace millrace::mysql {
namespace {

// iconv does the work; where MySQL's tables differ from its own, MySQL's win
// (charset_differences.h).

enum class Width : uint8_t {
  kSingle,       // a byte is a character
  kMulti,        // ASCII, and two bytes
  kEucJapanese,  // the same, and three bytes after 8f
  kGb18030,      // the same, and four bytes if the second is a digit
  kWide,         // at least two bytes each
};

struct Known {
  std::string_view mysql;
  const char* iconv;
  Width width = Width::kSingle;

  // Of the character at the front of `text`, which is not empty; at most as many as there are.
  size_t BytesOf(std::string_view text) const {
    const auto first = static_cast<uint8_t>(text[0]);
    size_t bytes = 2;
    if (width == Width::kSingle || (width != Width::kWide && first < 0x80)) bytes = 1;
    if (width == Width::kEucJapanese && first == 0x8f) bytes = 3;
    const bool digit = text.size() > 1 && text[1] >= '0' && text[1] <= '9';
    if (width == Width::kGb18030 && first >= 0x80 && digit) bytes = 4;
    return std::min(bytes, text.size());
  }
};
// Where iconv does not have a set it is another one, of which charset_differences.h replaces all
// that is not the same.
constexpr std::array<Known, 38> kKnown = {{
    {"ascii", "ISO-8859-1"},
    {"swe7", "ISO-8859-1"},
    {"geostd8", "ISO-8859-1"},
    {"keybcs2", "CP437"},
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
    {"gb18030", "GB18030", Width::kGb18030},
    {"sjis", "SHIFT_JIS", Width::kMulti},
    {"cp932", "CP932", Width::kMulti},
    {"ujis", "EUC-JP", Width::kEucJapanese},
    {"eucjpms", "EUC-JP-MS", Width::kEucJapanese},
    {"euckr", "UHC", Width::kMulti},
    {"ucs2", "UCS-2BE", Width::kWide},
    {"utf16", "UTF-16BE", Width::kWide},
    {"utf16le", "UTF-16LE", Width::kWide},
    {"utf32", "UTF-32BE", Width::kWide},
}};

constexpr size_t kGrowthMax = 4;  // bytes of UTF-8 for one byte of any of them
constexpr size_t kByteGrowthMax = 3;

struct Utf8 {
  std::array<char, 3> bytes = {'?', 0, 0};
  uint8_t size = 1;
};

template <typename Word>
Word LoadWord(const char* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// By words; the last one overlaps the one before.
bool IsAscii(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  uint64_t bits = 0;
  if (text.size() >= sizeof(uint64_t)) {
    for (; end - at > 8; at += 8) bits |= LoadWord<uint64_t>(at);
    bits |= LoadWord<uint64_t>(end - 8);
  } else if (text.size() >= sizeof(uint32_t)) {
    bits = LoadWord<uint32_t>(at) | LoadWord<uint32_t>(end - 4);
  } else {
    for (; at < end; ++at) bits |= static_cast<uint8_t>(*at);
  }
  return (bits & 0x8080808080808080) == 0;
}

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
  Converter(const Known& set, iconv_t descriptor)
      : known(set), handle(descriptor), codes(CodeDifferencesOf(set.mysql)) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() { ::iconv_close(handle); }

  void MakeTable();
  // All write at most the bytes that the constants above allow, and return the end.
  char* Run(std::string_view text, char* out) const;
  char* RunWithDifferences(std::string_view text, char* out) const;
  char* Translate(std::string_view text, char* out) const;

  const Known& known;
  const iconv_t handle;
  const std::span<const CodeDifference> codes;
  std::array<Utf8, 256> table;  // single-byte sets
  bool keeps_ascii = true;      // the bytes of ASCII are its characters
};

// Characters that are not known become '?'.
char* Charset::Converter::Run(std::string_view text, char* out) const {
  char* in = const_cast<char*>(text.data());
  size_t in_left = text.size();
  size_t room = text.size() * kGrowthMax;
  ::iconv(handle, nullptr, nullptr, nullptr, nullptr);
  while (in_left > 0) {
    if (::iconv(handle, &in, &in_left, &out, &room) != static_cast<size_t>(-1)) break;
    const size_t skipped = in_left == 0 ? 0 : known.BytesOf({in, in_left});
    in += skipped;
    in_left -= skipped;
    *out++ = '?';
    --room;
  }
  return out;
}

// The same, but for the characters of which MySQL thinks otherwise.
char* Charset::Converter::RunWithDifferences(std::string_view text, char* out) const {
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    const std::string_view code = text.substr(at, known.BytesOf(text.substr(at)));
    const std::optional<uint32_t> code_point = FindCode(codes, code);
    if (code_point) {
      out = Run(text.substr(begin, at - begin), out);
      const Utf8 utf8 = Encode(*code_point);
      out = std::copy_n(utf8.bytes.begin(), utf8.size, out);
      begin = at + code.size();
    }
    at += code.size();
  }
  return Run(text.substr(begin), out);
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
  for (const ByteDifference& difference : kByteDifferences) {
    if (difference.mysql != known.mysql) continue;
    for (unsigned byte = difference.first; byte <= difference.last; ++byte) {
      table[byte] = Encode(difference.code_point + (difference.same ? 0 : byte - difference.first));
    }
  }
  for (size_t byte = 0; byte < 0x80; ++byte) {
    keeps_ascii =
        keeps_ascii && table[byte].size == 1 && static_cast<uint8_t>(table[byte].bytes[0]) == byte;
  }
}

char* Charset::Converter::Translate(std::string_view text, char* out) const {
  for (const char c : text) {
    const Utf8& utf8 = table[static_cast<uint8_t>(c)];
    for (size_t i = 0; i < utf8.size; ++i) *out++ = utf8.bytes[i];
  }
  return out;
}

namespace {

bool IsUtf8Already(std::string_view mysql_name) {
  return mysql_name.empty() || mysql_name == "utf8mb4" || mysql_name == "utf8mb3" ||
         mysql_name == "utf8" || mysql_name == "binary";
}

const Known* FindKnown(std::string_view mysql_name) {
  const auto* known = std::find_if(kKnown.begin(), kKnown.end(),
                                   [&](const Known& set) { return set.mysql == mysql_name; });
  return known == kKnown.end() ? nullptr : known;
}

}  // namespace

bool Charset::IsKnown(std::string_view mysql_name) {
  return IsUtf8Already(mysql_name) || FindKnown(mysql_name) != nullptr;
}

std::string Charset::UnknownText(std::string_view mysql_name) {
  return fmt::format(
      "character set {} of MySQL cannot be converted to UTF-8 here; ALTER the column to utf8mb4",
      mysql_name);
}

Result<Charset> Charset::ForName(const std::string& mysql_name) {
  Charset charset;
  if (IsUtf8Already(mysql_name)) return charset;
  const Known* const known = FindKnown(mysql_name);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): what iconv_open returns when it fails
  const iconv_t none = reinterpret_cast<iconv_t>(-1);
  const iconv_t handle = known == nullptr ? none : ::iconv_open("UTF-8", known->iconv);
  if (handle == none) return Status::Permanent(UnknownText(mysql_name));
  auto converter = std::make_shared<Converter>(*known, handle);
  if (known->width == Width::kSingle) converter->MakeTable();
  converter->keeps_ascii = converter->keeps_ascii && known->width != Width::kWide;
  charset.converter_ = std::move(converter);
  return charset;
}

std::string_view Charset::Convert(std::string_view text, Arena* arena) const {
  const Width width = converter_->known.width;
  if (converter_->keeps_ascii && IsAscii(text)) return text;
  const size_t room = text.size() * kGrowthMax;
  char* const begin = arena->Allocate(room);
  char* end = width == Width::kSingle     ? converter_->Translate(text, begin)
              : converter_->codes.empty() ? converter_->Run(text, begin)
                                          : converter_->RunWithDifferences(text, begin);
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

uint32_t BytesPerCharacter(std::string_view mysql_name) {
  // mbmaxlen of the server's sets, where it is not 1 (information_schema.CHARACTER_SETS.MAXLEN).
  constexpr std::pair<std::string_view, uint32_t> kSizes[] = {
      {"utf8mb4", 4}, {"utf8mb3", 3}, {"utf8", 3}, {"ucs2", 2},   {"utf16", 4},   {"utf16le", 4},
      {"utf32", 4},   {"big5", 2},    {"gbk", 2},  {"gb2312", 2}, {"gb18030", 4}, {"sjis", 2},
      {"cp932", 2},   {"eucjpms", 3}, {"ujis", 3}, {"euckr", 2},
  };
  for (const auto& [name, bytes] : kSizes) {
    if (name == mysql_name) return bytes;
  }
  return 1;
}

}  // namespace millrace::mysql
