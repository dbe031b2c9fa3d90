// One directive (%...) of a format as in java.util.Formatter.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace millrace {

// A bit for each letter of kFormatFlags, the first one the lowest.
inline constexpr std::string_view kFormatFlags = "-#+ 0,(<";
constexpr uint8_t FormatFlag(char letter) {
  return static_cast<uint8_t>(1u << kFormatFlags.find(letter));
}

struct FormatDirective {
  char letter = 0;  // b s c d o x e f g % n
  bool upper = false;
  uint8_t flags = 0;
  uint32_t argument = 0;  // 1-based; 0: the next one
  std::optional<uint32_t> width;
  std::optional<uint32_t> precision;

  bool Has(char flag) const { return (flags & FormatFlag(flag)) != 0; }
};

// The directive after the % at format[*at - 1]; moves *at past it. Nothing if it is invalid or
// unknown, or has flags, a width or a precision that it does not take.
std::optional<FormatDirective> ReadDirective(std::string_view format, size_t* at);

}  // namespace millrace
