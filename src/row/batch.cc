#include "row/batch.h"

#include <algorithm>

#include "base/check.h"

namespace millrace {
namespace {

constexpr size_t kAllocationMax = size_t{1} << 31;  // twice MySQL's largest packet
constexpr size_t kCellsFirst = 1024;
constexpr size_t kCellsKept = 256 * 1024;  // 4 MiB: what an emptied batch may hold on to

}  // namespace

std::string_view ToString(RowKind kind) {
  constexpr std::string_view kNames[] = {"+I", "-U", "+U", "-D"};
  return kNames[static_cast<size_t>(kind)];
}

void Arena::Grow(size_t size) {
  MR_CHECK(at_ <= end_, "an arena is written up to its end");
  MR_CHECK(size <= kAllocationMax, "an allocation is bounded");
  closed_bytes_ += static_cast<size_t>(at_ - begin_);
  const size_t bytes = std::max(size, kBlockBytes);
  blocks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
  if (blocks_.size() == 1) first_block_bytes_ = bytes;
  begin_ = at_ = blocks_.back().get();
  end_ = begin_ + bytes;
}

Cell* Arena::AllocateCells(size_t count) {
  char* const memory = Allocate(count * sizeof(Cell) + alignof(Cell) - 1);
  const size_t off = reinterpret_cast<uintptr_t>(memory) % alignof(Cell);
  return reinterpret_cast<Cell*>(off == 0 ? memory : memory + (alignof(Cell) - off));
}

Cell CopyCell(const Cell& cell, Arena* arena) {
  Cell copy = cell;
  if (cell.has_bytes()) {
    copy.bytes = arena->Copy(cell.view()).data();
  } else if (cell.is_structured()) {
    Cell* const cells = arena->AllocateCells(cell.size);
    for (uint32_t i = 0; i < cell.size; ++i) cells[i] = CopyCell(cell.cells[i], arena);
    copy.cells = cells;
  }
  return copy;
}

void Arena::Clear() {
  const bool keep = !blocks_.empty() && first_block_bytes_ == kBlockBytes;
  blocks_.resize(keep ? 1 : 0);
  closed_bytes_ = 0;
  begin_ = at_ = keep ? blocks_[0].get() : nullptr;
  end_ = keep ? begin_ + kBlockBytes : nullptr;
}

void Batch::GrowCells() {
  MR_CHECK(cells_used_ >= stride_, "cells grow for a row that was added");
  const size_t capacity = std::max({kCellsFirst, cells_capacity_ * 2, cells_used_});
  auto cells = std::make_unique_for_overwrite<Cell[]>(capacity);
  if (cells_ != nullptr) std::copy_n(cells_.get(), cells_used_ - stride_, cells.get());
  cells_ = std::move(cells);
  cells_capacity_ = capacity;
}

// Rows that were dropped may leave switches beyond the last one: those are never seen.
void Batch::SwitchTable(uint32_t table) {
  while (!switches_.empty() && switches_.back().first >= rows()) switches_.pop_back();
  switches_.push_back({rows(), table});
  table_ = table;
}

RowRun Batch::run(size_t index) const {
  const auto first = [this](size_t at) {
    return at < switches_.size() ? std::min(switches_[at].first, rows()) : rows();
  };
  if (index == 0) return {0, 0, first(0)};
  return {switches_[index - 1].table, first(index - 1), first(index)};
}

void Batch::CheckInvariants() const {
  MR_CHECK(cells_used_ == kinds_.size() * stride_, "a batch has the cells of its rows");
  MR_CHECK(cells_used_ <= cells_capacity_, "the cells of a batch fit into its memory");
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
  table_ = 0;
  switches_.clear();
  positions_.clear();
  empties_tables_ = false;
  end_of_input_ = false;
}

}  // namespace millrace
