#include "connectors/mysql/values/decimal.h"

#include <array>
#include <cstring>

namespace millrace::mysql {
namespace {

constexpr size_t kGroupDigits = 9;
constexpr size_t kGroupBytes = 4;
constexpr uint8_t kPrecisionMax = 65;  // of a column
// JSON has decimals as they are calculated with, where the digits before the point fill groups.
constexpr uint8_t kGroupedPrecisionMax = 81;
constexpr uint8_t kScaleMax = 38;
constexpr std::array<uint8_t, 10> kLeftoverBytes = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

}  // namespace

bool IsDecimal(uint8_t precision, uint8_t scale) {
  return precision >= 1 && precision <= kPrecisionMax && scale <= kScaleMax && scale <= precision;
}

size_t DecimalBytes(uint8_t precision, uint8_t scale) {
  const size_t whole = precision - scale;
  return whole / kGroupDigits * kGroupBytes + kLeftoverBytes[whole % kGroupDigits] +
         scale / kGroupDigits * kGroupBytes + kLeftoverBytes[scale % kGroupDigits];
}

size_t PrintDecimal(ByteReader* reader, uint8_t precision, uint8_t scale, char* out) {
  if (precision < 1 || precision > kGroupedPrecisionMax || scale > kScaleMax || scale > precision) {
    return 0;
  }
  const size_t size = DecimalBytes(precision, scale);
  const std::string_view packed = reader->Bytes(size);
  if (packed.size() != size) return 0;
  std::array<uint8_t, 40> bytes;
  std::memcpy(bytes.data(), packed.data(), size);
  const bool negative = (bytes[0] & 0x80) == 0;
  bytes[0] ^= 0x80;
  if (negative) {
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(~bytes[i]);
  }
  char digits[kGroupedPrecisionMax + kGroupDigits];
  size_t count = 0;
  size_t at = 0;
  const auto take = [&](size_t group_digits) {
    uint32_t value = 0;
    for (size_t i = 0; i < kLeftoverBytes[group_digits]; ++i) value = value << 8 | bytes[at++];
    for (size_t i = group_digits; i > 0; --i, value /= 10) {
      digits[count + i - 1] = static_cast<char>('0' + value % 10);
    }
    count += group_digits;
  };
  const size_t whole = static_cast<size_t>(precision - scale);
  if (whole % kGroupDigits != 0) take(whole % kGroupDigits);
  for (size_t i = 0; i < whole / kGroupDigits; ++i) take(kGroupDigits);
  for (size_t i = 0; i < scale / kGroupDigits; ++i) take(kGroupDigits);
  if (scale % kGroupDigits != 0) take(scale % kGroupDigits);
  char* end = out;
  if (negative) *end++ = '-';
  size_t first = 0;
  // The lambda has filled them, which the analyzer does not see.
  // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult)
  while (first + 1 < whole && digits[first] == '0') ++first;
  if (whole == 0) *end++ = '0';
  for (size_t i = first; i < count; ++i) {
    if (i == whole) *end++ = '.';
    *end++ = digits[i];
  }
  return static_cast<size_t>(end - out);
}

bool AppendDecimal(ByteReader* reader, uint8_t precision, uint8_t scale, std::string* out) {
  char text[kDecimalTextMax];
  const size_t size = PrintDecimal(reader, precision, scale, text);
  out->append(text, size);
  return size > 0;
}

}  // namespace millrace::mysql
