// Bytes and strings as hexadecimal digits, base64 and character sets, and back.
#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/ascii.h"
#include "base/encode.h"
#include "base/utf8.h"
#include "expr/functions/resolve.h"
#include "expr/text.h"

namespace millrace {
namespace {

Status ToHex(const FunctionCall& call, Cell* out) {
  if (call[0].kind == CellKind::kInt) {
    constexpr size_t kDigitsMax = 16;
    char* text = call.arena->Allocate(kDigitsMax);
    const char* end = fmt::format_to(text, "{:X}", static_cast<uint64_t>(call[0].i));
    const auto size = static_cast<size_t>(end - text);
    call.arena->Shrink(kDigitsMax, size);
    *out = Cell::Text({text, size});
  } else {
    const std::string_view bytes = call.Text(0);
    char* text = call.arena->Allocate(2 * bytes.size());
    WriteHex(bytes, kUpperHexDigits, text);
    *out = Cell::Text({text, 2 * bytes.size()});
  }
  return Status::Ok();
}

Resolution HexType(Arguments arguments) {
  const Type& type = arguments[0].type;
  if (!type.is_integer() && !type.is_text() && !type.is_binary() && !IsNull(type)) {
    return Reject(0,
                  fmt::format("needs an integer or a string, not {}", ToString(type.Nullable())));
  }
  return Returns(kStringType, type.nullable);
}

// An odd number of digits is read with a 0 before them.
Status Unhex(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  const size_t size = (text.size() + 1) / 2;
  char* bytes = call.arena->Allocate(size);
  size_t digit = text.size() % 2;
  int value = 0;
  for (const char c : text) {
    const int next = HexValue(c);
    if (next < 0) {
      *out = Cell::Null();
      return Status::Ok();
    }
    value = value * 16 + next;
    if (digit % 2 == 1) {
      bytes[digit / 2] = static_cast<char>(value);
      value = 0;
    }
    ++digit;
  }
  *out = Cell::View(CellKind::kBytes, {bytes, size});
  return Status::Ok();
}

Status ToBase64(const FunctionCall& call, Cell* out) {
  const std::string_view bytes = call.Text(0);
  char* target = call.arena->Allocate(Base64Size(bytes.size()));
  WriteBase64(bytes, target);
  *out = Cell::Text({target, Base64Size(bytes.size())});
  return Status::Ok();
}

Status FromBase64(const FunctionCall& call, Cell* out) {
  constexpr size_t kShownMax = 60;
  const std::string_view text = call.Text(0);
  char* target = call.arena->Allocate(text.size());
  const std::optional<size_t> size = ReadBase64(text, target);
  if (!size) {
    return Status::Permanent(fmt::format("'{}' is not base64", text.substr(0, kShownMax)));
  }
  *out = Cell::Text(ValidUtf8({target, *size}, call.arena));
  return Status::Ok();
}

enum class Charset : uint8_t { kUtf8, kAscii, kLatin1, kUtf16Big, kUtf16Little, kUtf16, kGbk };

constexpr const char* kUtf8Name = "UTF-8";

std::optional<Charset> ParseCharset(std::string_view name) {
  struct Name {
    std::string_view name;
    Charset charset;
  };
  constexpr std::array<Name, 12> kNames = {{{"UTF-8", Charset::kUtf8},
                                            {"UTF8", Charset::kUtf8},
                                            {"US-ASCII", Charset::kAscii},
                                            {"ASCII", Charset::kAscii},
                                            {"ISO-8859-1", Charset::kLatin1},
                                            {"ISO8859_1", Charset::kLatin1},
                                            {"LATIN1", Charset::kLatin1},
                                            {"L1", Charset::kLatin1},
                                            {"GBK", Charset::kGbk},
                                            {"UTF-16BE", Charset::kUtf16Big},
                                            {"UTF-16LE", Charset::kUtf16Little},
                                            {"UTF-16", Charset::kUtf16}}};
  for (const Name& known : kNames) {
    if (EqualsIgnoreCase(known.name, name)) return known.charset;
  }
  return std::nullopt;
}

void AppendUtf16(uint32_t unit, bool little, std::string* out) {
  const char high = static_cast<char>(unit >> 8);
  const char low = static_cast<char>(unit & 0xff);
  *out += little ? low : high;
  *out += little ? high : low;
}

std::string EncodeAs(std::string_view text, Charset charset) {
  std::string bytes;
  if (charset == Charset::kUtf16) bytes = "\xfe\xff";
  const bool little = charset == Charset::kUtf16Little;
  for (size_t at = 0, length = 0; at < text.size(); at += length) {
    const uint32_t code = CodePointOrByte(text, at, &length);
    if (charset == Charset::kAscii || charset == Charset::kLatin1) {
      const uint32_t limit = charset == Charset::kAscii ? 0x80 : 0x100;
      bytes += code < limit ? static_cast<char>(code) : '?';
    } else if (code < 0x10000) {
      AppendUtf16(code, little, &bytes);
    } else {
      AppendUtf16(HighSurrogateOf(code), little, &bytes);
      AppendUtf16(LowSurrogateOf(code), little, &bytes);
    }
  }
  return bytes;
}

std::string DecodeFrom(std::string_view bytes, Charset charset) {
  constexpr uint32_t kReplacement = 0xfffd;
  std::string text;
  if (charset == Charset::kAscii || charset == Charset::kLatin1) {
    for (const char c : bytes) {
      const auto code = static_cast<unsigned char>(c);
      AppendUtf8(charset == Charset::kAscii && code >= 0x80 ? kReplacement : code, &text);
    }
    return text;
  }
  bool little = charset == Charset::kUtf16Little;
  if (charset == Charset::kUtf16 && bytes.size() >= 2) {
    const bool marked = bytes.starts_with("\xfe\xff") || bytes.starts_with("\xff\xfe");
    little = bytes.starts_with("\xff\xfe");
    if (marked) bytes.remove_prefix(2);
  }
  const auto unit = [&](size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<uint32_t>(little ? second << 8 | first : first << 8 | second);
  };
  for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
    uint32_t code = unit(at);
    if (IsHighSurrogate(code) && at + 3 < bytes.size() && IsLowSurrogate(unit(at + 2))) {
      code = JoinSurrogates(code, unit(at + 2));
      at += 2;
    } else if (IsHighSurrogate(code) || IsLowSurrogate(code)) {
      code = kReplacement;
    }
    AppendUtf8(code, &text);
  }
  if (bytes.size() % 2 == 1) AppendUtf8(kReplacement, &text);
  return text;
}

// By the C library; what the other character set has not becomes `replacement`. Nothing if this
// machine does not know one of the two.
std::optional<std::string> Convert(std::string_view text, const char* from, const char* to,
                                   std::string_view replacement) {
  constexpr size_t kStep = 256;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): what iconv_open returns when it fails
  const iconv_t none = reinterpret_cast<iconv_t>(-1);
  const iconv_t converter = ::iconv_open(to, from);
  if (converter == none) return std::nullopt;
  std::string in(text);
  std::string out;
  char* next = in.data();
  size_t left = in.size();
  while (left > 0) {
    const size_t done = out.size();
    out.resize(done + kStep);
    char* target = out.data() + done;
    size_t room = kStep;
    const size_t result = ::iconv(converter, &next, &left, &target, &room);
    const bool skips = result == static_cast<size_t>(-1) && errno != E2BIG;
    out.resize(out.size() - room);
    if (!skips) continue;
    const size_t size = from == kUtf8Name ? Utf8Length(text, text.size() - left) : 1;
    out += replacement;
    next += std::min(size, left);
    left -= std::min(size, left);
  }
  ::iconv_close(converter);
  return out;
}

