#include "connectors/mysql/charset.h"

#include <fmt/format.h>
#include <iconv.h>

#include <array>
#include <utility>

namespace millrace::mysql {
namespace {

// MySQL's names that iconv spells otherwise. MySQL's latin1 is Windows-1252.
constexpr std::array<std::pair<std::string_view, const char*>, 30> kNames = {{
    {"latin1", "CP1252"},      {"latin2", "ISO-8859-2"}, {"latin5", "ISO-8859-9"},
    {"latin7", "ISO-8859-13"}, {"greek", "ISO-8859-7"},  {"hebrew", "ISO-8859-8"},
    {"cp1250", "CP1250"},      {"cp1251", "CP1251"},     {"cp1256", "CP1256"},
    {"cp1257", "CP1257"},      {"cp850", "CP850"},       {"cp852", "CP852"},
    {"cp866", "CP866"},        {"koi8r", "KOI8-R"},      {"koi8u", "KOI8-U"},
    {"tis620", "TIS-620"},     {"big5", "BIG5"},         {"gbk", "GBK"},
    {"gb2312", "GB2312"},      {"gb18030", "GB18030"},   {"sjis", "SHIFT_JIS"},
    {"cp932", "CP932"},        {"ujis", "EUC-JP"},       {"eucjpms", "EUC-JP-MS"},
    {"euckr", "EUC-KR"},       {"ucs2", "UCS-2BE"},      {"utf16", "UTF-16BE"},
    {"utf16le", "UTF-16LE"},   {"utf32", "UTF-32BE"},    {"macroman", "MACINTOSH"},
}};

constexpr size_t kGrowthMax = 4;  // bytes of UTF-8 for one byte of any of them

}  // namespace

struct Charset::Converter {
  explicit Converter(iconv_t descriptor) : handle(descriptor) {}
  ~Converter() { ::iconv_close(handle); }
  iconv_t handle;
};

Result<Charset> Charset::ForName(const std::string& mysql_name) {
  Charset charset;
  if (mysql_name.empty() || mysql_name == "utf8mb4" || mysql_name == "utf8mb3" ||
      mysql_name == "utf8" || mysql_name == "ascii" || mysql_name == "binary") {
    return charset;
  }
  for (const auto& [name, iconv_name] : kNames) {
    if (name != mysql_name) continue;
    const iconv_t handle = ::iconv_open("UTF-8", iconv_name);
    if (handle == reinterpret_cast<iconv_t>(-1)) break;
    charset.converter_ = std::make_shared<Converter>(handle);
    return charset;
  }
  return Status::Permanent(
      fmt::format("character set {} of MySQL cannot be converted to UTF-8 here; "
                  "ALTER the column to utf8mb4",
                  mysql_name));
}

bool Charset::ToUtf8(std::string_view text, Arena* arena, std::string_view* out) const {
  if (converter_ == nullptr) {
    *out = text;
    return true;
  }
  const size_t room = text.size() * kGrowthMax;
  char* const begin = arena->Allocate(room);
  char* in = const_cast<char*>(text.data());
  size_t in_left = text.size();
  char* at = begin;
  size_t left = room;
  ::iconv(converter_->handle, nullptr, nullptr, nullptr, nullptr);
  const size_t result = ::iconv(converter_->handle, &in, &in_left, &at, &left);
  if (result == static_cast<size_t>(-1)) return false;
  arena->Shrink(room, room - left);
  *out = {begin, room - left};
  return true;
}

}  // namespace millrace::mysql
