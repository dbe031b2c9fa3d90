#include "connectors/mysql/options.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/regex.h"
#include "base/units.h"
#include "connectors/mysql/passed_on_options.h"
#include "connectors/mysql/schema/name_pattern.h"
#include "connectors/mysql/snapshot/snapshot_options.h"
#include "connectors/mysql/tls_options.h"
#include "connectors/mysql/values/bytes_as.h"

namespace millrace::mysql {
namespace {

constexpr int64_t kRowsPerChunkDefault = 65'536;
constexpr int64_t kHeartbeatMaxMs = 30'000;
constexpr int64_t kHeartbeatMinMs = 1'000;
constexpr int64_t kPortMax = 65'535;

// "5400" or "5400-5500": the first id.
std::optional<uint32_t> ParseServerId(std::string_view text) {
  const size_t dash = text.find('-');
  const auto first = ParseInteger(Trim(text.substr(0, dash)));
  if (!first || *first < 1 || *first > UINT32_MAX) return std::nullopt;
  if (dash != std::string_view::npos) {
    const auto last = ParseInteger(Trim(text.substr(dash + 1)));
    if (!last || *last < *first || *last > UINT32_MAX) return std::nullopt;
  }
  return static_cast<uint32_t>(*first);
}

StartMode ModeOf(const Options& options) {
  const std::string mode = ToLower(options.Text("scan.startup.mode"));
  if (mode == "snapshot") return StartMode::kSnapshot;
  if (mode == "earliest-offset") return StartMode::kEarliest;
  if (mode == "latest-offset") return StartMode::kLatest;
  if (mode == "specific-offset") return StartMode::kSpecific;
  if (mode == "timestamp") return StartMode::kTimestamp;
  return StartMode::kInitial;
}

void CheckPattern(const Options& options, std::string_view key, Diagnostics* diagnostics) {
  for (const std::string& alternative : NamePattern::SplitAlternatives(options.Text(key))) {
    if (Regex::Compile(alternative)) continue;
    diagnostics->push_back(
        {DiagnosticCode::kInvalidValue, options.ValueSpan(key),
         fmt::format("The {} '{}' is not a valid regular expression", key, options.Text(key)),
         "Check brackets, braces and backslashes."});
    return;
  }
}

// Of the types with elements only a SET and a VECTOR have something: an ARRAY of texts or floats.
void CheckTypes(const Schema& schema, Span statement, Diagnostics* diagnostics) {
  for (const Column& column : schema.columns) {
    if (!column.type.is_structured()) continue;
    const Type* const element =
        column.type.kind == TypeKind::kArray ? &column.type.children()[0] : nullptr;
    if (element != nullptr && (element->is_text() || element->kind == TypeKind::kFloat)) continue;
    diagnostics->push_back(
        {DiagnosticCode::kNotSupported, statement,
         fmt::format("column {} is {}, which no column of MySQL has", Quoted(column.name),
                     ToString(column.type.Nullable())),
         "Declare it as STRING; a SET may be ARRAY<STRING>, a VECTOR ARRAY<FLOAT>."});
  }
}

void CheckBytesAs(const Options& options, Diagnostics* diagnostics) {
  if (!options.Given(kBytesAsOption) || !options.Given(kBinaryModeOption)) return;
  diagnostics->push_back({DiagnosticCode::kInvalidValue, options.ValueSpan(kBytesAsOption),
                          fmt::format("'{}' and '{}' both say how bytes become text",
                                      kBytesAsOption, kBinaryModeOption),
                          "Leave one of them out."});
}

// A key column is never read as NULL: its loss stops the job, whatever the option says.
void CheckSchemaChange(const Options& options, const Schema& schema, Diagnostics* diagnostics) {
  if (ToLower(options.Text("schema.change")) == "stop") return;
  for (uint32_t i = 0; i < schema.columns.size(); ++i) {
    const Column& column = schema.columns[i];
    const bool is_key = std::find(schema.key.begin(), schema.key.end(), i) != schema.key.end();
    if (!column.metadata_key.empty() || is_key || column.type.nullable) continue;
    diagnostics->push_back(
        {DiagnosticCode::kInvalidValue, options.ValueSpan("schema.change"),
         fmt::format("column {} is NOT NULL and cannot be read as NULL after a change of the table",
                     Quoted(column.name)),
         "Declare the column without NOT NULL, or leave the option out."});
    return;
  }
}

SchemaChange SchemaChangeOf(const Options& options) {
  const std::string choice = ToLower(options.Text("schema.change"));
  return choice == "null"     ? SchemaChange::kNull
         : choice == "ignore" ? SchemaChange::kIgnore
                              : SchemaChange::kStop;
}

// Only columns that are moments on the server depend on the zone.
void CompareZoneWithFlink(const Options& options, const Schema& schema, Span statement,
                          Diagnostics* diagnostics) {
  if (options.Given("server-time-zone")) return;
  for (const Column& column : schema.columns) {
    const bool moment =
        column.metadata_key.empty() &&
        (column.type.kind == TypeKind::kTimestamp || column.type.kind == TypeKind::kTimestampLtz);
    if (!moment) continue;
    diagnostics->push_back(
        {DiagnosticCode::kOtherOnFlink, statement,
         fmt::format("column {} may have other values on Flink, where 'server-time-zone' is that "
                     "of the JVM by default; it is UTC here",
                     Quoted(column.name)),
         "Write 'server-time-zone' with the zone of the MySQL server, such as 'UTC'.",
         Severity::kWarning});
    return;
  }
}

void CheckServers(const Options& options, Span statement, Diagnostics* diagnostics) {
  CheckTlsOptions(options, diagnostics);
  const int64_t port = options.Integer("port");
  if (port < 1 || port > kPortMax) {
    const Span span = options.Given("port") ? options.ValueSpan("port") : statement;
    diagnostics->push_back(
        {DiagnosticCode::kInvalidValue, span, fmt::format("port {} is out of range", port), ""});
    return;
  }
  const std::string& text = options.Text("hostname");
  const auto servers = ParseServers(text, static_cast<uint16_t>(port));
  if (!servers) {
    diagnostics->push_back(
        {DiagnosticCode::kInvalidValue, options.ValueSpan("hostname"),
         fmt::format("'{}' is not a list of servers", text),
         "Write a name, an address or 'host:port'; an IPv6 address with a port is '[::1]:3306'; "
         "commas stand between servers."});
    return;
  }
  if (servers->size() == 1 && servers->front().port == port) return;
  diagnostics->push_back({DiagnosticCode::kOtherOnFlink, options.ValueSpan("hostname"),
                          "Flink's connector takes one server in 'hostname', without a port",
                          "Write one, and its port in 'port', in a script that is to run on Flink.",
                          Severity::kWarning});
}

// The options that say where a start mode begins, and which mode they belong to.
constexpr std::pair<std::string_view, std::string_view> kStartOptions[] = {
    {"scan.startup.specific-offset.file", "specific-offset"},
    {"scan.startup.specific-offset.pos", "specific-offset"},
    {"scan.startup.specific-offset.gtid-set", "specific-offset"},
    {"scan.startup.timestamp-millis", "timestamp"},
};

void CheckStart(const Options& options, Span statement, Diagnostics* diagnostics) {
  const auto reject = [&](std::string_view key, std::string message, std::string hint) {
    const Span span = options.Given(key) ? options.ValueSpan(key) : statement;
    diagnostics->push_back(
        {DiagnosticCode::kInvalidValue, span, std::move(message), std::move(hint)});
  };
  const std::string mode = ToLower(options.Text("scan.startup.mode"));
  for (const auto& [key, its_mode] : kStartOptions) {
    if (!options.Given(key) || mode == its_mode) continue;
    diagnostics->push_back(
        {DiagnosticCode::kNoEffect, options.KeySpan(key),
         fmt::format("option {} has no effect with 'scan.startup.mode' = '{}'", Quoted(key), mode),
         fmt::format("It belongs to 'scan.startup.mode' = '{}'.", its_mode), Severity::kWarning});
  }
  const std::string_view when = "scan.startup.timestamp-millis";
  if (mode == "timestamp" && !options.Given(when)) {
    reject("scan.startup.mode",
           fmt::format("the start mode 'timestamp' needs the option '{}'", when),
           fmt::format("Add '{}' = '...' to WITH: milliseconds since 1970 in UTC.", when));
  }
  if (options.Given(when) && options.Integer(when) < 0) {
    reject(when, fmt::format("{} must not be negative", when), "");
  }
  if (mode != "specific-offset") return;
  const bool file = options.Given("scan.startup.specific-offset.file") &&
                    options.Given("scan.startup.specific-offset.pos");
  const std::string& gtids = options.Text("scan.startup.specific-offset.gtid-set");
  if (!file && gtids.empty()) {
    reject("scan.startup.mode",
           "Unable to find a valid binlog offset. Either scan.startup.specific-offset.gtid-set, or "
           "scan.startup.specific-offset.file and scan.startup.specific-offset.pos are required.",
           "");
  }
  if (!gtids.empty() && !GtidSet::Parse(gtids)) {
    reject("scan.startup.specific-offset.gtid-set", fmt::format("'{}' is not a GTID set", gtids),
           "Write it as in uuid:1-40.");
  }
}

// Rows of the target that are never changed are not deleted either.
void CheckAppendOnly(const Options& options, Diagnostics* diagnostics) {
  if (!IsAppendOnly(options) || !DeletesRemovedRows(options)) return;
  diagnostics->push_back(
      {DiagnosticCode::kInvalidValue, options.ValueSpan(kRemovedRowsOption),
       fmt::format("'{}' = 'delete' cannot be combined with '{}' = 'true': every change is an "
                   "inserted row, and none is deleted",
                   kRemovedRowsOption, kAppendOnly),
       "Leave one of them out."});
}

}  // namespace

bool DeletesRemovedRows(const Options& options) {
  return EqualsIgnoreCase(options.Text(kRemovedRowsOption), "delete");
}

// All options but those that are about a table, or may differ without harm: then those of the first
// table count.
std::string ReaderKey(const Options& options) {
  std::string key;
  for (const auto& [name, value] : options.texts()) {
    if (IsOneOf(name, {"database-name", "table-name", "server-id", "connect.timeout",
                       "heartbeat.interval", "scan.incremental.snapshot.chunk.size",
                       kChunkKeyOption, kMaxRowsOption, kMaxBytesOption, kPauseOption,
                       "scan.newly-added-table.enabled", "schema.change", kRemovedRowsOption,
                       kBytesAsOption, kAppendOnly, kSkippedOperations}) ||
        name.starts_with("debezium.column.")) {
      continue;
    }
    key += fmt::format("{}={}\n", Quoted(name), Quoted(value));
  }
  return key;
}

bool IsAppendOnly(const Options& options) { return options.Boolean(kAppendOnly); }

void CheckOptions(const Options& options, const Schema& schema, Span statement,
                  Diagnostics* diagnostics) {
  CheckTypes(schema, statement, diagnostics);
  CheckBytesAs(options, diagnostics);
  CheckSchemaChange(options, schema, diagnostics);
  CompareZoneWithFlink(options, schema, statement, diagnostics);
  CheckSnapshotOptions(options, diagnostics);
  const auto reject = [&](std::string_view key, std::string message, std::string hint) {
    const Span span = options.Given(key) ? options.ValueSpan(key) : statement;
    diagnostics->push_back(
        {DiagnosticCode::kInvalidValue, span, std::move(message), std::move(hint)});
  };
  CheckPattern(options, "database-name", diagnostics);
  CheckPattern(options, "table-name", diagnostics);
  CheckServers(options, statement, diagnostics);
  if (options.Given("server-id") && !ParseServerId(options.Text("server-id"))) {
    reject(
        "server-id",
        fmt::format("The value of option 'server-id' is invalid: '{}'", options.Text("server-id")),
        "Write a number such as 5400, or a range such as 5400-5500.");
  }
  if (!TimeZone::Parse(options.Text("server-time-zone"))) {
    reject("server-time-zone",
           fmt::format("time zone '{}' is not known", options.Text("server-time-zone")),
           "Write UTC, an offset such as +08:00, or a name such as Asia/Shanghai.");
  }
  CheckStart(options, statement, diagnostics);
  CheckAppendOnly(options, diagnostics);
  CheckPassedOn(options, diagnostics);
  if (options.Given("scan.incremental.snapshot.chunk.size") &&
      options.Integer("scan.incremental.snapshot.chunk.size") < 1) {
    reject("scan.incremental.snapshot.chunk.size",
           "scan.incremental.snapshot.chunk.size must be at least 1", "");
  }
}

SourceConfig ReadConfig(const Options& options) {
  SourceConfig config;
  const auto port = static_cast<uint16_t>(options.Integer("port"));
  config.servers = ParseServers(options.Text("hostname"), port).value_or(config.servers);
  config.endpoint.socket = options.Text("socket");
  config.endpoint.tls = TlsOf(options);
  config.endpoint.compressed = options.Given("jdbc.properties.useCompression") &&
                               options.Boolean("jdbc.properties.useCompression");
  config.endpoint.user = options.Text("username");
  config.endpoint.password = options.Text("password");
  config.endpoint.connect_timeout_ms = options.DurationMs("connect.timeout");
  config.database_pattern = options.Text("database-name");
  config.table_pattern = options.Text("table-name");
  config.mode = ModeOf(options);
  config.with_snapshot = config.mode == StartMode::kInitial || config.mode == StartMode::kSnapshot;
  config.bounded = config.mode == StartMode::kSnapshot;
  config.append_only = IsAppendOnly(options);
  if (options.Given("scan.startup.timestamp-millis")) {
    constexpr int64_t kSecondMs = 1'000;
    config.start_second = options.Integer("scan.startup.timestamp-millis") / kSecondMs;
  }
  config.start_file = options.Text("scan.startup.specific-offset.file");
  if (options.Given("scan.startup.specific-offset.pos")) {
    config.start_offset =
        static_cast<uint64_t>(options.Integer("scan.startup.specific-offset.pos"));
  }
  const std::string& gtids = options.Text("scan.startup.specific-offset.gtid-set");
  if (!gtids.empty()) config.start_gtids = GtidSet::Parse(gtids);
  if (options.Given("server-id"))
    config.server_id = ParseServerId(options.Text("server-id")).value_or(0);
  config.heartbeat_ms =
      std::clamp(options.DurationMs("heartbeat.interval"), kHeartbeatMinMs, kHeartbeatMaxMs);
  config.rows_per_chunk = options.Given("scan.incremental.snapshot.chunk.size")
                              ? options.Integer("scan.incremental.snapshot.chunk.size")
                              : kRowsPerChunkDefault;
  config.chunk_key_column = options.Text(kChunkKeyOption);
  config.pace = PaceLimitsOf(options);
  config.pause_when = PauseConditionsOf(options);
  config.server_zone = TimeZone::Parse(options.Text("server-time-zone")).value_or(TimeZone());
  config.schema_change = SchemaChangeOf(options);
  config.delete_removed_rows = DeletesRemovedRows(options);
  return config;
}

}  // namespace millrace::mysql
