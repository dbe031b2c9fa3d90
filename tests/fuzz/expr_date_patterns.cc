// A pattern and a text, parted by the first line break: compiling, printing and parsing end.
// The first byte chooses the style.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "expr/functions/date_pattern.h"
#include "expr/functions/java_zone.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using millrace::DatePattern;
  if (size == 0) return 0;
  const auto style =
      data[0] % 2 == 0 ? DatePattern::Style::kFormatter : DatePattern::Style::kSimple;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t line = std::min(input.find('\n'), input.size());
  const std::string_view text = input.substr(std::min(line + 1, input.size()));
  const auto zone = millrace::ParseJavaZone(text);
  if (zone) zone->ToLocal(zone->ToInstant(1'700'000'000'000'000));
  const auto pattern = DatePattern::Compile(input.substr(0, line), style);
  if (!pattern) return 0;
  for (const int64_t moment :
       {int64_t{0}, int64_t{-1}, int64_t{1'707'483'845'123'456}, int64_t{-62'167'219'200'000'000},
        int64_t{253'402'300'799'999'999}}) {
    std::string printed;
    pattern->Format(moment, 3'600'000'000, &printed);
    if (!pattern->can_parse()) continue;
    pattern->Parse(printed, false);
    pattern->Parse(printed, true, DatePattern::Values::kSmart);
  }
  if (!pattern->can_parse()) return 0;
  pattern->Parse(text, false);
  pattern->Parse(text, true, DatePattern::Values::kSmart);
  return 0;
}
