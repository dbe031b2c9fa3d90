#include "connectors/mysql/binlog/gtid_set.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/encode.h"
#include "base/units.h"

namespace millrace::mysql {
namespace {

constexpr size_t kUuidLength = 36;

bool IsUuid(std::string_view text) {
  if (text.size() != kUuidLength) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    if (dash ? c != '-' : HexValue(c) < 0) return false;
  }
  return true;
}

}  // namespace

std::optional<GtidSet> GtidSet::Parse(std::string_view text) {
  GtidSet set;
  if (Trim(text).empty()) return set;
  for (const std::string& entry : Split(text, ',')) {
    const std::vector<std::string> pieces = Split(Trim(entry), ':');
    const std::string uuid = ToLower(Trim(pieces[0]));
    if (!IsUuid(uuid) || pieces.size() < 2) return std::nullopt;
    std::string source = uuid;
    for (size_t i = 1; i < pieces.size(); ++i) {
      const std::string piece(Trim(pieces[i]));
      const bool is_tag = !piece.empty() && (piece[0] < '0' || piece[0] > '9');
      if (is_tag) {
        source = uuid + ":" + ToLower(piece);
        continue;
      }
      const size_t dash = piece.find('-');
      const auto first = ParseInteger(std::string_view(piece).substr(0, dash));
      const auto last = dash == std::string::npos ? first : ParseInteger(piece.substr(dash + 1));
      if (!first || !last || *first < 1 || *last < *first) return std::nullopt;
      set.AddInterval(source, {static_cast<uint64_t>(*first), static_cast<uint64_t>(*last)});
    }
  }
  return set;
}

bool GtidSet::has_tags() const {
  return std::any_of(sources_.begin(), sources_.end(),
                     [](const auto& entry) { return entry.first.size() > kUuidLength; });
}

void GtidSet::Add(const std::string& source, uint64_t number) {
  std::vector<Interval>& intervals = sources_[source];
  if (!intervals.empty() && intervals.back().last + 1 == number) {
    ++intervals.back().last;  // nearly always
    return;
  }
  AddInterval(source, {number, number});
}

void GtidSet::AddInterval(const std::string& source, Interval interval) {
  std::vector<Interval>& intervals = sources_[source];
  intervals.push_back(interval);
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.first < b.first; });
  std::vector<Interval> merged;
  for (const Interval& next : intervals) {
    if (!merged.empty() && next.first <= merged.back().last + 1) {
      merged.back().last = std::max(merged.back().last, next.last);
    } else {
      merged.push_back(next);
    }
  }
  intervals = std::move(merged);
}

bool GtidSet::Contains(const std::string& source, uint64_t number) const {
  const auto entry = sources_.find(source);
  if (entry == sources_.end()) return false;
  return std::any_of(entry->second.begin(), entry->second.end(), [&](const Interval& interval) {
    return number >= interval.first && number <= interval.last;
  });
}

std::string GtidSet::ToString() const {
  std::string text;
  for (const auto& [source, intervals] : sources_) {
    if (!text.empty()) text += ",";
    text += source;
    for (const Interval& interval : intervals) {
      text += interval.first == interval.last
                  ? fmt::format(":{}", interval.first)
                  : fmt::format(":{}-{}", interval.first, interval.last);
    }
  }
  return text;
}

std::string GtidSet::Encode() const {
  ByteWriter data;
  data.U64(sources_.size());
  for (const auto& [source, intervals] : sources_) {
    std::string digits = source.substr(0, kUuidLength);
    std::erase(digits, '-');
    data.Bytes(FromHex(digits).value_or(""));
    data.U64(intervals.size());
    for (const Interval& interval : intervals) {
      data.U64(interval.first);
      data.U64(interval.last + 1);
    }
  }
  return data.Take();
}

}  // namespace millrace::mysql
