#include "connectors/mysql/snapshot/table_scan.h"

#include <fmt/format.h>

#include <utility>

#include "connectors/mysql/snapshot/key_range.h"

namespace millrace::mysql {
namespace {

// The needed columns; at least one, so that there are rows.
std::vector<uint32_t> SelectedOf(const RowLayout& layout) {
  std::vector<uint32_t> selected;
  for (uint32_t i = 0; i < layout.targets.size(); ++i) {
    if (layout.targets[i]) selected.push_back(i);
  }
  if (selected.empty()) selected.push_back(layout.table.key.empty() ? 0 : layout.table.key[0]);
  return selected;
}

int64_t BytesOf(std::span<const Packet> packets) {
  size_t bytes = 0;
  for (const Packet& packet : packets) bytes += packet.size();
  return static_cast<int64_t>(bytes);
}

}  // namespace

TableScan::TableScan(const RowLayout& layout, const ScanOutput& output)
    : layout_(layout),
      output_(output),
      selected_(SelectedOf(layout)),
      decoder_(layout, selected_),
      writer_(output.server_zone),
      fixed_slots_(layout.null_slots),
      fixed_(output.stride) {
  for (const MetadataSlot& metadata : layout.metadata) fixed_slots_.push_back(metadata.slot);
}

std::unique_ptr<Batch> TableScan::NextBatch() {
  std::unique_ptr<Batch> batch = output_.batches->Acquire();
  batch->BeginRun(layout_.capture);
  const TableNames names = CopyNames(layout_, &batch->arena());
  FillMetadata(layout_, names, RowKind::kInsert, 0, fixed_.data());
  writer_.set_arena(&batch->arena());
  return batch;
}

Status TableScan::AddRows(std::span<const Packet> packets, Batch* batch) {
  // Local copies: cell writes cannot alias them, so their bounds stay in registers.
  const std::span<const uint32_t> fixed_slots(fixed_slots_);
  const Cell* const fixed = fixed_.data();
  for (const Packet& packet : packets) {
    Cell* row = batch->AddRow(RowKind::kInsert);
    for (const uint32_t slot : fixed_slots) row[slot] = fixed[slot];
    if (!decoder_.Decode(packet, &writer_, row)) {
      return Status::Transient(
          fmt::format("row of {} does not match its columns: the table was altered during the "
                      "snapshot",
                      layout_.table.FullName()));
    }
  }
  return Status::Ok();
}

Status TableScan::Emit(std::unique_ptr<Batch> batch) {
  MR_RETURN_IF_ERROR(writer_.status());
  if (batch->empty()) {
    output_.batches->Release(std::move(batch));
    return Status::Ok();
  }
  if (output_.on_batch) output_.on_batch(layout_.capture, batch->rows());
  return output_.batches->Emit(std::move(batch)) ? Status::Ok() : Status::Cancelled();
}

Status TableScan::Read(const ScanPart& part, Connection* connection, const OnRead& on_read) {
  std::string query = SelectText(layout_.table, selected_);
  if (!part.condition.empty()) query += " WHERE " + part.condition;
  if (part.limit >= 0) query += fmt::format(" LIMIT {}", part.limit);
  MR_RETURN_IF_ERROR(connection->StartRows(query));
  std::unique_ptr<Batch> batch = NextBatch();
  for (;;) {
    MR_ASSIGN_OR_RETURN(const std::span<const Packet> packets,
                        connection->NextRows(&batch->arena()));
    if (packets.empty()) return Emit(std::move(batch));
    MR_RETURN_IF_ERROR(AddRows(packets, batch.get()));
    const auto rows = static_cast<int64_t>(packets.size());
    const int64_t bytes = on_read ? BytesOf(packets) : 0;
    // What is read slowly is not held back as well.
    if (batch->full() || on_read) {
      MR_RETURN_IF_ERROR(Emit(std::move(batch)));
      batch = NextBatch();
    }
    if (on_read) on_read(rows, bytes);
  }
}

}  // namespace millrace::mysql
