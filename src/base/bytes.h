// Reading untrusted bytes: a bounds-checked cursor with a sticky failure. Every read checks; after
// the first overrun all reads return zero or empty, and one look at ok() at the end is enough.
// Callers compare lengths with remaining() before they allocate. And its counterpart, which writes.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace millrace {

class ByteReader final {
 public:
  explicit ByteReader(std::span<const uint8_t> bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  size_t remaining() const { return static_cast<size_t>(end_ - at_); }
  const uint8_t* position() const { return at_; }

  uint8_t U8() { return static_cast<uint8_t>(Little(1)); }
  uint16_t U16() { return static_cast<uint16_t>(Little(2)); }
  uint32_t U24() { return static_cast<uint32_t>(Little(3)); }
  uint32_t U32() { return static_cast<uint32_t>(Little(4)); }
  uint64_t U48() { return Little(6); }
  uint64_t U64() { return Little(8); }

  // Unsigned little-endian integer of `width` bytes, 0 <= width <= 8.
  uint64_t Little(size_t width) {
    if (width == 0 || !Need(width)) return 0;  // at_ may be null if there is nothing to read
    uint64_t value = 0;
    if (WordAt(at_)) [[likely]] {
      std::memcpy(&value, at_, sizeof value);
      value = value << (64 - 8 * width) >> (64 - 8 * width);
    } else {
      std::memcpy(&value, at_, width);
    }
    at_ += width;
    return value;
  }

  // Unsigned big-endian integer of `width` bytes, 0 <= width <= 8.
  uint64_t Big(size_t width) {
    if (width == 0 || !Need(width)) return 0;
    uint64_t value = 0;
    if (WordAt(at_)) [[likely]] {
      std::memcpy(&value, at_, sizeof value);
      value = __builtin_bswap64(value) >> (64 - 8 * width);
    } else {
      for (size_t i = 0; i < width; ++i) value = value << 8 | at_[i];
    }
    at_ += width;
    return value;
  }

  // MySQL's length-encoded integer (fb, the NULL mark of text rows, is a failure here).
  uint64_t LengthEncoded() {
    const uint8_t first = U8();
    if (first < 0xfb) return first;
    if (first == 0xfc) return U16();
    if (first == 0xfd) return U24();
    if (first == 0xfe) return U64();
    ok_ = false;
    return 0;
  }

  // The next `length` bytes, still in the caller's buffer.
  std::string_view Bytes(uint64_t length) {
    if (!Need(length)) return {};
    std::string_view view(reinterpret_cast<const char*>(at_), length);
    at_ += length;
    return view;
  }

  // The same, and passes over the zero that ends them.
  std::string_view BytesBeforeZero(uint64_t length) {
    const std::string_view bytes = Bytes(length);
    Skip(1);
    return bytes;
  }

  void Skip(uint64_t length) {
    if (Need(length)) at_ += length;
  }

  void Fail() { ok_ = false; }

 private:
  // Whether eight bytes can be loaded, which is several times as fast as copying a few of them.
  bool WordAt(const uint8_t* at) const { return end_ - at >= 8; }

  bool Need(uint64_t length) {
    if (length <= static_cast<uint64_t>(end_ - at_)) [[likely]]
      return ok_;
    ok_ = false;
    at_ = end_;
    return false;
  }

  const uint8_t* at_;
  const uint8_t* end_;
  bool ok_ = true;
};

// Appends integers, the lowest byte first, and raw bytes.
class ByteWriter final {
 public:
  void U8(uint8_t value) { Little(value, 1); }
  void U16(uint16_t value) { Little(value, 2); }
  void U32(uint32_t value) { Little(value, 4); }
  void U64(uint64_t value) { Little(value, 8); }
  // The `width` low bytes of `value`, 0 <= width <= 8.
  void Little(uint64_t value, size_t width) {
    bytes_.append(reinterpret_cast<const char*>(&value), width);
  }
  void Bytes(std::string_view bytes) { bytes_.append(bytes); }

  const std::string& bytes() const { return bytes_; }
  std::string Take() { return std::exchange(bytes_, {}); }

 private:
  std::string bytes_;
};

}  // namespace millrace
