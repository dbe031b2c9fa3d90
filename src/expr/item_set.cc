#include "expr/item_set.h"

#include <algorithm>
#include <bit>

#include "expr/compare.h"

namespace millrace {

void ItemSet::Clear(size_t count) {
  constexpr size_t kPlacesMin = 16;
  items_.clear();
  table_.assign(std::max(kPlacesMin, std::bit_ceil(2 * count)), 0);
}

bool ItemSet::Add(const Cell& cell) {
  const size_t place = PlaceOf(cell);
  if (table_[place] != 0) return false;
  items_.push_back(cell);
  table_[place] = static_cast<uint32_t>(items_.size());
  return true;
}

std::optional<uint32_t> ItemSet::Find(const Cell& cell) const {
  const uint32_t found = table_[PlaceOf(cell)];
  return found == 0 ? std::nullopt : std::optional(found - 1);
}

// Where the cell is or would be.
size_t ItemSet::PlaceOf(const Cell& cell) const {
  const size_t mask = table_.size() - 1;
  size_t place = HashOf(cell) & mask;
  while (table_[place] != 0 && CompareItems(items_[table_[place] - 1], cell) != 0) {
    place = (place + 1) & mask;
  }
  return place;
}

}  // namespace millrace
