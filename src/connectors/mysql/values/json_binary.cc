#include "connectors/mysql/values/json_binary.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

#include "base/bytes.h"
#include "base/encode.h"
#include "connectors/mysql/values/decimal.h"
#include "row/print.h"

namespace millrace::mysql {
namespace {

// doc    ::= type value
// value  ::= object | array | literal | number | string | opaque
// object ::= count size key-entry* value-entry* key* value*     (all offsets from its start)
// array  ::= count size value-entry* value*
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

constexpr int kDepthMax = 100;         // the server's own limit
constexpr size_t kBase64LineMax = 76;  // a line feed follows, as the server has it

enum MysqlType : uint8_t {
  kTypeTimestamp = 7,
  kTypeDate = 10,
  kTypeTime = 11,
  kTypeDateTime = 12,
  kTypeNewDecimal = 246
};

class Printer final {
 public:
  explicit Printer(std::string* out) : out_(*out) {}

  bool Value(uint8_t type, std::span<const uint8_t> bytes, int depth) {
    if (depth > kDepthMax) return false;
    ByteReader reader(bytes);
    switch (type) {
      case kSmallObject:
      case kLargeObject:
      case kSmallArray:
      case kLargeArray:
        return Container(type, bytes, depth);
      case kLiteral:
        return Literal(reader.U8());
      case kInt16:
        fmt::format_to(std::back_inserter(out_), "{}", static_cast<int16_t>(reader.U16()));
        return reader.ok();
      case kUint16:
        fmt::format_to(std::back_inserter(out_), "{}", reader.U16());
        return reader.ok();
      case kInt32:
        fmt::format_to(std::back_inserter(out_), "{}", static_cast<int32_t>(reader.U32()));
        return reader.ok();
      case kUint32:
        fmt::format_to(std::back_inserter(out_), "{}", reader.U32());
        return reader.ok();
      case kInt64:
        fmt::format_to(std::back_inserter(out_), "{}", static_cast<int64_t>(reader.U64()));
        return reader.ok();
      case kUint64:
        fmt::format_to(std::back_inserter(out_), "{}", reader.U64());
        return reader.ok();
      case kDouble:
        Double(std::bit_cast<double>(reader.U64()));
        return reader.ok();
      case kString:
        Quoted(reader.Bytes(Length(&reader)));
        return reader.ok();
      case kOpaque:
        return Opaque(&reader);
      default:
        return false;
    }
  }

 private:
  // Seven bits a byte, the lowest first; the high bit says that more follow.
  static uint64_t Length(ByteReader* reader) {
    uint64_t length = 0;
    for (int shift = 0; shift <= 28; shift += 7) {
      const uint8_t byte = reader->U8();
      length |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return length;
    }
    reader->Fail();
    return 0;
  }

  bool Literal(uint8_t value) {
    if (value > 2) return false;
    constexpr std::string_view kTexts[] = {"null", "true", "false"};
    out_ += kTexts[value];
    return true;
  }

  // As the server prints it: shortest digits, ".0" behind whole numbers, exponents as 1e20.
  void Double(double value) {
    char text[64];
    const double magnitude = std::abs(value);
    if (magnitude != 0 && (magnitude < 1e-15 || magnitude >= 1e15)) {
      const auto end =
          std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
      std::string shortest(text, end);
      const size_t mark = shortest.find('e');
      std::string exponent = shortest.substr(mark + 1);
      const bool negative = exponent[0] == '-';
      exponent.erase(0, exponent.find_first_not_of("+-0"));
      out_ += shortest.substr(0, mark) + "e" + (negative ? "-" : "") + exponent;
      return;
    }
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
    const std::string_view fixed(text, static_cast<size_t>(end - text));
    out_ += fixed;
    if (fixed.find('.') == std::string_view::npos) out_ += ".0";
  }

  void Quoted(std::string_view text) {
    out_ += '"';
    for (const char c : text) {
      switch (c) {
        case '"':
          out_ += "\\\"";
          break;
        case '\\':
          out_ += "\\\\";
          break;
        case '\b':
          out_ += "\\b";
          break;
        case '\f':
          out_ += "\\f";
          break;
        case '\n':
          out_ += "\\n";
          break;
        case '\r':
          out_ += "\\r";
          break;
        case '\t':
          out_ += "\\t";
          break;
        default:
          if (static_cast<unsigned char>(c) < 0x20) {
            fmt::format_to(std::back_inserter(out_), "\\u{:04x}", c);
          } else {
            out_ += c;
          }
      }
    }
    out_ += '"';
  }

