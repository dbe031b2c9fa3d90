#include "connectors/mysql/snapshot/snapshot_reader.h"

#include <utility>

#include "base/units.h"
#include "connectors/mysql/binlog/visibility.h"

namespace millrace::mysql {

Result<LogPosition> SnapshotReader::OpenView(const LogPosition& visible) {
  return OpenReadView(&connection_, visible, config_.exact_view, config_.environment);
}

Status SnapshotReader::FindBounds(const Chunk& chunk) {
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows,
                      connection_.Query(BoundsQuery(chunk.layout->table)));
  std::optional<KeyBounds> bounds;
  if (!rows.empty() && rows[0][0] && rows[0][1]) {
    bounds = KeyBounds{ParseInteger(*rows[0][0]).value_or(INT64_MIN),
                       ParseInteger(*rows[0][1]).value_or(INT64_MAX)};
  }
  config_.plan->SetBounds(chunk.table, bounds);
  return Status::Ok();
}

// The server says where the page ends before it is read: the last page has no end.
Status SnapshotReader::ReadPage(const Chunk& chunk) {
  const ServerTable& table = chunk.layout->table;
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows,
                      connection_.Query(PageEndQuery(table, chunk.range.after, chunk.rows)));
  KeyRange page = chunk.range;
  if (!rows.empty()) page.up_to = KeyLiterals(table, rows[0]);
  MR_RETURN_IF_ERROR(TableScan(*chunk.layout, *config_.output).Read(page, &connection_));
  config_.plan->FinishPage(chunk.table, std::move(page.up_to));
  return Status::Ok();
}

Result<bool> SnapshotReader::ReadChunk(const std::atomic<bool>& over) {
  const std::optional<Chunk> chunk = config_.plan->NextChunk(over);
  if (!chunk) return false;
  switch (chunk->work) {
    case Chunk::Work::kFindBounds:
      MR_RETURN_IF_ERROR(FindBounds(*chunk));
      break;
    case Chunk::Work::kPage:
      MR_RETURN_IF_ERROR(ReadPage(*chunk));
      break;
    case Chunk::Work::kRange:
      MR_RETURN_IF_ERROR(
          TableScan(*chunk->layout, *config_.output).Read(chunk->range, &connection_));
      break;
    case Chunk::Work::kWhole:
      MR_RETURN_IF_ERROR(TableScan(*chunk->layout, *config_.output).Read({}, &connection_));
      config_.plan->FinishPage(chunk->table, {});
      break;
  }
  return true;
}

}  // namespace millrace::mysql
