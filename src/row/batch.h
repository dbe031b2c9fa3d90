// Some rows on their way from a source to a sink: moved between threads, never shared.
//
// A batch is a table of cells, row after row, `stride` cells each: first the columns the plan needs
// from the source, then one slot per computed value (the row is the register file of the Program).
// It owns every byte its cells point to, in an arena of blocks that never move. It is bounded:
// sources fill until full(), and by no more than one read of theirs beyond it.
//
// A source may read several tables. Their rows then stand in one batch, in the order in which they
// must be applied, and runs() says which rows are of which table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "row/cell.h"
#include "row/position.h"

namespace millrace {

enum class RowKind : uint8_t { kInsert, kUpdateBefore, kUpdateAfter, kDelete };
std::string_view ToString(RowKind kind);  // "+I", "-U", "+U", "-D"

// Memory that grows by blocks which never move and is given back as a whole.
class Arena final {
 public:
  static constexpr size_t kBlockBytes = 64 * 1024;

  // `size` bytes, not initialised, byte-aligned, valid until Clear() or destruction.
  char* Allocate(size_t size) {
    if (size > room()) [[unlikely]]
      Grow(size);
    char* result = at_;
    at_ += size;
    return result;
  }
  std::string_view Copy(std::string_view text) {
    char* target = Allocate(text.size());
    if (!text.empty()) std::memcpy(target, text.data(), text.size());  // both may be null
    return {target, text.size()};
  }
  // `count` cells, not initialised.
  Cell* AllocateCells(size_t count);
  // Gives back the end of the last allocation: `used` of its `size` bytes are kept.
  void Shrink(size_t size, size_t used) { at_ -= size - used; }

  // What Allocate can give without a new block.
  size_t room() const { return static_cast<size_t>(end_ - at_); }
  size_t used_bytes() const { return closed_bytes_ + static_cast<size_t>(at_ - begin_); }
  void Clear();  // forgets everything, keeps one standard block for reuse

 private:
  void Grow(size_t size);

  std::vector<std::unique_ptr<char[]>> blocks_;
  size_t first_block_bytes_ = 0;
  size_t closed_bytes_ = 0;
  char* begin_ = nullptr;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

// The same value with all its bytes and cells in `arena`.
Cell CopyCell(const Cell& cell, Arena* arena);

// Rows [begin, end) of a batch, all of one table of the source.
struct RowRun {
  uint32_t table = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
};

class Batch final {
 public:
  static constexpr size_t kRowsMax = 4096;
  static constexpr size_t kBytesMax = 1024 * 1024;  // of arena; one huge row may go beyond

  explicit Batch(uint32_t stride = 0) : stride_(stride) {}

  uint32_t stride() const { return stride_; }
  uint32_t rows() const { return static_cast<uint32_t>(kinds_.size()); }
  bool empty() const { return kinds_.empty(); }
  bool full() const { return kinds_.size() >= kRowsMax || arena_.used_bytes() >= kBytesMax; }

  // A new row whose `stride` cells are not initialised; valid until the next AddRow.
  Cell* AddRow(RowKind kind) {
    kinds_.push_back(kind);
    const size_t at = cells_used_;
    cells_used_ += stride_;
    if (cells_used_ > cells_capacity_) [[unlikely]]
      GrowCells();
    return cells_.get() + at;
  }
  void DropLastRow() {
    kinds_.pop_back();
    cells_used_ -= stride_;
  }

  // The rows that follow are of this table of the source. Without a call: of table 0.
  void BeginRun(uint32_t table) {
    const bool switches =
        table != table_ || (!switches_.empty() && switches_.back().first > rows());
    if (switches) [[unlikely]]
      SwitchTable(table);
  }
  // How many runs there are, empty ones included, and each of them; at least one.
  size_t runs() const { return switches_.size() + 1; }
  RowRun run(size_t index) const;

  Cell* row(uint32_t index) { return cells_.get() + size_t{index} * stride_; }
  const Cell* row(uint32_t index) const { return cells_.get() + size_t{index} * stride_; }
  RowKind kind(uint32_t index) const { return kinds_[index]; }
  void set_kind(uint32_t index, RowKind kind) { kinds_[index] = kind; }

  Arena& arena() { return arena_; }
  const Arena& arena() const { return arena_; }

  // Where the source can go on after this batch, a position for each of its tables; empty if it
  // cannot be resumed just here (inside a transaction, inside a snapshot round).
  std::span<const Position> positions() const { return positions_; }
  void set_positions(std::vector<Position> positions) { positions_ = std::move(positions); }
  // Of a source with one table.
  Position position() const { return positions_.empty() ? Position() : positions_.front(); }
  void set_position(Position position) { positions_.assign(1, std::move(position)); }

  // Its rows are none of a table: each names, in the metadata columns of a table's name, a table of
  // the source that has lost all its rows; the other cells are NULL. Its positions are those that
  // were reached before, without them.
  bool empties_tables() const { return empties_tables_; }
  void set_empties_tables() { empties_tables_ = true; }

  // The source has nothing more to give, ever (bounded sources only).
  bool end_of_input() const { return end_of_input_; }
  void set_end_of_input() { end_of_input_ = true; }

  // Throws (base/check.h) if the parts of the batch contradict each other. Once per batch, where it
  // changes hands.
  void CheckInvariants() const;

  // Empties it for reuse with the same or another stride; keeps its memory within limits.
  void Reset(uint32_t stride);

 private:
  // From row `first` on rows are of another table.
  struct Switch {
    uint32_t first;
    uint32_t table;
  };

  void GrowCells();
  void SwitchTable(uint32_t table);

  uint32_t stride_;
  std::vector<RowKind> kinds_;
  std::unique_ptr<Cell[]> cells_;
  size_t cells_used_ = 0;
  size_t cells_capacity_ = 0;
  Arena arena_;
  uint32_t table_ = 0;            // of the next row
  std::vector<Switch> switches_;  // rows rise; some may be beyond the last row
  std::vector<Position> positions_;
  bool empties_tables_ = false;
  bool end_of_input_ = false;
};

}  // namespace millrace
