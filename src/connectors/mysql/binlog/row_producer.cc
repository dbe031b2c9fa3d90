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

Result<uint32_t> RowProducer::Add(const Event& event, RowImageDecoder* decoder, Batch* batch) {
  const std::optional<RowsEvent> rows = ParseRows(event, &unpacked_);
  if (!rows || rows->columns != decoder->columns()) {
    return Status::Permanent("a rows event is malformed");
  }
  const uint32_t rows_before = batch->rows();
  Status status = AddImages(*rows, event.timestamp, decoder, batch);
  const Status misfit = writer_.TakeStatus();
  if (status.ok()) status = misfit;
  if (status.ok()) return batch->rows() - rows_before;
  while (batch->rows() > rows_before) batch->DropLastRow();
  return status;
}

void RowProducer::PrepareFixed(const RowLayout& layout, const TableNames& names, int64_t second,
                               RowKind first_kind, uint32_t stride) {
  fixed_slots_.assign(layout.null_slots.begin(), layout.null_slots.end());
  for (const MetadataSlot& metadata : layout.metadata) fixed_slots_.push_back(metadata.slot);
  fixed_[0].kind = first_kind;
  fixed_[1].kind = RowKind::kUpdateAfter;
  const bool has_second = first_kind == RowKind::kUpdateBefore;
  for (FixedCells* fixed : {&fixed_[0], has_second ? &fixed_[1] : nullptr}) {
    if (fixed == nullptr) break;
    fixed->cells.resize(stride);
    FillMetadata(layout, names, fixed->kind, second, fixed->cells.data());
  }
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
  PrepareFixed(layout, names, second, KindOfFirstImage(rows.kind), batch->stride());
  writer_.set_arena(&batch->arena());
  bool second_image = false;
  bool before_was_row = false;
  while (reader.remaining() > 0) {
    const FixedCells& fixed = fixed_[second_image ? 1 : 0];
    Cell* row = batch->AddRow(fixed.kind);
    for (const uint32_t slot : fixed_slots_) row[slot] = fixed.cells[slot];
    if (!decoder->Decode(&reader, second_image ? after : before, &writer_, row)) {
      if (decoder->missing_column().empty()) return Malformed();
      return Status::Permanent(
          fmt::format("a row image in the binlog has no column {}; SET GLOBAL "
                      "binlog_row_image = 'FULL' on the server",
                      decoder->missing_column()));
    }
    const bool is_row = !decoder->is_history();
    if (!is_row) batch->DropLastRow();
    if (second_image && is_row != before_was_row) [[unlikely]] {
      // What is logged as an update has ended the row, or begun it.
      const RowKind kind = is_row ? RowKind::kInsert : RowKind::kDelete;
      const uint32_t last = batch->rows() - 1;
      batch->set_kind(last, kind);
      FillMetadata(layout, names, kind, second, batch->row(last));
    }
    before_was_row = is_row;
    second_image = is_update && !second_image;
  }
  return second_image ? Status::Permanent("an update is malformed: its second row is missing")
                      : Status::Ok();
}

}  // namespace millrace::mysql
