#include "connectors/mysql/values/json_binary.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string_view>

#include "base/bytes.h"
#include "base/encode.h"
#include "connectors/mysql/values/decimal.h"

namespace millrace::mysql {
namespace {

// doc    ::= type value
// value  ::= object | array | literal | number | string | opaque
// object ::= count size key-entry* value-entry* key* value*     (all offsets from its start)
// array  ::= count size value-entry* value*
// key-entry   ::= offset length (2 bytes)
// value-entry ::= type (offset | the value itself if it is small)
// (MySQL, sql-common/json_binary.h; "small" is 2-byte, "large" 4-byte counts and offsets)
enum JsonType : uint8_t {
  kSmallObject = 0x00,
  kLargeObject = 0x01,
  kSmallArray = 0x02,
  kLargeArray = 0x03,
  kLiteral = 0x04,
  kInt16 = 0x05,
  kUint16 = 0x06,
  kInt32 = 0x07,
  kUint32 = 0x08,
  kInt64 = 0x09,
  kUint64 = 0x0a,
  kDouble = 0x0b,
  kString = 0x0c,
  kOpaque = 0x0f,
};

// Types of opaque values (MySQL, include/field_types.h).
enum OpaqueType : uint8_t {
  kTimestamp = 7,
  kDate = 10,
  kTime = 11,
  kDateTime = 12,
  kNewDecimal = 246,
};

constexpr int kDepthMax = 100;         // the server's own limit
constexpr size_t kBase64LineMax = 76;  // a line feed follows, as the server has it

bool AppendValue(uint8_t type, std::span<const uint8_t> bytes, int depth, std::string* out);

template <typename... Arguments>
void AppendFormat(std::string* out, fmt::format_string<Arguments...> format,
                  Arguments&&... arguments) {
  fmt::format_to(std::back_inserter(*out), format, std::forward<Arguments>(arguments)...);
}

// Seven bits a byte, the lowest first; the high bit says that more follow.
uint64_t ReadLength(ByteReader* reader) {
  uint64_t length = 0;
  for (int shift = 0; shift <= 28; shift += 7) {
    const uint8_t byte = reader->U8();
    length |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return length;
  }
  reader->Fail();
  return 0;
}

bool AppendLiteral(uint8_t value, std::string* out) {
  constexpr std::string_view kTexts[] = {"null", "true", "false"};
  if (value >= std::size(kTexts)) return false;
  *out += kTexts[value];
  return true;
}

// As the server prints it: shortest digits, ".0" after whole numbers, exponents as 1e20.
void AppendDouble(double value, std::string* out) {
  char text[64];
  const double magnitude = std::abs(value);
  if (magnitude != 0 && (magnitude < 1e-15 || magnitude >= 1e15)) {
    const auto end =
        std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
    const std::string_view shortest(text, static_cast<size_t>(end - text));
    const size_t mark = shortest.find('e');
    std::string_view exponent = shortest.substr(mark + 1);
    const bool negative = exponent.starts_with('-');
    exponent.remove_prefix(std::min(exponent.find_first_not_of("+-0"), exponent.size()));
    AppendFormat(out, "{}e{}{}", shortest.substr(0, mark), negative ? "-" : "", exponent);
    return;
  }
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
  const std::string_view fixed(text, static_cast<size_t>(end - text));
  *out += fixed;
  if (fixed.find('.') == std::string_view::npos) *out += ".0";
}

// Unlike AppendJsonString of base: the bytes of the server are kept, whatever they are.
void AppendString(std::string_view text, std::string* out) {
  constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  *out += '"';
  for (const char c : text) {
    const size_t escape = kEscaped.find(c);
    if (escape != std::string_view::npos) {
      *out += '\\';
      *out += kLetters[escape];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      AppendFormat(out, "\\u{:04x}", c);
    } else {
      *out += c;
    }
  }
  *out += '"';
}

// Packed: sign, then year*13+month (17 bits) or hours (10), day, hour, minute, second,
// microseconds.
void AppendTemporal(uint8_t type, int64_t packed, std::string* out) {
  const bool negative = packed < 0;
  const uint64_t magnitude =
      negative ? 0 - static_cast<uint64_t>(packed) : static_cast<uint64_t>(packed);
  const uint64_t microseconds = magnitude & 0xffffff;
  const uint64_t whole = magnitude >> 24;
  const uint64_t second = whole & 0x3f;
  const uint64_t minute = whole >> 6 & 0x3f;
  *out += '"';
  if (type == kTime) {
    AppendFormat(out, "{}{:02}:{:02}:{:02}.{:06}", negative ? "-" : "", whole >> 12 & 0x3ff, minute,
                 second, microseconds);
  } else {
    const uint64_t months = whole >> 22;
    AppendFormat(out, "{:04}-{:02}-{:02}", months / 13, months % 13, whole >> 17 & 0x1f);
    if (type != kDate) {
      AppendFormat(out, " {:02}:{:02}:{:02}.{:06}", whole >> 12 & 0x1f, minute, second,
                   microseconds);
    }
  }
  *out += '"';
}

bool AppendOpaque(ByteReader* reader, std::string* out) {
  const uint8_t type = reader->U8();
  const std::string_view bytes = reader->Bytes(ReadLength(reader));
  if (!reader->ok()) return false;
  ByteReader inner({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  switch (type) {
    case kNewDecimal: {
      const uint8_t precision = inner.U8();
      const uint8_t scale = inner.U8();
      return AppendDecimal(&inner, precision, scale, out) && inner.ok();
    }
    case kDate:
    case kTime:
    case kDateTime:
    case kTimestamp:
      AppendTemporal(type, static_cast<int64_t>(inner.U64()), out);
      return inner.ok();
    default:
      AppendString(fmt::format("base64:type{}:", type) + ToBase64(bytes, kBase64LineMax), out);
      return true;
  }
}

// Numbers, literals and strings: what is not a container.
bool AppendScalar(uint8_t type, ByteReader reader, std::string* out) {
  switch (type) {
    case kLiteral:
      return AppendLiteral(reader.U8(), out);
    case kInt16:
      AppendFormat(out, "{}", static_cast<int16_t>(reader.U16()));
      break;
    case kUint16:
      AppendFormat(out, "{}", reader.U16());
      break;
    case kInt32:
      AppendFormat(out, "{}", static_cast<int32_t>(reader.U32()));
      break;
    case kUint32:
      AppendFormat(out, "{}", reader.U32());
      break;
    case kInt64:
      AppendFormat(out, "{}", static_cast<int64_t>(reader.U64()));
      break;
    case kUint64:
      AppendFormat(out, "{}", reader.U64());
      break;
    case kDouble:
      AppendDouble(std::bit_cast<double>(reader.U64()), out);
      break;
    case kString:
      AppendString(reader.Bytes(ReadLength(&reader)), out);
      break;
    case kOpaque:
      return AppendOpaque(&reader, out);
    default:
      return false;
  }
  return reader.ok();
}

// Whether a value-entry of this type holds the value itself; `width`: of counts and offsets.
bool IsInlined(uint8_t type, size_t width) {
  return type == kLiteral || type == kInt16 || type == kUint16 ||
         (width == 4 && (type == kInt32 || type == kUint32));
}

bool AppendContainer(uint8_t type, std::span<const uint8_t> bytes, int depth, std::string* out) {
  const bool is_object = type <= kLargeObject;
  const size_t width = type == kLargeObject || type == kLargeArray ? 4 : 2;
  ByteReader header(bytes);
  const uint64_t count = header.Little(width);
  const uint64_t size = header.Little(width);
  const size_t key_entry = is_object ? width + 2 : 0;
  const size_t value_entry = 1 + width;
  if (!header.ok() || size > bytes.size() || 2 * width + count * (key_entry + value_entry) > size) {
    return false;
  }
  const std::span<const uint8_t> body = bytes.first(size);
  ByteReader keys(body.subspan(2 * width));
  ByteReader values(body.subspan(2 * width + count * key_entry));
  *out += is_object ? '{' : '[';
  for (uint64_t i = 0; i < count; ++i) {
    if (i > 0) *out += ", ";
    if (is_object) {
      const uint64_t offset = keys.Little(width);
      const uint16_t length = keys.U16();
      if (!keys.ok() || offset + length > size) return false;
      AppendString({reinterpret_cast<const char*>(body.data()) + offset, length}, out);
      *out += ": ";
    }
    const uint8_t value_type = values.U8();
    const uint8_t* const inlined = values.position();
    const uint64_t offset = values.Little(width);
    if (!values.ok()) return false;
    const bool is_inlined = IsInlined(value_type, width);
    if (!is_inlined && offset > size) return false;
    const std::span<const uint8_t> value =
        is_inlined ? std::span<const uint8_t>(inlined, width) : body.subspan(offset);
    if (!AppendValue(value_type, value, depth + 1, out)) return false;
  }
  *out += is_object ? '}' : ']';
  return true;
}

bool AppendValue(uint8_t type, std::span<const uint8_t> bytes, int depth, std::string* out) {
  if (depth > kDepthMax) return false;
  return type <= kLargeArray ? AppendContainer(type, bytes, depth, out)
                             : AppendScalar(type, ByteReader(bytes), out);
}

}  // namespace

bool AppendJsonText(std::span<const uint8_t> bytes, std::string* out) {
  if (bytes.empty()) {
    *out += "null";
    return true;
  }
  return AppendValue(bytes[0], bytes.subspan(1), 0, out);
}

}  // namespace millrace::mysql
