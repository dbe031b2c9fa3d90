// Names that differ only in the number at their end, such as the tables of a sharded one, written
// as one: "t_0..99" stands for t_0, t_1 and so on up to t_99. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::mysql {

struct NameRun {
  std::string prefix;  // ends in no digit
  size_t width = 0;    // digits of every number, filled up with zeros; 0: none has zeros in front
  uint64_t first = 0;
  uint64_t last = 0;

  std::string ToText() const;
  // Nothing if the text is none, or stands for more than kNamesMax names.
  static std::optional<NameRun> Parse(std::string_view text);
  std::vector<std::string> Names() const;

  static constexpr uint64_t kNamesMax = 1'000'000;
};

inline constexpr size_t kRunNamesMin = 8;  // fewer are easier to read one by one

// Takes those names out of the list, each in it once, that can be written as runs of so many.
std::vector<NameRun> TakeRuns(std::vector<std::string>* names);

}  // namespace millrace::mysql
