#include "connectors/mysql/snapshot/snapshot_reader.h"

#include <fmt/format.h>

#include <utility>

#include "connectors/mysql/binlog/visibility.h"

namespace millrace::mysql {

Result<LogPosition> SnapshotReader::OpenView(const LogPosition& visible) {
  return OpenReadView(&connection_, visible, config_.exact_view, config_.environment);
}

Status SnapshotReader::FindBounds(const Chunk& chunk) {
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows,
                      connection_.Query(BoundsQuery(chunk.layout->table, *chunk.cut)));
  std::optional<KeyBounds> bounds;
  if (!rows.empty() && rows[0][0] && rows[0][1]) {
    const std::optional<KeyNumber> first = ParseKeyNumber(*rows[0][0]);
    const std::optional<KeyNumber> last = ParseKeyNumber(*rows[0][1]);
    if (!first || !last) {
      return Status::Permanent(
          fmt::format("the keys of MySQL table {} reach from {} to {}, which "
                      "are not whole numbers",
                      chunk.layout->table.FullName(), *rows[0][0], *rows[0][1]));
    }
    bounds = KeyBounds{*first, *last};
  }
  config_.plan->SetBounds(chunk.table, bounds);
  return Status::Ok();
}

// The server says where the page ends before it is read, so that others can begin with the next
// one meanwhile: the last page has no end.
Result<KeyRange> SnapshotReader::FindPage(const Chunk& chunk) {
  const ServerTable& table = chunk.layout->table;
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> rows,
      connection_.Query(PageEndQuery(table, *chunk.cut, chunk.range.after, chunk.rows)));
  KeyRange page = chunk.range;
  if (!rows.empty()) page.up_to = KeyLiterals(table, *chunk.cut, rows[0]);
  config_.plan->SetPageEnd(chunk.table, page.up_to);
  return page;
}

Status SnapshotReader::Scan(const Chunk& chunk, const KeyRange& range,
                            const std::atomic<bool>& over) {
  const SourceRequest& request = (*config_.captures)[chunk.layout->capture]->request;
  ScanPart part;
  part.condition = ConditionOf(chunk.layout->table, *chunk.cut, range);
  part.limit = request.limit;
  // A round waits for the end of a table that is read as a whole anyway.
  const bool is_whole = chunk.work == Chunk::Work::kWhole;
  const std::atomic<bool>& until = is_whole ? *config_.stopped : over;
  TableScan::OnRead on_read;
  if (config_.pace->limits().any()) {
    on_read = [&](int64_t rows, int64_t bytes) { config_.pace->Wait(rows, bytes, until); };
  }
  return TableScan(*chunk.layout, *config_.output).Read(part, &connection_, on_read);
}

Result<bool> SnapshotReader::ReadChunk(const std::atomic<bool>& over) {
  MR_ASSIGN_OR_RETURN(const bool is_closed, config_.gate->IsClosed());
  if (is_closed) return false;
  const std::optional<Chunk> chunk = config_.plan->NextChunk(over);
  if (!chunk) return false;
  switch (chunk->work) {
    case Chunk::Work::kFindBounds:
      MR_RETURN_IF_ERROR(FindBounds(*chunk));
      break;
    case Chunk::Work::kPage: {
      MR_ASSIGN_OR_RETURN(const KeyRange page, FindPage(*chunk));
      MR_RETURN_IF_ERROR(Scan(*chunk, page, over));
      break;
    }
    case Chunk::Work::kRange:
      MR_RETURN_IF_ERROR(Scan(*chunk, chunk->range, over));
      break;
    case Chunk::Work::kWhole:
      MR_RETURN_IF_ERROR(Scan(*chunk, {}, over));
      config_.plan->FinishWhole(chunk->table);
      break;
  }
  return true;
}

}  // namespace millrace::mysql
