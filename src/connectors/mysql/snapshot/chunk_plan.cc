#include "connectors/mysql/snapshot/chunk_plan.h"

#include <algorithm>
#include <chrono>

namespace millrace::mysql {
namespace {

constexpr double kRangesMax = 1'000'000;  // of one table; sparse keys get wider ranges
constexpr std::chrono::milliseconds kLookAtOver(20);

}  // namespace

Result<CutKey> ChunkPlan::CutOf(const ServerTable& table, const Config& capture) {
  if (capture.whole_tables_only) return CutKey();
  return capture.cut_column.empty() ? CutByKey(table) : CutByColumn(table, capture.cut_column);
}

Status ChunkPlan::Add(RowLayout layout) {
  std::lock_guard lock(mutex_);
  MR_ASSIGN_OR_RETURN(CutKey cut, CutOf(layout.table, captures_[layout.capture]));
  Erase(layout.capture, layout.table.FullName());
  Table& table = tables_.emplace_back();
  table.layout = std::move(layout);
  table.cut = std::move(cut);
  return Status::Ok();
}

void ChunkPlan::Remove(uint32_t capture, const std::string& table) {
  std::lock_guard lock(mutex_);
  Erase(capture, table);
}

// mutex_ held.
void ChunkPlan::Erase(uint32_t capture, const std::string& name) {
  std::erase_if(tables_, [&](const Table& table) {
    return table.layout.capture == capture && table.layout.table.FullName() == name;
  });
}

// Every table of a capture.
template <typename Visit>
void ChunkPlan::ForEach(uint32_t capture, const Visit& visit) const {
  std::lock_guard lock(mutex_);
  for (const Table& table : tables_) {
    if (table.layout.capture == capture) visit(table);
  }
}

std::vector<std::string> ChunkPlan::Restore(uint32_t capture,
                                            const std::map<std::string, TablePosition>& saved,
                                            bool others_done) {
  std::lock_guard lock(mutex_);
  std::vector<std::string> start_over;
  for (Table& table : tables_) {
    if (table.layout.capture != capture) continue;
    const auto entry = saved.find(table.layout.table.FullName());
    if (entry == saved.end()) {
      table.read_before = others_done;
      if (others_done) table.state = State::kDone;
      continue;
    }
    if (!GoOnFrom(entry->second, &table)) start_over.push_back(entry->first);
  }
  for (Table& table : tables_) table.settled = PositionOf(table);
  return start_over;
}

// False if the table is cut by other columns now than those the position is about. mutex_ held.
bool ChunkPlan::GoOnFrom(const TablePosition& position, Table* table) const {
  if (position.done) {
    table->state = State::kDone;
    table->read_before = true;
    return true;
  }
  if (position == TablePosition()) return true;
  if (position.by != PositionOf(*table).by) return false;
  if (table->cut.read_by == ReadBy::kPages && position.after.size() == table->cut.columns.size()) {
    table->after = position.after;
    return true;
  }
  if (table->cut.read_by != ReadBy::kNumberRanges) return false;
  table->next = position.next;
  // An earlier release has read such numbers in pages.
  const bool was_page = !position.next && position.after.size() == 1;
  const auto read = was_page ? ParseKeyNumber(position.after.front()) : std::nullopt;
  if (read) table->next = *read + 1;
  return table->next.has_value();
}

std::optional<Chunk> ChunkPlan::NextChunk(const std::atomic<bool>& over) {
  std::unique_lock lock(mutex_);
  while (!over) {
    bool asking = false;
    for (size_t i = 0; i < tables_.size(); ++i) {
      if (std::optional<Chunk> chunk = ChunkOf(i)) return chunk;
      asking = asking || tables_[i].state == State::kAsking;
    }
    if (!asking) break;
    changed_.wait_for(lock, kLookAtOver);
  }
  return std::nullopt;
}

// Claims work on a table, if there is any for another reader. mutex_ held.
std::optional<Chunk> ChunkPlan::ChunkOf(size_t index) {
  Table& table = tables_[index];
  if (table.state != State::kNew && table.state != State::kOpen) return std::nullopt;
  const bool is_new = table.state == State::kNew;
  Chunk chunk;
  switch (table.cut.read_by) {
    case ReadBy::kNumberRanges:
      if (is_new) {
        table.state = State::kAsking;
        chunk.work = Chunk::Work::kFindBounds;
      } else {
        chunk = NextRange(&table);
      }
      break;
    case ReadBy::kPages:
      table.state = State::kAsking;
      chunk.work = Chunk::Work::kPage;
      chunk.range.after = table.after;
      break;
    case ReadBy::kWhole:
      table.state = State::kBusy;
      chunk.work = Chunk::Work::kWhole;
      break;
  }
  chunk.table = index;
  chunk.rows = ConfigOf(table).rows_per_chunk;
  chunk.layout = &table.layout;
  chunk.cut = &table.cut;
  return chunk;
}

// The first range and the last are open: NULLs are below all numbers, and larger ones than those
// that were measured may have come.
Chunk ChunkPlan::NextRange(Table* table) {
  Chunk chunk;
  chunk.work = Chunk::Work::kRange;
  chunk.range.from = table->next;
  const KeyNumber end = table->next.value_or(table->bounds.first) + table->step;
  if (end > table->bounds.last) {
    table->state = State::kDone;
  } else {
    chunk.range.to = end;
    table->next = end;
  }
  return chunk;
}

void ChunkPlan::SetBounds(size_t index, const std::optional<KeyBounds>& bounds) {
  std::lock_guard lock(mutex_);
  Table& table = tables_[index];
  // Without a number there may still be rows that have none.
  const bool is_empty = !bounds && (!table.cut.has_nulls || table.next);
  table.state = is_empty ? State::kDone : State::kOpen;
  if (bounds) {
    table.bounds = *bounds;
    const auto from = static_cast<double>(table.next.value_or(bounds->first));
    const double width = std::max(0.0, static_cast<double>(bounds->last) - from) + 1;
    const double rows = std::max<double>(1, static_cast<double>(table.layout.table.rows_estimated));
    const double ranges =
        std::clamp(rows / static_cast<double>(ConfigOf(table).rows_per_chunk), 1.0, kRangesMax);
    table.step = static_cast<KeyNumber>(std::max(width / ranges, 1.0));
  }
  changed_.notify_all();
}

void ChunkPlan::SetPageEnd(size_t index, std::vector<std::string> last) {
  std::lock_guard lock(mutex_);
  Table& table = tables_[index];
  table.state = last.empty() ? State::kDone : State::kOpen;
  table.after = std::move(last);
  changed_.notify_all();
}

void ChunkPlan::FinishWhole(size_t index) {
  std::lock_guard lock(mutex_);
  tables_[index].state = State::kDone;
}

TablePosition ChunkPlan::PositionOf(const Table& table) const {
  TablePosition position;
  position.done = table.state == State::kDone;
  if (position.done) return position;
  position.next = table.next;
  position.after = table.after;
  const bool chosen = !ConfigOf(table).cut_column.empty() && !table.cut.columns.empty();
  if (chosen) position.by = table.layout.table.columns()[table.cut.columns[0]].name;
  return position;
}

std::map<std::string, TablePosition> ChunkPlan::positions(uint32_t capture) const {
  std::map<std::string, TablePosition> positions;
  ForEach(capture, [&](const Table& table) {
    positions[table.layout.table.FullName()] = PositionOf(table);
  });
  return positions;
}

std::map<std::string, TablePosition> ChunkPlan::settled_positions(uint32_t capture) const {
  std::map<std::string, TablePosition> positions;
  ForEach(capture,
          [&](const Table& table) { positions[table.layout.table.FullName()] = table.settled; });
  return positions;
}

bool ChunkPlan::done() const {
  std::lock_guard lock(mutex_);
  return std::all_of(tables_.begin(), tables_.end(),
                     [](const Table& table) { return table.state == State::kDone; });
}

int64_t ChunkPlan::tables(uint32_t capture) const {
  int64_t tables = 0;
  ForEach(capture, [&](const Table&) { ++tables; });
  return tables;
}

int64_t ChunkPlan::tables_done(uint32_t capture) const {
  int64_t done = 0;
  ForEach(capture, [&](const Table& table) { done += table.state == State::kDone ? 1 : 0; });
  return done;
}

int64_t ChunkPlan::rows_estimated(uint32_t capture) const {
  int64_t rows = 0;
  ForEach(capture, [&](const Table& table) { rows += table.layout.table.rows_estimated; });
  return rows;
}

std::map<std::string, ChunkPlan::ReadState> ChunkPlan::read_states(uint32_t capture) const {
  std::map<std::string, ReadState> states;
  ForEach(capture, [&](const Table& table) {
    ReadState& state = states[table.layout.table.FullName()];
    if (table.state == State::kDone) {
      state = table.read_before ? ReadState::kReadBefore : ReadState::kReadThisRound;
    } else {
      state = ReadState::kUnread;
    }
  });
  return states;
}

const TableLayout* ChunkPlan::LayoutInUse(uint32_t capture, const std::string& name) const {
  const TableLayout* in_use = nullptr;
  ForEach(capture, [&](const Table& table) {
    const bool is_it = !table.read_before && table.layout.table.FullName() == name;
    if (is_it) in_use = table.layout.table.layout.get();
  });
  return in_use;
}

void ChunkPlan::SettleRound() {
  std::lock_guard lock(mutex_);
  for (Table& table : tables_) {
    table.read_before = table.state == State::kDone;
    table.settled = PositionOf(table);
  }
}

}  // namespace millrace::mysql
