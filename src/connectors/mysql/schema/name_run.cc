#include "connectors/mysql/schema/name_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/ascii.h"
#include "base/units.h"

namespace millrace::mysql {
namespace {

constexpr size_t kDigitsMax = 18;  // fit into 64 bits
constexpr std::string_view kUpTo = "..";

// A name as a prefix, the width that its zeros in front ask for, and a number.
struct Numbered {
  std::string prefix;
  size_t width = 0;
  uint64_t number = 0;
};

std::optional<Numbered> Split(std::string_view name) {
  size_t digits = 0;
  while (digits < name.size() && IsDigit(name[name.size() - 1 - digits])) ++digits;
  if (digits == 0 || digits > kDigitsMax) return std::nullopt;
  const std::string_view number = name.substr(name.size() - digits);
  const std::optional<int64_t> value = ParseInteger(number);
  if (!value) return std::nullopt;
  const bool has_zeros = digits > 1 && number[0] == '0';
  return Numbered{std::string(name.substr(0, name.size() - digits)), has_zeros ? digits : 0,
                  static_cast<uint64_t>(*value)};
}

}  // namespace

std::string NameRun::ToText() const {
  return fmt::format("{}{:0{}}{}{:0{}}", prefix, first, width, kUpTo, last, width);
}

std::optional<NameRun> NameRun::Parse(std::string_view text) {
  const size_t middle = text.rfind(kUpTo);
  if (middle == std::string_view::npos) return std::nullopt;
  std::optional<Numbered> from = Split(text.substr(0, middle));
  const std::optional<Numbered> to = Split(text.substr(middle + kUpTo.size()));
  if (!from || !to || !to->prefix.empty() || to->number < from->number) return std::nullopt;
  if (to->number - from->number >= kNamesMax) return std::nullopt;
  return NameRun{std::move(from->prefix), from->width, from->number, to->number};
}

std::vector<std::string> NameRun::Names() const {
  std::vector<std::string> names;
  for (uint64_t number = first; number <= last; ++number) {
    names.push_back(fmt::format("{}{:0{}}", prefix, number, width));
  }
  return names;
}

std::vector<NameRun> TakeRuns(std::vector<std::string>* names) {
  std::map<std::pair<std::string, size_t>, std::vector<uint64_t>> numbers;
  for (const std::string& name : *names) {
    if (auto split = Split(name)) {
      numbers[{std::move(split->prefix), split->width}].push_back(split->number);
    }
  }
  std::vector<NameRun> runs;
  std::vector<std::string> taken;
  for (auto& [key, of_key] : numbers) {
    std::sort(of_key.begin(), of_key.end());
    for (size_t begin = 0, end = 0; begin < of_key.size(); begin = end) {
      end = begin + 1;
      while (end < of_key.size() && of_key[end] == of_key[end - 1] + 1 &&
             end - begin < NameRun::kNamesMax) {
        ++end;
      }
      if (end - begin < kRunNamesMin) continue;
      const NameRun& run =
          runs.emplace_back(NameRun{key.first, key.second, of_key[begin], of_key[end - 1]});
      for (std::string& name : run.Names()) taken.push_back(std::move(name));
    }
  }
  std::sort(taken.begin(), taken.end());
  std::erase_if(*names, [&](const std::string& name) {
    return std::binary_search(taken.begin(), taken.end(), name);
  });
  return runs;
}

}  // namespace millrace::mysql