template <bool encode>
Status Recode(const FunctionCall& call, Cell* out) {
  const std::optional<Charset> charset = ParseCharset(call.Text(1));
  const CellKind kind = encode ? CellKind::kBytes : CellKind::kText;
  const std::string_view from = call.Text(0);
  if (charset == Charset::kGbk) {
    const std::optional<std::string> to = encode ? Convert(from, kUtf8Name, "GBK", "?")
                                                 : Convert(from, "GBK", kUtf8Name, "\xef\xbf\xbd");
    if (to) {
      *out = Cell::View(kind, call.arena->Copy(*to));
      return Status::Ok();
    }
  }
  if (!charset || charset == Charset::kGbk) {
    return Status::Permanent(
        fmt::format("character set '{}' is not known; use UTF-8, US-ASCII, ISO-8859-1, UTF-16, "
                    "UTF-16BE or UTF-16LE",
                    call.Text(1)));
  }
  if (*charset == Charset::kUtf8) {
    *out = Cell::View(kind, encode ? from : ValidUtf8(from, call.arena));
  } else {
    const std::string to = encode ? EncodeAs(from, *charset) : DecodeFrom(from, *charset);
    *out = Cell::View(kind, call.arena->Copy(to));
  }
  return Status::Ok();
}

constexpr auto kText = Returns<kStringType>;

constexpr Function kFunctions[] = {
    {"HEX", "HEX(INT | STRING) -> STRING", 1, 1, "e", HexType, Op::kCall, ToHex,
     "An integer or the bytes of a string in upper-case hexadecimal digits."},
    {"UNHEX", "UNHEX(STRING) -> BYTES", 1, 1, "t", ReturnsNullable<kBytesType>, Op::kCall, Unhex,
     "The bytes of a string of hexadecimal digits; NULL if it has other characters."},
    {"TO_BASE64", "TO_BASE64(STRING) -> STRING", 1, 1, "s", kText, Op::kCall, ToBase64,
     "The bytes encoded as base64."},
    {"FROM_BASE64", "FROM_BASE64(STRING) -> STRING", 1, 1, "t", kText, Op::kCall, FromBase64,
     "The string decoded from base64."},
    {"ENCODE", "ENCODE(STRING, STRING) -> BYTES", 2, 2, "t", ReturnsNullable<kBytesType>, Op::kCall,
     Recode<true>,
     "The string encoded in a character set: UTF-8, US-ASCII, ISO-8859-1, UTF-16, UTF-16BE, "
     "UTF-16LE."},
    {"DECODE", "DECODE(BYTES, STRING) -> STRING", 2, 2, "yt", ReturnsNullable<kStringType>,
     Op::kCall, Recode<false>, "The bytes decoded from a character set."},
};

}  // namespace

std::span<const Function> EncodingFunctions() { return kFunctions; }

}  // namespace millrace
