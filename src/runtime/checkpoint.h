// A checkpoint, and the text of the file that holds one: readable JSON, without secrets.
//
//   {"version": 2, "job": ..., "checkpoint": 7, "time": "2026-11-24T12:00:00Z",
//    "sources": [{"table": ..., "position": {...}}, ...],            in the plan's order
//    "sinks": [{"table": ..., "token": {...}, "rows": 1234}, ...],
//    "fingerprint": ..., "plan": ["line of the fingerprint", ...]}
//
// Positions and tokens are objects; an empty one is "", and other text is kept as a string.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "row/position.h"

namespace millrace {

// One entry per source and per sink of the plan, in the plan's order.
struct Checkpoint {
  uint64_t number = 0;  // 0: none was taken yet
  std::vector<Position> positions;
  std::vector<std::string> tokens;  // the sinks' own JSON; empty: nothing was ever prepared
  std::vector<int64_t> rows;        // written to the sinks since the job began

  // Nothing was read, or --fresh was given: everything comes from the start.
  bool from_the_start() const;
  int64_t rows_in_all() const;
};

inline constexpr int64_t kCheckpointVersion = 2;

struct CheckpointFile {
  int64_t version = kCheckpointVersion;
  std::string job;
  int64_t wall_ms = 0;  // when it was taken
  Checkpoint checkpoint;
  std::vector<std::string> source_tables;
  std::vector<std::string> sink_tables;
  std::string fingerprint;
  std::vector<std::string> plan;  // lines, to show what changed
};

std::string CheckpointText(const CheckpointFile& file);
// Permanent error saying how it is damaged. Of a file of another version only that is read.
Result<CheckpointFile> ParseCheckpoint(std::string_view text);

// "chk-7.json", and the number in such a name; nothing if it is another file.
std::string CheckpointFileName(uint64_t number);
std::optional<uint64_t> CheckpointNumber(std::string_view file_name);

}  // namespace millrace
