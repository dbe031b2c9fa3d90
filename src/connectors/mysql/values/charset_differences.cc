#include "connectors/mysql/values/charset_differences.h"

#include <algorithm>
#include <iterator>

namespace millrace::mysql {
namespace {

constexpr uint32_t kRowFirst = 0xa1;  // last byte of the first code of a row
constexpr uint32_t kRowCodes = 94;

constexpr CodeDifference kCodeDifferences[] = {
    {"big5", 0xa145, 0xa145, 0x2022},
    {"big5", 0xa14e, 0xa14e, 0xff64},
    {"big5", 0xa15a, 0xa15a, 0xfffd},
    {"big5", 0xa1c2, 0xa1c2, 0x203e},
    {"big5", 0xa1c3, 0xa1c3, 0xfffd},
    {"big5", 0xa1c5, 0xa1c5, 0xfffd},
    {"big5", 0xa1e3, 0xa1e3, 0x223c},
    {"big5", 0xa1f2, 0xa1f2, 0x2641},
    {"big5", 0xa1f3, 0xa1f3, 0x2609},
    {"big5", 0xa1fe, 0xa1fe, 0xfffd},
    {"big5", 0xa240, 0xa240, 0xfffd},
    {"big5", 0xa241, 0xa241, 0xff0f},
    {"big5", 0xa242, 0xa242, 0xff3c},
    {"big5", 0xa244, 0xa244, 0xa5},
    {"big5", 0xa246, 0xa247, 0xa2},
    {"big5", 0xa2cc, 0xa2cc, 0xfffd},
    {"big5", 0xa2ce, 0xa2ce, 0xfffd},
    {"big5", 0xa3e1, 0xa3e1, '?'},
    {"big5", 0xc6a1, 0xc6a1, 0x30fe},
    {"big5", 0xc6a2, 0xc6a3, 0x309d},
    {"big5", 0xc6a4, 0xc6a4, 0x3005},
    {"big5", 0xc6a5, 0xc6f7, 0x3041},
    {"big5", 0xc6f8, 0xc6fe, 0x30a1},
    {"big5", 0xc740, 0xc77e, 0x30a8},
    {"big5", 0xc7a1, 0xc7b0, 0x30e7},
    {"big5", 0xc7b1, 0xc7b2, 0x414},
    {"big5", 0xc7b3, 0xc7b3, 0x401},
    {"big5", 0xc7b4, 0xc7ba, 0x416},
    {"big5", 0xc7bb, 0xc7cd, 0x423},
    {"big5", 0xc7ce, 0xc7ce, 0x451},
    {"big5", 0xc7cf, 0xc7e8, 0x436},
    {"big5", 0xc7e9, 0xc7f2, 0x2460},
    {"big5", 0xc7f3, 0xc7fc, 0x2474},
    {"big5", 0xc7fd, 0xc7fe, '?', true},
    {"big5", 0xc840, 0xc87e, '?', true},
    {"big5", 0xc8a1, 0xc8fe, '?', true},
    {"big5", 0xf9dd, 0xf9fe, '?', true},
    // glibc refuses it and goes past it at once, so that what follows would be lost.
    {"euckr", 0xa2e8, 0xa2e8, '?'},
    {"ujis", 0xf5a1, 0xfefe, 0xe000},
    {"ujis", 0x8fa2b7, 0x8fa2b7, 0x7e},
    {"ujis", 0x8ff5a1, 0x8ffefe, 0xe3ac},
    {"gb18030", 0xa6d9, 0xa6df, 0xe78d},
    {"gb18030", 0xa6ec, 0xa6ed, 0xe794},
    {"gb18030", 0xa6f3, 0xa6f3, 0xe796},
    {"gb18030", 0xfe51, 0xfe53, 0xe816},
    {"gb18030", 0xfe59, 0xfe59, 0xe81e},
    {"gb18030", 0xfe61, 0xfe61, 0xe826},
    {"gb18030", 0xfe66, 0xfe67, 0xe82b},
    {"gb18030", 0xfe6c, 0xfe6d, 0xe831},
    {"gb18030", 0xfe76, 0xfe76, 0xe83b},
    {"gb18030", 0xfe7e, 0xfe7e, 0xe843},
    {"gb18030", 0xfe90, 0xfe91, 0xe854},
    {"gb18030", 0xfea0, 0xfea0, 0xe864},
    {"gb18030", 0x82359037, 0x82359039, 0x9fb4},
    {"gb18030", 0x82359130, 0x82359134, 0x9fb7},
    {"gb18030", 0x84318236, 0x84318239, 0xfe10},
    {"gb18030", 0x84318330, 0x84318335, 0xfe14},
};

}  // namespace

std::span<const CodeDifference> CodeDifferencesOf(std::string_view mysql) {
  const auto is_of_set = [&](const CodeDifference& difference) {
    return difference.mysql == mysql;
  };
  const auto* begin =
      std::find_if(std::begin(kCodeDifferences), std::end(kCodeDifferences), is_of_set);
  const auto* end = std::find_if_not(begin, std::end(kCodeDifferences), is_of_set);
  return {begin, end};
}

std::optional<uint32_t> FindCode(std::span<const CodeDifference> differences,
                                 std::string_view character) {
  if (character.size() < 2) return std::nullopt;  // ASCII
  uint32_t code = 0;
  for (const char c : character) code = code << 8 | static_cast<uint8_t>(c);
  const auto found = std::lower_bound(
      differences.begin(), differences.end(), code,
      [](const CodeDifference& difference, uint32_t wanted) { return difference.last < wanted; });
  if (found == differences.end() || code < found->first) return std::nullopt;
  const uint32_t rows = (code >> 8) - (found->first >> 8);
  if (rows > 0 && (code & 0xff) < kRowFirst) return std::nullopt;
  if (found->same) return found->code_point;
  return found->code_point + rows * kRowCodes + (code & 0xff) - (found->first & 0xff);
}

}  // namespace millrace::mysql
