// Reads the rows of one table, range by range of its key, into batches: with the binary protocol,
// from the network straight into the memory of a batch. What a connection shows is what the scan
// reads: in a snapshot its read view.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/status.h"
#include "base/time_zone.h"
#include "connectors/cdc/batch_pool.h"
#include "connectors/mysql/schema/row_layout.h"
#include "connectors/mysql/snapshot/key_range.h"
#include "connectors/mysql/snapshot/result_row.h"
#include "connectors/mysql/values/cell_writer.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

// Where the rows of a scan go. All of it outlives the scan.
struct ScanOutput {
  cdc::BatchPool* batches = nullptr;
  uint32_t stride = 0;   // cells of a row
  TimeZone server_zone;  // of TIMESTAMP columns declared without a zone
  // Called before a batch is emitted.
  std::function<void(uint32_t capture, uint32_t rows)> on_batch;
};

class TableScan final {
 public:
  // `layout` and `output` outlive the scan.
  TableScan(const RowLayout& layout, const ScanOutput& output);

  // Emits every row of the range. Cancelled if the batches are stopped.
  Status Read(const KeyRange& range, Connection* connection);

 private:
  std::unique_ptr<Batch> NextBatch();
  Status AddRows(std::span<const Packet> packets, Batch* batch);
  Status Emit(std::unique_ptr<Batch> batch);

  const RowLayout& layout_;
  const ScanOutput& output_;
  const std::vector<uint32_t> selected_;  // columns of the SELECT list
  const ResultRowDecoder decoder_;
  CellWriter writer_;
  // What is the same in all rows of a batch: metadata and columns this table does not have.
  std::vector<uint32_t> fixed_slots_;
  std::vector<Cell> fixed_;  // by slot
};

}  // namespace millrace::mysql
