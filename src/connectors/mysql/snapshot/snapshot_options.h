// The WITH options that say how a snapshot is cut and how hard it may work its server.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "connectors/mysql/snapshot/pace.h"
#include "connectors/mysql/snapshot/pause_condition.h"
#include "connectors/options.h"

namespace millrace::mysql {

// Cuts each table by this column instead of its key.
inline constexpr std::string_view kChunkKeyOption = "scan.incremental.snapshot.chunk.key-column";
inline constexpr std::string_view kMaxRowsOption = "scan.snapshot.max-rows-per-second";
inline constexpr std::string_view kMaxBytesOption = "scan.snapshot.max-bytes-per-second";
inline constexpr std::string_view kPauseOption = "scan.snapshot.pause-when";

// What the option table alone cannot say. Pure.
void CheckSnapshotOptions(const Options& options, Diagnostics* diagnostics);

PaceLimits PaceLimitsOf(const Options& options);
std::vector<PauseCondition> PauseConditionsOf(const Options& options);

}  // namespace millrace::mysql
