// Hashes and encodings, of texts by their UTF-8 bytes.
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/encode.h"
#include "base/units.h"
#include "base/utf8.h"
#include "expr/functions/text_helpers.h"
#include "expr/resolve.h"

namespace millrace {
namespace {

constexpr std::string_view kLowerDigits = "0123456789abcdef";
constexpr std::string_view kUpperDigits = "0123456789ABCDEF";

std::string_view Hex(std::string_view bytes, std::string_view digits, Arena* arena) {
  char* text = arena->Allocate(2 * bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text[2 * i] = digits[byte >> 4];
    text[2 * i + 1] = digits[byte & 0xf];
  }
  return {text, 2 * bytes.size()};
}

// OpenSSL's context of one algorithm, made once and used for every row.
struct Digester final : FunctionState {
  struct FreeAlgorithm {
    void operator()(EVP_MD* freed) const { EVP_MD_free(freed); }
  };
  struct FreeContext {
    void operator()(EVP_MD_CTX* freed) const { EVP_MD_CTX_free(freed); }
  };
  const char* name = nullptr;
  std::unique_ptr<EVP_MD, FreeAlgorithm> algorithm;
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

// `name` is one of the literals below.
Status Digest(const FunctionCall& call, const char* name, Cell* out) {
  auto& digester = call.Keep<Digester>();
  if (digester.name != name) {
    digester.algorithm.reset(EVP_MD_fetch(nullptr, name, nullptr));
    digester.name = name;
  }
  const std::string_view text = call.Text(0);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_MD_CTX* const context = digester.context.get();
  const bool done = digester.algorithm != nullptr && context != nullptr &&
                    EVP_DigestInit_ex2(context, digester.algorithm.get(), nullptr) == 1 &&
                    EVP_DigestUpdate(context, text.data(), text.size()) == 1 &&
                    EVP_DigestFinal_ex(context, digest.data(), &size) == 1;
  if (!done) return Status::Permanent("the hash is not available in this build of OpenSSL");
  const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), size);
  *out = Cell::Text(Hex(bytes, kLowerDigits, call.arena));
  return Status::Ok();
}

constexpr char kMd5[] = "MD5";
constexpr char kSha1[] = "SHA1";
constexpr char kSha224[] = "SHA224";
constexpr char kSha256[] = "SHA256";
constexpr char kSha384[] = "SHA384";
constexpr char kSha512[] = "SHA512";

template <const char* algorithm>
Status HashWith(const FunctionCall& call, Cell* out) {
  return Digest(call, algorithm, out);
}

const char* Sha2Algorithm(int64_t bits) {
  switch (bits) {
    case 224:
      return kSha224;
    case 256:
      return kSha256;
    case 384:
      return kSha384;
    case 512:
      return kSha512;
    default:
      return nullptr;
  }
}

Status Sha2(const FunctionCall& call, Cell* out) {
  const char* algorithm = Sha2Algorithm(call.Integer(1));
  if (algorithm == nullptr) {
    return Status::Permanent(fmt::format("there is no SHA2 of {} bits", call.Integer(1)));
  }
  return Digest(call, algorithm, out);
}

Resolution Sha2Type(Arguments arguments) {
  const auto bits = arguments[1].constant;
  if (bits && Sha2Algorithm(ParseInteger(*bits).value_or(0)) == nullptr) {
    return Complain(1, "takes 224, 256, 384 or 512 bits");
  }
  return Give(kStringType, AnyNullable(arguments));
}

// The hash of java.lang.String, over UTF-16, without its sign.
Status HashCode(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  uint32_t hash = 0;
  for (size_t at = 0; at < text.size();) {
    uint32_t code = CodePointAt(text, at);
    if (code >= 0x10000) {
      hash = 31 * hash + (0xd800 + ((code - 0x10000) >> 10));
      code = 0xdc00 + ((code - 0x10000) & 0x3ff);
    }
    hash = 31 * hash + code;
    at += Utf8Length(text, at);
  }
  const auto value = static_cast<int32_t>(hash);
  *out = Cell::Int(static_cast<int32_t>(value < 0 ? 0 - hash : hash));
  return Status::Ok();
}

Status ToHex(const FunctionCall& call, Cell* out) {
  if (call[0].kind == CellKind::kInt) {
    constexpr size_t kDigitsMax = 16;
    char* text = call.arena->Allocate(kDigitsMax);
    const char* end = fmt::format_to(text, "{:X}", static_cast<uint64_t>(call[0].i));
    const auto size = static_cast<size_t>(end - text);
    call.arena->Shrink(kDigitsMax, size);
    *out = Cell::Text({text, size});
  } else {
    *out = Cell::Text(Hex(call.Text(0), kUpperDigits, call.arena));
  }
  return Status::Ok();
}

Resolution HexType(Arguments arguments) {
  const Type& type = arguments[0].type;
  if (!type.is_integer() && !type.is_text() && !type.is_binary() && !IsNull(type)) {
    return Complain(0, fmt::format("needs an integer or text, not {}", ToString(type.Nullable())));
  }
  return Give(kStringType, type.nullable);
}

// An odd number of digits has a 0 before them.
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
  const std::string_view text = call.Text(0);
  const size_t size = (text.size() + 2) / 3 * 4;
  char* target = call.arena->Allocate(size + 1);  // EVP ends it with a zero byte
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(target),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  call.arena->Shrink(size + 1, size);
  *out = Cell::Text({target, size});
  return Status::Ok();
}

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

