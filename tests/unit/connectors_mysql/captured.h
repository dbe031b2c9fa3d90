// What capture.py wrote: the bytes of a real server's binlog and of its result rows, with the
// columns they belong to, and how both are turned into rows of text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "connectors/mysql/binlog/log_event.h"
#include "connectors/mysql/schema/row_layout.h"
#include "row/batch.h"

namespace millrace::mysql {

struct Captured {
  ServerTable table;
  SourceRequest request;
  bool is_mariadb = false;
  std::vector<uint8_t> binlog;                // a whole file
  std::vector<std::vector<uint8_t>> results;  // packets
};
Captured ReadCaptured(const std::string& name);  // "mariadb"

// The events of a binlog file; those inside of compressed transactions take the place of them.
struct OwnedEvent {
  uint32_t timestamp = 0;
  uint8_t type = 0;
  std::vector<uint8_t> body;
  Event View() const { return Event{timestamp, type, 0, 0, body}; }
};
std::vector<OwnedEvent> EventsOf(std::span<const uint8_t> binlog);

// All rows of the table in the binlog; a line for every failure.
void DecodeEvents(const Captured& captured, std::span<const OwnedEvent> events, Batch* batch,
                  std::vector<std::string>* errors);
void DecodeResults(const Captured& captured, Batch* batch, std::vector<std::string>* errors);

// "c3 decimal(3) -1.500"
std::string CellLine(const std::string& name, const Cell& cell);

}  // namespace millrace::mysql
