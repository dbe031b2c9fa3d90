// From the row images of one event to rows of a batch: kinds of change, metadata, and what the
// history of a system-versioned table means.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "base/time_zone.h"
#include "connectors/mysql/binlog/log_event.h"
#include "connectors/mysql/binlog/row_image.h"
#include "connectors/mysql/values/cell_writer.h"
#include "row/batch.h"

namespace millrace::mysql {

class RowProducer final {
 public:
  // `server_zone`: see CellWriter.
  explicit RowProducer(const TimeZone& server_zone) : writer_(server_zone) {}

  // Adds all rows of an event to the end of the batch, which keeps a copy of what they point to.
  // `second`: of the event. A permanent error, without position, if the event
  // is malformed or a value does not fit the declared type; no row is then added.
  Status Add(const Event& event, RowImageDecoder* decoder, Batch* batch);

 private:
  Status AddImages(const RowsEvent& rows, int64_t second, RowImageDecoder* decoder, Batch* batch);

  CellWriter writer_;
  std::string unpacked_;  // of MariaDB's compressed events; valid while one is decoded
};

}  // namespace millrace::mysql
