#include "connectors/doris/label.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"

namespace millrace::doris {
namespace {

constexpr size_t kStemMax = 72;     // leaves room for four numbers of 64 bits
constexpr size_t kJobNameMax = 40;  // bytes of a job's name in place of a prefix

bool IsLabelByte(char c) { return IsLetterOrDigit(c) || c == '_' || c == '-' || c == ':'; }

uint64_t Hash(std::string_view text) {  // FNV-1a: the same on every machine and in every version
  uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return hash;
}

}  // namespace

Labels::Labels(std::string_view prefix, std::string_view database, std::string_view table,
               std::string_view job, std::string_view sink) {
  std::string beginning(prefix.empty() ? job.substr(0, kJobNameMax) : prefix);
  std::replace_if(
      beginning.begin(), beginning.end(), [](char c) { return !IsLabelByte(c); }, '_');
  std::string target = fmt::format("{}_{}", database, table);
  if (!std::all_of(target.begin(), target.end(), IsLabelByte) ||
      beginning.size() + 1 + target.size() > kStemMax) {
    target = fmt::format("{:016x}", Hash(target));
  }
  if (beginning.size() + 1 + target.size() > kStemMax) {
    beginning.resize(kStemMax - 1 - target.size());
  }
  const uint64_t owner = Hash(fmt::format("{}\n{}\n{}", job, sink, prefix));
  stem_ = fmt::format("{}_{}_{:06x}", beginning, target, owner & 0xffffff);
}

std::string Labels::Of(const LoadName& name) const {
  std::string label = fmt::format("{}-{}_{}_{}", stem_, name.incarnation, name.sequence, name.lane);
  if (name.segment > 1) label += fmt::format("_{}", name.segment);
  return label;
}

}  // namespace millrace::doris
