#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

#include "base/code_point_width.h"

namespace millrace {
namespace {

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

struct Unit {
  std::string_view name;
  int64_t factor;
};

// "12 unit" with a unit of the table; a missing unit is the first one. Overflow is nothing.
std::optional<int64_t> ParseWithUnit(std::string_view text, std::span<const Unit> units,
                                     int64_t divisor) {
  text = Trim(text);
  size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  const std::optional<int64_t> number = ParseInteger(text.substr(0, digits));
  if (!number) return std::nullopt;
  const std::string unit = ToLower(Trim(text.substr(digits)));
  for (const Unit& candidate : units) {
    if (unit == candidate.name) {
      if (*number > std::numeric_limits<int64_t>::max() / candidate.factor) return std::nullopt;
      return *number * candidate.factor / divisor;
    }
  }
  return std::nullopt;
}

// Levenshtein distance with neighbours swapped counting one, up to `limit`.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

// The code point at text[at], or nothing for a broken sequence. `*length` gets its bytes.
std::optional<uint32_t> DecodeUtf8(std::string_view text, size_t at, size_t* length) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(at);
  *length = 1;
  if (first < 0x80) return first;
  const size_t count = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + count > text.size()) return std::nullopt;
  uint32_t code = first & (0x7fu >> count);
  for (size_t i = 1; i < count; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return std::nullopt;
    code = code << 6 | (byte(at + i) & 0x3fu);
  }
  constexpr std::array<uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[count] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
    return std::nullopt;
  }
  *length = count;
  return code;
}

}  // namespace

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return LowerAscii(x) == LowerAscii(y);
         });
}

std::string ToLower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), LowerAscii);
  return result;
}

std::string ToUpper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return result;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string Join(std::span<const std::string> parts, std::string_view separator) {
  std::string result;
  for (const std::string& part : parts) {
    if (&part != parts.data()) result += separator;
    result += part;
  }
  return result;
}

std::string Quoted(std::string_view name) {
  std::string result = "\"";
  result += name;
  result += '"';
  return result;
}

std::optional<std::string> Nearest(std::string_view name, std::span<const std::string> candidates) {
  const std::string wanted = ToLower(name.substr(0, 256));
  std::optional<std::string> best;
  size_t best_distance = std::max<size_t>(1, wanted.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const size_t distance = EditDistance(wanted, ToLower(candidate));
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string DidYouMean(std::string_view name, std::span<const std::string> candidates) {
  const std::optional<std::string> nearest = Nearest(name, candidates);
  return nearest ? "Did you mean " + Quoted(*nearest) + "?" : std::string();
}

std::optional<int64_t> ParseDurationMs(std::string_view text) {
  constexpr int64_t kMs = 1'000'000, kSecond = 1000 * kMs, kMinute = 60 * kSecond;
  constexpr int64_t kHour = 60 * kMinute, kDay = 24 * kHour;
  static constexpr Unit kUnits[] = {
      {"", kMs},           {"ms", kMs},           {"milli", kMs},
      {"millis", kMs},     {"millisecond", kMs},  {"milliseconds", kMs},
      {"s", kSecond},      {"sec", kSecond},      {"secs", kSecond},
      {"second", kSecond}, {"seconds", kSecond},  {"m", kMinute},
      {"min", kMinute},    {"minute", kMinute},   {"minutes", kMinute},
      {"h", kHour},        {"hour", kHour},       {"hours", kHour},
      {"d", kDay},         {"day", kDay},         {"days", kDay},
      {"us", 1000},        {"\u00b5s", 1000},     {"micro", 1000},
      {"micros", 1000},    {"microsecond", 1000}, {"microseconds", 1000},
      {"ns", 1},           {"nano", 1},           {"nanos", 1},
      {"nanosecond", 1},   {"nanoseconds", 1},
  };
  return ParseWithUnit(text, kUnits, kMs);
}

std::optional<int64_t> ParseMemoryBytes(std::string_view text) {
  static constexpr Unit kUnits[] = {
      {"", 1},
      {"b", 1},
      {"byte", 1},
      {"bytes", 1},
      {"k", 1 << 10},
      {"kb", 1 << 10},
      {"kibibytes", 1 << 10},
      {"m", 1 << 20},
      {"mb", 1 << 20},
      {"mebibytes", 1 << 20},
      {"g", 1 << 30},
      {"gb", 1 << 30},
      {"gibibytes", 1 << 30},
      {"t", int64_t{1} << 40},
      {"tb", int64_t{1} << 40},
      {"tebibytes", int64_t{1} << 40},
  };
  return ParseWithUnit(text, kUnits, 1);
}

std::optional<int64_t> ParseInteger(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> ParseBoolean(std::string_view text) {
  if (EqualsIgnoreCase(text, "true")) return true;
  if (EqualsIgnoreCase(text, "false")) return false;
  return std::nullopt;
}

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  for (size_t at = 0, length = 0; at < text.size(); at += length) {
    const std::optional<uint32_t> code = DecodeUtf8(text, at, &length);
    width += code ? CodePointWidth(*code) : 1;
  }
  return width;
}

size_t Utf8Length(std::string_view text, size_t at) {
  size_t length = 1;
  DecodeUtf8(text, at, &length);
  return length;
}

bool IsUtf8(std::string_view text) {
  size_t length = 0;
  for (size_t at = 0; at < text.size(); at += length) {
    if (!DecodeUtf8(text, at, &length)) return false;
  }
  return true;
}

}  // namespace millrace
