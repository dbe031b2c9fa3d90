#include "row/batch.h"

#include <algorithm>

namespace millrace {
namespace {

constexpr size_t kCellsFirst = 1024;
constexpr size_t kCellsKept = 256 * 1024;  // 4 MiB: what an emptied batch may hold on to

}  // namespace

std::string_view ToString(RowKind kind) {
  constexpr std::string_view kNames[] = {"+I", "-U", "+U", "-D"};
  return kNames[static_cast<size_t>(kind)];
}

void Arena::Grow(size_t size) {
  closed_bytes_ += static_cast<size_t>(at_ - begin_);
  const size_t bytes = std::max(size, kBlockBytes);
  blocks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
  if (blocks_.size() == 1) first_block_bytes_ = bytes;
  begin_ = at_ = blocks_.back().get();
  end_ = begin_ + bytes;
}

void Arena::Clear() {
  const bool keep = !blocks_.empty() && first_block_bytes_ == kBlockBytes;
  blocks_.resize(keep ? 1 : 0);
  closed_bytes_ = 0;
  begin_ = at_ = keep ? blocks_[0].get() : nullptr;
  end_ = keep ? begin_ + kBlockBytes : nullptr;
}

void Batch::GrowCells() {
  const size_t capacity = std::max({kCellsFirst, cells_capacity_ * 2, cells_used_});
  auto cells = std::make_unique_for_overwrite<Cell[]>(capacity);
  if (cells_ != nullptr) std::copy_n(cells_.get(), cells_used_ - stride_, cells.get());
  cells_ = std::move(cells);
  cells_capacity_ = capacity;
}

void Batch::Reset(uint32_t stride) {
  stride_ = stride;
  kinds_.clear();
  cells_used_ = 0;
  if (cells_capacity_ > kCellsKept) {
    cells_.reset();
    cells_capacity_ = 0;
  }
  arena_.Clear();
  position_.clear();
  end_of_input_ = false;
}

}  // namespace millrace
