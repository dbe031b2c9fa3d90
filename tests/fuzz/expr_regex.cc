// A pattern and a text, parted by the first line break: a pattern of Java is translated to one of
// PCRE2 or refused, and searching ends.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/regex.h"
#include "expr/functions/java_pattern.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using millrace::Regex;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t line = std::min(input.find('\n'), input.size());
  const millrace::JavaPattern java = millrace::TranslateJavaPattern(input.substr(0, line));
  if (java.kind != millrace::JavaPattern::Kind::kValid) return 0;
  Regex::Problem problem = Regex::Problem::kInvalid;
  auto regex = Regex::Compile(java.pattern, Regex::Match::kPart, Regex::Case::kSensitive, &problem);
  if (!regex) return 0;
  const std::string_view text = input.substr(std::min(line + 1, input.size()));
  const auto found = regex->Find(text);
  if (found.ok() && found.value()) regex->Group(regex->groups());
  return 0;
}
