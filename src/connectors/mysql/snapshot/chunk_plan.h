// Which chunks of which tables are still to be read: the state of a snapshot. A table is known by
// the capture that wants it and its full name; two captures may read one table. Readers of a round
// take chunks from it and report what became of them. It never asks the server: what needs a query
// is itself handed to a reader as work, and nobody waits for its lock meanwhile. Any thread.
//
// A table goes kNew -> kAsking -> kOpen -> kDone if it is cut: kAsking while a reader asks the
// server for the bounds of its numbers, once, or for the end of the next page, before each. One
// that is not cut goes kNew -> kBusy -> kDone. What is handed out counts as read, because a round
// does not end before its readers have read it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "connectors/mysql/position.h"
#include "connectors/mysql/schema/row_layout.h"
#include "connectors/mysql/snapshot/key_range.h"

namespace millrace::mysql {

// One piece of work for a reader.
struct Chunk {
  enum class Work : uint8_t {
    kFindBounds,  // of numbers: answer with SetBounds
    kRange,       // read `range`; nothing to answer
    kPage,        // find the end of the page after range.after, answer with SetPageEnd, read it
    kWhole,       // read the whole table: answer with FinishWhole
  };
  Work work = Work::kWhole;
  size_t table = 0;
  int64_t rows = 0;                   // of a page, about
  const RowLayout* layout = nullptr;  // the plan's
  const CutKey* cut = nullptr;        // the plan's
  KeyRange range;
};

// The smallest and the largest number of a key.
struct KeyBounds {
  KeyNumber first = 0;
  KeyNumber last = 0;
};

class ChunkPlan final {
 public:
  // Of a capture.
  struct Config {
    int64_t rows_per_chunk = 65'536;
    bool whole_tables_only = false;  // for a target that must get every change once
    std::string cut_column = {};     // that the user has chosen; empty: the key of each table
  };

  explicit ChunkPlan(std::vector<Config> captures) : captures_(std::move(captures)) {}

  // Goes on from what an earlier run has read. Returns the tables that start over, because their
  // key is not the one the position speaks of; tables that are gone are passed over. `others_done`:
  // a table that is not in `tables` is not to be read.
  std::vector<std::string> Restore(uint32_t capture,
                                   const std::map<std::string, TablePosition>& tables,
                                   bool others_done);
  // How a table of this capture is cut. Permanent error if it has no column that was chosen.
  static Result<CutKey> CutOf(const ServerTable& table, const Config& capture);
  // One more table to read, in place of one of the same name. Between rounds. Fails as CutOf does.
  Status Add(RowLayout layout);
  // A table that is not there any more. Between rounds.
  void Remove(uint32_t capture, const std::string& table);

  // The next chunk to read. Waits while others ask the server about the only tables left; nothing
  // if no chunk is left for this reader or `over` is set.
  std::optional<Chunk> NextChunk(const std::atomic<bool>& over);
  // Nothing: the table is empty.
  void SetBounds(size_t table, const std::optional<KeyBounds>& bounds);
  // Other readers may have the pages after it; empty: the page is the last and has no end.
  void SetPageEnd(size_t table, std::vector<std::string> last);
  void FinishWhole(size_t table);

  // What was read when no reader is at work: between rounds.
  std::map<std::string, TablePosition> positions(uint32_t capture) const;
  // The same of the latest SettleRound: without what was read since.
  std::map<std::string, TablePosition> settled_positions(uint32_t capture) const;
  bool done() const;
  bool done(uint32_t capture) const { return tables_done(capture) == tables(capture); }
  int64_t tables(uint32_t capture) const;
  int64_t tables_done(uint32_t capture) const;
  int64_t rows_estimated(uint32_t capture) const;

  // For a target that must get every change once.
  enum class ReadState : uint8_t { kUnread, kReadThisRound, kReadBefore };
  std::map<std::string, ReadState> read_states(uint32_t capture) const;
  // The layout by which a table is read in this round or is to be read; null if that is over, or it
  // is not part of the plan. Between rounds.
  const TableLayout* LayoutInUse(uint32_t capture, const std::string& table) const;
  void SettleRound();  // what is read now was read before the next round

 private:
  enum class State : uint8_t { kNew, kAsking, kOpen, kBusy, kDone };
  struct Table {
    RowLayout layout;  // constant
    CutKey cut;        // constant
    State state = State::kNew;
    bool read_before = false;  // kDone since an earlier round
    // Everything below `next` (ranges) or up to `after` (pages) is read or being read. The first
    // chunk is open to below, the last one to above.
    std::optional<KeyNumber> next;
    KeyBounds bounds;    // when the table was measured
    KeyNumber step = 1;  // width of a range
    std::vector<std::string> after;
    TablePosition settled;
  };

  TablePosition PositionOf(const Table& table) const;
  bool GoOnFrom(const TablePosition& position, Table* table) const;
  const Config& ConfigOf(const Table& table) const { return captures_[table.layout.capture]; }
  template <typename Visit>
  void ForEach(uint32_t capture, const Visit& visit) const;
  void Erase(uint32_t capture, const std::string& name);
  std::optional<Chunk> ChunkOf(size_t index);
  static Chunk NextRange(Table* table);

  const std::vector<Config> captures_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Table> tables_;  // mutex_; their number and layouts are constant in a round
};

}  // namespace millrace::mysql
