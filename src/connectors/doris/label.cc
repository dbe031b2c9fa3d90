#include "connectors/doris/label.h"

#include <fmt/format.h>

#include <algorithm>

namespace millrace::doris {
namespace {

constexpr size_t kStemMax = 72;      // leaves room for four numbers of 64 bits at most
constexpr size_t kNamePartMax = 40;  // of a job's name that stands in for a prefix

bool IsLabelByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-' || c == ':';
}

uint64_t Hash(std::string_view text) {  // FNV-1a: the same on every machine, for ever
  uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return hash;
}

}  // namespace

Labels::Labels(std::string_view prefix, std::string_view database, std::string_view table,
               std::string_view job, std::string_view sink) {
  std::string beginning(prefix.empty() ? job.substr(0, kNamePartMax) : prefix);
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
  if (name.part > 1) label += fmt::format("_{}", name.part);
  return label;
}

}  // namespace millrace::doris