Status FromBase64(const FunctionCall& call, Cell* out) {
  std::string_view text = call.Text(0);
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  char* target = call.arena->Allocate(text.size());
  size_t size = 0;
  uint32_t bits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const int digit = Base64Digit(text[i]);
    if (digit < 0)
      return Status::Permanent(fmt::format("'{}' is not base64", call.Text(0).substr(0, 60)));
    bits = bits << 6 | static_cast<uint32_t>(digit);
    if (i % 4 != 0) target[size++] = static_cast<char>(bits >> (6 - 2 * (i % 4)));
  }
  *out = Cell::Text({target, size});
  return Status::Ok();
}

enum class Charset : uint8_t { kUtf8, kAscii, kLatin1, kUtf16Big, kUtf16Little, kUtf16 };

std::optional<Charset> ParseCharset(std::string_view name) {
  struct Name {
    std::string_view name;
    Charset charset;
  };
  constexpr std::array<Name, 8> kNames = {{{"UTF-8", Charset::kUtf8},
                                           {"UTF8", Charset::kUtf8},
                                           {"US-ASCII", Charset::kAscii},
                                           {"ASCII", Charset::kAscii},
                                           {"ISO-8859-1", Charset::kLatin1},
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
  for (size_t at = 0; at < text.size(); at += Utf8Length(text, at)) {
    const uint32_t code = CodePointAt(text, at);
    if (charset == Charset::kAscii || charset == Charset::kLatin1) {
      const uint32_t limit = charset == Charset::kAscii ? 0x80 : 0x100;
      bytes += code < limit ? static_cast<char>(code) : '?';
    } else if (code < 0x10000) {
      AppendUtf16(code, little, &bytes);
    } else {
      AppendUtf16(0xd800 + ((code - 0x10000) >> 10), little, &bytes);
      AppendUtf16(0xdc00 + ((code - 0x10000) & 0x3ff), little, &bytes);
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
      AppendCodePoint(charset == Charset::kAscii && code >= 0x80 ? kReplacement : code, &text);
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
    const bool high = code >= 0xd800 && code < 0xdc00;
    if (high && at + 3 < bytes.size() && unit(at + 2) >= 0xdc00 && unit(at + 2) < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (unit(at + 2) - 0xdc00);
      at += 2;
    } else if (code >= 0xd800 && code < 0xe000) {
      code = kReplacement;
    }
    AppendCodePoint(code, &text);
  }
  if (bytes.size() % 2 == 1) AppendCodePoint(kReplacement, &text);
  return text;
}

template <bool encode>
Status Recode(const FunctionCall& call, Cell* out) {
  const std::optional<Charset> charset = ParseCharset(call.Text(1));
  if (!charset) {
    return Status::Permanent(
        fmt::format("'{}' is not a character set this engine knows: UTF-8, "
                    "US-ASCII, ISO-8859-1, UTF-16, UTF-16BE, UTF-16LE",
                    call.Text(1)));
  }
  const CellKind kind = encode ? CellKind::kBytes : CellKind::kText;
  const std::string_view from = call.Text(0);
  if (*charset == Charset::kUtf8) {
    *out = Cell::View(kind, from);
  } else {
    const std::string to = encode ? EncodeAs(from, *charset) : DecodeFrom(from, *charset);
    *out = Cell::View(kind, call.arena->Copy(to));
  }
  return Status::Ok();
}

Status UrlEncode(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  char* target = call.arena->Allocate(3 * text.size());
  size_t size = 0;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '.' || c == '-' || c == '*' || c == '_';
    if (plain || c == ' ') {
      target[size++] = plain ? c : '+';
      continue;
    }
    target[size++] = '%';
    target[size++] = kUpperDigits[static_cast<unsigned char>(c) >> 4];
    target[size++] = kUpperDigits[static_cast<unsigned char>(c) & 0xf];
  }
  call.arena->Shrink(3 * text.size(), size);
  *out = Cell::Text({target, size});
  return Status::Ok();
}

// NULL if it is not such an encoding.
Status UrlDecode(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  char* target = call.arena->Allocate(text.size());
  size_t size = 0;
  *out = Cell::Null();
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      target[size++] = text[at] == '+' ? ' ' : text[at];
      continue;
    }
    if (at + 2 >= text.size()) return Status::Ok();
    const int high = HexValue(text[at + 1]);
    const int low = HexValue(text[at + 2]);
    if (high < 0 || low < 0) return Status::Ok();
    target[size++] = static_cast<char>(high * 16 + low);
    at += 2;
  }
  *out = Cell::Text({target, size});
  return Status::Ok();
}