  bool Opaque(ByteReader* reader) {
    const uint8_t type = reader->U8();
    const std::string_view bytes = reader->Bytes(Length(reader));
    if (!reader->ok()) return false;
    ByteReader inner({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
    if (type == kTypeNewDecimal) {
      const uint8_t precision = inner.U8();
      const uint8_t scale = inner.U8();
      return AppendDecimal(&inner, precision, scale, &out_) && inner.ok();
    }
    if (type == kTypeDate || type == kTypeTime || type == kTypeDateTime || type == kTypeTimestamp) {
      return Temporal(type, static_cast<int64_t>(inner.U64())) && inner.ok();
    }
    std::string text = fmt::format("base64:type{}:", type);
    text += ToBase64(bytes, kBase64LineMax);
    Quoted(text);
    return true;
  }

  // Packed: sign, then year*13+month (17 bits) or hours (10), day, hour, minute, second,
  // microseconds.
  bool Temporal(uint8_t type, int64_t packed) {
    const bool negative = packed < 0;
    const uint64_t magnitude =
        negative ? 0 - static_cast<uint64_t>(packed) : static_cast<uint64_t>(packed);
    const uint64_t microseconds = magnitude & 0xffffff;
    const uint64_t whole = magnitude >> 24;
    const uint64_t second = whole & 0x3f;
    const uint64_t minute = whole >> 6 & 0x3f;
    out_ += '"';
    if (type == kTypeTime) {
      const uint64_t hour = whole >> 12 & 0x3ff;
      fmt::format_to(std::back_inserter(out_), "{}{:02}:{:02}:{:02}.{:06}", negative ? "-" : "",
                     hour, minute, second, microseconds);
    } else {
      const uint64_t months = whole >> 22;
      fmt::format_to(std::back_inserter(out_), "{:04}-{:02}-{:02}", months / 13, months % 13,
                     whole >> 17 & 0x1f);
      if (type != kTypeDate) {
        fmt::format_to(std::back_inserter(out_), " {:02}:{:02}:{:02}.{:06}", whole >> 12 & 0x1f,
                       minute, second, microseconds);
      }
    }
    out_ += '"';
    return true;
  }

  bool Container(uint8_t type, std::span<const uint8_t> bytes, int depth) {
    const bool object = type <= kLargeObject;
    const size_t width = type == kLargeObject || type == kLargeArray ? 4 : 2;
    ByteReader header(bytes);
    const uint64_t count = header.Little(width);
    const uint64_t size = header.Little(width);
    const size_t key_entry = object ? width + 2 : 0;
    const size_t value_entry = 1 + width;
    if (!header.ok() || size > bytes.size() || count * (key_entry + value_entry) > size)
      return false;
    const std::span<const uint8_t> body = bytes.first(size);
    ByteReader keys(body.subspan(2 * width));
    ByteReader values(body.subspan(2 * width + count * key_entry));
    out_ += object ? '{' : '[';
    for (uint64_t i = 0; i < count; ++i) {
      if (i > 0) out_ += ", ";
      if (object) {
        const uint64_t offset = keys.Little(width);
        const uint16_t length = keys.U16();
        if (!keys.ok() || offset + length > size) return false;
        Quoted({reinterpret_cast<const char*>(body.data()) + offset, length});
        out_ += ": ";
      }
      const uint8_t value_type = values.U8();
      const uint8_t* inlined = values.position();
      const uint64_t offset = values.Little(width);
      if (!values.ok()) return false;
      const bool is_inlined = value_type == kLiteral || value_type == kInt16 ||
                              value_type == kUint16 ||
                              (width == 4 && (value_type == kInt32 || value_type == kUint32));
      if (!is_inlined && offset > size) return false;
      const std::span<const uint8_t> value =
          is_inlined ? std::span<const uint8_t>(inlined, width) : body.subspan(offset);
      if (!Value(value_type, value, depth + 1)) return false;
    }
    out_ += object ? '}' : ']';
    return true;
  }

  std::string& out_;
};

}  // namespace

bool AppendJsonText(std::span<const uint8_t> bytes, std::string* out) {
  if (bytes.empty()) {
    *out += "null";
    return true;
  }
  return Printer(out).Value(bytes[0], bytes.subspan(1), 0);
}

}  // namespace millrace::mysql
