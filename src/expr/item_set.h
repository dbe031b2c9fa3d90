// Cells by value, for functions that look for equal ones. Its memory is used again for every row.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "row/cell.h"

namespace millrace {

class ItemSet final {
 public:
  // Empties it and reserves memory for `count` items.
  void Clear(size_t count);
  // Adds a cell unless an equal one is there (NULL equals NULL): true if it was added. What it
  // points to must stay until the next Clear. No more than the `count` of Clear.
  bool Add(const Cell& cell);
  // The index of the equal item, in the order in which they were added.
  std::optional<uint32_t> Find(const Cell& cell) const;
  std::span<const Cell> items() const { return items_; }

 private:
  size_t PlaceOf(const Cell& cell) const;

  std::vector<Cell> items_;
  std::vector<uint32_t> table_;  // by hash: 0 is empty, else the index of an item + 1
};

}  // namespace millrace
