// Reads the rows of one table, chunk by chunk, into batches: with the binary protocol,
// from the network straight into the memory of a batch. What a connection shows is what the scan
// reads: in a snapshot its read view.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/time_zone.h"
#include "connectors/cdc/batch_pool.h"
#include "connectors/mysql/schema/row_layout.h"
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

// Which rows of a table.
struct ScanPart {
  std::string condition;  // SQL; empty: all
  int64_t limit = -1;     // so many at most; -1: all
};

class TableScan final {
 public:
  // Called with the rows and bytes that came, some at a time, after they were taken over.
  using OnRead = std::function<void(int64_t rows, int64_t bytes)>;

  // `layout` and `output` outlive the scan.
  TableScan(const RowLayout& layout, const ScanOutput& output);

  // Emits every row of the part. Cancelled if the batches are stopped. `on_read` may be null.
  Status Read(const ScanPart& part, Connection* connection, const OnRead& on_read = nullptr);

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
