// The WITH options of 'connector' = 'mysql-cdc', and the configuration they amount to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "connectors/mysql/binlog/gtid_set.h"
#include "connectors/mysql/server_list.h"
#include "connectors/mysql/snapshot/pace.h"
#include "connectors/mysql/snapshot/pause_condition.h"
#include "connectors/mysql/wire/endpoint.h"

namespace millrace::mysql {

// What a declared column is read as after an ALTER that took it away from its table.
enum class SchemaChange : uint8_t {
  kStop,    // nothing: the job ends
  kNull,    // NULL, from there on
  kIgnore,  // NULL, until the table has it again
};

enum class StartMode : uint8_t { kInitial, kSnapshot, kEarliest, kLatest, kSpecific, kTimestamp };

struct SourceConfig {
  Endpoint endpoint;                   // without host and port
  std::vector<ServerAddress> servers;  // of which one is read
  std::string database_pattern;
  std::string table_pattern;
  StartMode mode = StartMode::kInitial;
  bool with_snapshot = true;
  bool bounded = false;
  std::string start_file;
  uint64_t start_offset = 4;
  std::optional<GtidSet> start_gtids;
  int64_t start_second = 0;  // kTimestamp: since 1970
  bool append_only = false;  // every change is an insert
  uint32_t server_id = 0;    // 0: choose one
  int64_t heartbeat_ms = 10'000;
  int64_t rows_per_chunk = 0;
  std::string chunk_key_column;  // empty: the key of each table
  PaceLimits pace;
  std::vector<PauseCondition> pause_when;
  TimeZone server_zone;
  SchemaChange schema_change = SchemaChange::kStop;
  bool delete_removed_rows = false;  // from the target, what DDL removes
};

inline constexpr std::string_view kAppendOnly = "scan.read-changelog-as-append-only.enabled";

std::span<const OptionSpec> OptionTable();
// What the table alone cannot say. Pure.
void CheckOptions(const Options& options, const Schema& schema, Span statement,
                  Diagnostics* diagnostics);
bool DeletesRemovedRows(const Options& options);  // 'ddl.removed-rows' = 'delete'
bool IsAppendOnly(const Options& options);        // every change is an insert
// The server and the log of it that are read: tables of a job with the same key share a reader.
std::string ReaderKey(const Options& options);
SourceConfig ReadConfig(const Options& options);

}  // namespace millrace::mysql
