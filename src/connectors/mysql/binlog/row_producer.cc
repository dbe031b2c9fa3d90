#include "connectors/mysql/binlog/row_producer.h"

#include <fmt/format.h>

namespace millrace::mysql {
namespace {

RowKind KindOfFirstImage(RowsKind kind) {
  switch (kind) {
    case RowsKind::kWrite:
      return RowKind::kInsert;
    case RowsKind::kUpdate:
      return RowKind::kUpdateBefore;
    case RowsKind::kDelete:
      break;
  }
  return RowKind::kDelete;
}

Status Malformed() { return Status::Permanent("a row is malformed"); }

}  // namespace

Status RowProducer::Add(const Event& event, RowImageDecoder* decoder, Batch* batch) {
  const std::optional<RowsEvent> rows = ParseRows(event, &unpacked_);
  if (!rows || rows->columns != decoder->columns()) {
    return Status::Permanent("a rows event is malformed");
  }
  const bool is_skipped = decoder->layout().skipped[static_cast<size_t>(rows->kind)];
  if (is_skipped) [[unlikely]]
    return Status::Ok();
  const uint32_t rows_before = batch->rows();
  Status status = AddImages(*rows, event.timestamp, decoder, batch);
  if (status.ok() && writer_.status().ok()) [[likely]]
    return status;
  const Status misfit = writer_.TakeStatus();
  while (batch->rows() > rows_before) batch->DropLastRow();
  return status.ok() ? misfit : status;
}

Status RowProducer::AddImages(const RowsEvent& rows, int64_t second, RowImageDecoder* decoder,
                              Batch* batch) {
  // One copy for the whole event; text cells point into it.
  const std::string_view copy =
      batch->arena().Copy({reinterpret_cast<const char*>(rows.rows.data()), rows.rows.size()});
  ByteReader reader({reinterpret_cast<const uint8_t*>(copy.data()), copy.size()});
  const RowLayout& layout = decoder->layout();
  const TableNames names = CopyNames(layout, &batch->arena());
  const ImageColumns before = decoder->ColumnsOf(rows.present);
  const bool is_update = rows.kind == RowsKind::kUpdate;
  const ImageColumns after = is_update ? decoder->ColumnsOf(rows.present_after) : before;
  const RowKind kinds[] = {KindOfFirstImage(rows.kind), RowKind::kUpdateAfter};
  const bool append_only = layout.append_only;
  const RowKind emitted[] = {append_only ? RowKind::kInsert : kinds[0],
                             append_only ? RowKind::kInsert : kinds[1]};
  // Metadata, and NULL where a table has no column, are the same in all rows of a kind: they are
  // copied from the row of that kind before. Row numbers, because rows move when a batch grows.
  constexpr uint32_t kNone = UINT32_MAX;
  uint32_t previous[] = {kNone, kNone};
  writer_.set_arena(&batch->arena());
  batch->BeginRun(layout.capture);
  bool second_image = false;
  bool before_was_row = false;
  while (reader.remaining() > 0) {
    const size_t image = second_image ? 1 : 0;
    Cell* row = batch->AddRow(emitted[image]);
    if (previous[image] == kNone) {
      FillMetadata(layout, names, kinds[image], second, row);
    } else {
      const Cell* const from = batch->row(previous[image]);
      for (const uint32_t slot : decoder->fixed_slots()) row[slot] = from[slot];
    }
    if (!decoder->Decode(&reader, second_image ? after : before, &writer_, row)) {
      if (decoder->missing_column().empty()) return Malformed();
      return Status::Permanent(
          fmt::format("a row image in the binlog has no column {}; SET GLOBAL "
                      "binlog_row_image = 'FULL' on the server",
                      decoder->missing_column()));
    }
    const bool is_row = !decoder->is_history();
    previous[image] = is_row ? batch->rows() - 1 : kNone;
    if (!is_row) batch->DropLastRow();
    if (second_image && is_row != before_was_row) [[unlikely]] {
      // What is logged as an update has ended the row, or begun it.
      const RowKind kind = is_row ? RowKind::kInsert : RowKind::kDelete;
      const uint32_t last = batch->rows() - 1;
      if (!append_only) batch->set_kind(last, kind);
      FillMetadata(layout, names, kind, second, batch->row(last));
      previous[0] = previous[1] = kNone;
    }
    before_was_row = is_row;
    second_image = is_update && !second_image;
  }
  return second_image ? Status::Permanent("an update is malformed: its second row is missing")
                      : Status::Ok();
}

}  // namespace millrace::mysql