constexpr auto kText = Gives<kStringType>;
constexpr auto kMaybeText = MaybeGives<kStringType>;
constexpr auto kBytes = Gives<kBytesType>;

constexpr Function kFunctions[] = {
    {"MD5", "MD5(STRING) -> STRING", 1, 1, "s", kText, Op::kCall, HashWith<kMd5>,
     "MD5 in 32 lower-case hexadecimal digits."},
    {"SHA1", "SHA1(STRING) -> STRING", 1, 1, "s", kText, Op::kCall, HashWith<kSha1>,
     "SHA-1 in 40 lower-case hexadecimal digits."},
    {"SHA224", "SHA224(STRING) -> STRING", 1, 1, "s", kText, Op::kCall, HashWith<kSha224>,
     "SHA-224 in 56 lower-case hexadecimal digits."},
    {"SHA256", "SHA256(STRING) -> STRING", 1, 1, "s", kText, Op::kCall, HashWith<kSha256>,
     "SHA-256 in 64 lower-case hexadecimal digits."},
    {"SHA384", "SHA384(STRING) -> STRING", 1, 1, "s", kText, Op::kCall, HashWith<kSha384>,
     "SHA-384 in 96 lower-case hexadecimal digits."},
    {"SHA512", "SHA512(STRING) -> STRING", 1, 1, "s", kText, Op::kCall, HashWith<kSha512>,
     "SHA-512 in 128 lower-case hexadecimal digits."},
    {"SHA2", "SHA2(STRING, INT) -> STRING", 2, 2, "si", Sha2Type, Op::kCall, Sha2,
     "SHA-2 of 224, 256, 384 or 512 bits."},
    {"HASH_CODE", "HASH_CODE(STRING) -> INT", 1, 1, "t", Gives<kIntType>, Op::kCall, HashCode,
     "The hash of Java's String, without its sign."},
    {"HEX", "HEX(INT | STRING) -> STRING", 1, 1, "e", HexType, Op::kCall, ToHex,
     "An integer or the bytes of a text in upper-case hexadecimal digits."},
    {"UNHEX", "UNHEX(STRING) -> BYTES", 1, 1, "t", MaybeGives<kBytesType>, Op::kCall, Unhex,
     "The bytes that hexadecimal digits say; NULL if they are none."},
    {"TO_BASE64", "TO_BASE64(STRING) -> STRING", 1, 1, "s", kText, Op::kCall, ToBase64,
     "In base64."},
    {"FROM_BASE64", "FROM_BASE64(STRING) -> STRING", 1, 1, "t", kText, Op::kCall, FromBase64,
     "What is written in base64."},
    {"ENCODE", "ENCODE(STRING, STRING) -> BYTES", 2, 2, "t", kBytes, Op::kCall, Recode<true>,
     "The text in a character set: UTF-8, US-ASCII, ISO-8859-1, UTF-16, UTF-16BE, UTF-16LE."},
    {"DECODE", "DECODE(BYTES, STRING) -> STRING", 2, 2, "yt", kText, Op::kCall, Recode<false>,
     "The text that bytes are in a character set."},
    {"URL_ENCODE", "URL_ENCODE(STRING) -> STRING", 1, 1, "t", kText, Op::kCall, UrlEncode,
     "As application/x-www-form-urlencoded."},
    {"URL_DECODE", "URL_DECODE(STRING) -> STRING", 1, 1, "t", kMaybeText, Op::kCall, UrlDecode,
     "What is written as application/x-www-form-urlencoded; NULL if it is damaged."},
};

}  // namespace

std::span<const Function> HashFunctions() { return kFunctions; }

}  // namespace millrace
