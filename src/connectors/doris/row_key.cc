#include "connectors/doris/row_key.h"

#include <cstring>

#include "row/print.h"

namespace millrace::doris {
namespace {

constexpr uint64_t kNullWord = 0x452821e638d01377ull;
constexpr size_t kShownMax = 60;  // bytes of one value in a message

uint64_t Mix(uint64_t hash, uint64_t word) {
  const uint64_t product = (hash ^ word) * 0x9e3779b97f4a7c15ull;
  return product ^ (product >> 32);
}

uint64_t MixText(uint64_t hash, std::string_view text) {
  hash = Mix(hash, text.size() + 1);
  const char* at = text.data();
  size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    hash = Mix(hash, word);
  }
  uint64_t word = 0;
  for (size_t i = 0; i < left; ++i) word = word << 8 | static_cast<unsigned char>(at[i]);
  return Mix(hash, word);
}

}  // namespace

RowKey::RowKey(const Layout& layout, const TimeZone& zone) : zone_(zone) {
  for (const uint32_t index : layout.key) {
    cells_.push_back({layout.columns[index].slot, layout.columns[index].name});
  }
  shown_ = cells_;
  if (shown_.empty() && !layout.columns.empty()) {
    shown_.push_back({layout.columns[0].slot, layout.columns[0].name});
  }
}

uint64_t RowKey::Hash(const Cell* row) const {
  uint64_t hash = 0x243f6a8885a308d3ull;
  for (const KeyCell& key : cells_) {
    const Cell& cell = row[key.slot];
    if (cell.has_bytes()) {
      hash = MixText(hash, cell.view());
    } else {
      hash = Mix(hash, cell.is_null() ? kNullWord : cell.u);
    }
  }
  return hash;
}

bool RowKey::Same(const Cell* a, const Cell* b) const {
  if (empty()) return false;
  for (const KeyCell& key : cells_) {
    const Cell& left = a[key.slot];
    const Cell& right = b[key.slot];
    if (left.is_null() || right.is_null()) {
      if (left.is_null() != right.is_null()) return false;
    } else if (left.has_bytes() && right.has_bytes()) {
      if (left.view() != right.view()) return false;
    } else if (left.kind == right.kind && left.scale == right.scale) {
      if (left.u != right.u) return false;
    } else {
      std::string left_text;
      std::string right_text;
      AppendCell(&left_text, left, zone_);
      AppendCell(&right_text, right, zone_);
      if (left_text != right_text) return false;
    }
  }
  return true;
}

std::string RowKey::Describe(const Cell* row) const {
  std::string result;
  for (const KeyCell& key : shown_) {
    std::string text;
    const Cell& cell = row[key.slot];
    if (cell.is_null()) {
      text = "NULL";
    } else {
      AppendCell(&text, cell, zone_);
    }
    if (text.size() > kShownMax) text.replace(kShownMax, std::string::npos, "...");
    result += (result.empty() ? "" : ", ") + key.name + "=" + text;
  }
  return result;
}

}  // namespace millrace::doris
