#include "row/print.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

#include "row/calendar.h"
#include "row/near_months.h"

namespace millrace {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kDayUs = 86'400 * kSecondUs;

constexpr auto kPairs = [] {
  std::array<char, 200> pairs{};
  for (size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

constexpr uint32_t kHundredMillion = 100'000'000;

// The eight decimal digits of value < 10^8, a byte each, the first one in the lowest byte: split in
// halves three times, all halves at once (little-endian machines only; checked in base/bytes.cc).
uint64_t EightDigits(uint32_t value) {
  const uint64_t fours = value / 10'000 | uint64_t{value % 10'000} << 32;
  const uint64_t hundreds = (fours * 10'486 >> 20) & 0x0000007f0000007full;  // fours / 100
  const uint64_t pairs = hundreds | (fours - hundreds * 100) << 16;
  const uint64_t tens = (pairs * 103 >> 10) & 0x000f000f000f000full;  // pairs / 10
  return tens | (pairs - tens * 10) << 8;
}

void PutDigits(char* out, uint64_t digits) {
  digits |= 0x3030303030303030ull;
  std::memcpy(out, &digits, sizeof digits);
}

// value < 10^8 without leading zeros; writes eight bytes whatever it returns.
size_t PutShort(char* out, uint32_t value) {
  const uint64_t digits = EightDigits(value);
  constexpr uint64_t kLastDigit = uint64_t{1} << 56;  // stays, even if it is a zero
  const int zeros = std::countr_zero(digits | kLastDigit) / 8;
  PutDigits(out, digits >> (8 * zeros));
  return static_cast<size_t>(8 - zeros);
}

char* PutTwo(char* out, uint32_t value) {  // value < 100
  std::memcpy(out, kPairs.data() + size_t{2} * value, 2);
  return out + 2;
}

size_t PutText(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return text.size();
}

// ".ddd" with the first `digits` digits of a fraction of a second; beyond microseconds zeros.
char* PutFraction(char* out, uint32_t microseconds, uint8_t digits) {
  if (digits == 0) return out;
  *out++ = '.';
  uint32_t divisor = 100'000;
  for (uint8_t i = 0; i < digits; ++i) {
    *out++ = divisor == 0 ? '0' : static_cast<char>('0' + microseconds / divisor % 10);
    divisor /= 10;
  }
  return out;
}

char* PutClock(char* out, uint32_t second_of_day) {
  out = PutTwo(out, second_of_day / 3600);
  *out++ = ':';
  out = PutTwo(out, second_of_day / 60 % 60);
  *out++ = ':';
  return PutTwo(out, second_of_day % 60);
}

// From the shortest digits "d.ddde[+-]xx" to the layout of Java's Double.toString.
size_t LayOutAsJava(char* out, char* scientific, size_t length) {
  char* const start = out;
  std::string_view text(scientific, length);
  if (text.front() == '-') {
    *out++ = '-';
    text.remove_prefix(1);
  }
  const size_t mark = text.find('e');
  int exponent = 0;
  const char* exponent_text = text.data() + mark + (text[mark + 1] == '+' ? 2 : 1);
  std::from_chars(exponent_text, text.data() + text.size(), exponent);
  char digits[32];
  size_t count = 0;
  for (const char c : text.substr(0, mark)) {
    if (c != '.') digits[count++] = c;
  }
  const auto put_digits = [&](size_t from, size_t to) {
    for (size_t i = from; i < to; ++i) *out++ = i < count ? digits[i] : '0';
  };
  if (exponent >= 7 || exponent < -3) {
    put_digits(0, 1);
    *out++ = '.';
    put_digits(1, std::max<size_t>(count, 2));
    *out++ = 'E';
    return static_cast<size_t>(out - start) + PrintInteger(out, exponent);
  }
  if (exponent >= 0) {
    const size_t whole = static_cast<size_t>(exponent) + 1;
    put_digits(0, whole);
    *out++ = '.';
    put_digits(whole, std::max(count, whole + 1));
  } else {
    *out++ = '0';
    *out++ = '.';
    for (int i = -1; i > exponent; --i) *out++ = '0';
    put_digits(0, count);
  }
  return static_cast<size_t>(out - start);
}

template <typename Number>
size_t PrintFloating(char* out, Number value) {
  if (std::isnan(value)) return PutText(out, "NaN");
  if (std::isinf(value)) return PutText(out, value < 0 ? "-Infinity" : "Infinity");
  if (value == 0) return PutText(out, std::signbit(value) ? "-0.0" : "0.0");
  char scientific[40];
  const auto result = std::to_chars(scientific, scientific + sizeof scientific, value,
                                    std::chars_format::scientific);
  char* end = result.ptr;
  if (scientific[value < 0 ? 2 : 1] == 'e' && std::fpclassify(value) == FP_SUBNORMAL) [[unlikely]] {
    // Java wants two digits, the nearest ones; near zero they need not end in 0 (4.9E-324).
    end = std::to_chars(scientific, scientific + sizeof scientific, value,
                        std::chars_format::scientific, 1)
              .ptr;
  }
  return LayOutAsJava(out, scientific, static_cast<size_t>(end - scientific));
}

}  // namespace

size_t PrintInteger(char* out, int64_t value) {
  if (value >= 0) return PrintUnsigned(out, static_cast<uint64_t>(value));
  *out = '-';
  return 1 + PrintUnsigned(out + 1, 0 - static_cast<uint64_t>(value));
}

size_t PrintUnsigned(char* out, uint64_t value) {
  if (value < kHundredMillion) [[likely]]
    return PutShort(out, static_cast<uint32_t>(value));
  constexpr uint64_t kSquare = uint64_t{kHundredMillion} * kHundredMillion;
  size_t size = 0;
  if (value < kSquare) {
    size = PutShort(out, static_cast<uint32_t>(value / kHundredMillion));
  } else {
    size = PutShort(out, static_cast<uint32_t>(value / kSquare));
    PutDigits(out + size,
              EightDigits(static_cast<uint32_t>(value / kHundredMillion % kHundredMillion)));
    size += 8;
  }
  PutDigits(out + size, EightDigits(static_cast<uint32_t>(value % kHundredMillion)));
  return size + 8;
}

size_t PrintDate(char* out, int64_t days) {
  const int64_t near = days - kFirstNearDay;
  if (near >= 0 && near < kNearDays) [[likely]] {
    const NearMonth* month = NearMonthOf(static_cast<uint32_t>(near));
    std::memcpy(out, month->text.data(), month->text.size());
    PutTwo(out + month->text.size(), static_cast<uint32_t>(near) - month->first + 1);
    return month->text.size() + 2;
  }
  const Civil civil = CivilFromDays(days);
  char* at = out;
  if (civil.year >= 0 && civil.year <= 9999) [[likely]] {
    at = PutTwo(at, static_cast<uint32_t>(civil.year) / 100);
    at = PutTwo(at, static_cast<uint32_t>(civil.year) % 100);
  } else {
    at += PrintInteger(at, civil.year);
  }
  *at++ = '-';
  at = PutTwo(at, civil.month);
  *at++ = '-';
  at = PutTwo(at, civil.day);
  return static_cast<size_t>(at - out);
}

size_t PrintTimestamp(char* out, int64_t microseconds, uint8_t digits) {
  const int64_t days = FloorDivide(microseconds, kDayUs);
  const int64_t of_day = microseconds - days * kDayUs;
  char* at = out + PrintDate(out, days);
  *at++ = ' ';
  at = PutClock(at, static_cast<uint32_t>(of_day / kSecondUs));
  at = PutFraction(at, static_cast<uint32_t>(of_day % kSecondUs), digits);
  return static_cast<size_t>(at - out);
}

size_t PrintTime(char* out, int64_t microseconds, uint8_t digits) {
  char* at = out;
  if (microseconds < 0) *at++ = '-';
  const uint64_t magnitude = microseconds < 0 ? 0 - static_cast<uint64_t>(microseconds)
                                              : static_cast<uint64_t>(microseconds);
  const uint64_t seconds = magnitude / kSecondUs;
  if (seconds >= 360'000) {  // three and more digits of hours
    at += PrintUnsigned(at, seconds / 3600);
    *at++ = ':';
    at = PutTwo(at, static_cast<uint32_t>(seconds / 60 % 60));
    *at++ = ':';
    at = PutTwo(at, static_cast<uint32_t>(seconds % 60));
  } else {
    at = PutClock(at, static_cast<uint32_t>(seconds));
  }
  at = PutFraction(at, static_cast<uint32_t>(magnitude % kSecondUs), digits);
  return static_cast<size_t>(at - out);
}

size_t PrintYearInterval(char* out, int64_t months) {
  *out = months < 0 ? '-' : '+';
  const uint64_t magnitude =
      months < 0 ? 0 - static_cast<uint64_t>(months) : static_cast<uint64_t>(months);
  char* at = out + 1 + PrintUnsigned(out + 1, magnitude / 12);
  *at++ = '-';
  at = PutTwo(at, static_cast<uint32_t>(magnitude % 12));
  return static_cast<size_t>(at - out);
}

size_t PrintDayInterval(char* out, int64_t milliseconds) {
  constexpr uint64_t kDayMs = 86'400'000;
  *out = milliseconds < 0 ? '-' : '+';
  const uint64_t magnitude = milliseconds < 0 ? 0 - static_cast<uint64_t>(milliseconds)
                                              : static_cast<uint64_t>(milliseconds);
  char* at = out + 1 + PrintUnsigned(out + 1, magnitude / kDayMs);
  *at++ = ' ';
  at = PutClock(at, static_cast<uint32_t>(magnitude % kDayMs / 1000));
  at = PutFraction(at, static_cast<uint32_t>(magnitude % 1000 * 1000), 3);
  return static_cast<size_t>(at - out);
}

size_t PrintDouble(char* out, double value) { return PrintFloating(out, value); }
size_t PrintFloat(char* out, float value) { return PrintFloating(out, value); }

size_t PrintCell(char* out, const Cell& cell, const TimeZone& zone) {
  switch (cell.kind) {
    case CellKind::kBool:
      return PutText(out, cell.u != 0 ? "TRUE" : "FALSE");
    case CellKind::kInt:
      return PrintInteger(out, cell.i);
    case CellKind::kUint:
      return PrintUnsigned(out, cell.u);
    case CellKind::kFloat:
      return PrintFloat(out, static_cast<float>(cell.f));
    case CellKind::kDouble:
      return PrintDouble(out, cell.f);
    case CellKind::kDate:
      return PrintDate(out, cell.i);
    case CellKind::kTime:
      return PrintTime(out, cell.i, cell.scale);
    case CellKind::kTimestamp:
      return PrintTimestamp(out, cell.i, cell.scale);
    case CellKind::kInstant:
      return PrintTimestamp(out, zone.ToLocal(cell.i), cell.scale);
    case CellKind::kYearInterval:
      return PrintYearInterval(out, cell.i);
    case CellKind::kDayInterval:
      return PrintDayInterval(out, cell.i);
    default:  // kNull, the kinds with bytes and those with cells
      return 0;
  }
}

void AppendCell(std::string* out, const Cell& cell, const TimeZone& zone) {
  if (cell.has_bytes()) {
    out->append(cell.view());
    return;
  }
  if (cell.is_structured()) {
    PrintStructure(
        cell, {}, [&](std::string_view text) { out->append(text); },
        [&](const Cell& item) { AppendCell(out, item, zone); });
    return;
  }
  char text[kCellTextMax];
  out->append(text, PrintCell(text, cell, zone));
}

}  // namespace millrace
