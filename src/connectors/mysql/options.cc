#include "connectors/mysql/options.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/regex.h"
#include "base/units.h"
#include "connectors/mysql/schema/name_pattern.h"

namespace millrace::mysql {
namespace {

constexpr int64_t kRowsPerPartDefault = 65'536;
constexpr int64_t kHeartbeatMaxMs = 30'000;
constexpr int64_t kHeartbeatMinMs = 1'000;

constexpr OptionSpec kOptions[] = {
    {.key = "hostname", .required = true, .help = "Host name or address of the MySQL server."},
    {.key = "port",
     .kind = OptionKind::kInteger,
     .default_value = "3306",
     .help = "Port of the MySQL server."},
    {.key = "username", .required = true, .help = "User with SELECT and REPLICATION rights."},
    {.key = "password", .kind = OptionKind::kSecret, .required = true, .help = "Its password."},
    {.key = "database-name",
     .required = true,
     .help = "Regular expression over whole names of databases."},
    {.key = "table-name",
     .required = true,
     .help = "Regular expression over whole names of tables."},
    {.key = "server-id",
     .help = "Id of this reader among the server's replicas, or a range A-B; random if not given."},
    {.key = "server-time-zone",
     .default_value = "UTC",
     .help = "Zone of the server, for TIMESTAMP columns declared without one: UTC, +08:00 or "
             "Asia/Shanghai."},
    {.key = "scan.startup.mode",
     .kind = OptionKind::kChoice,
     .default_value = "initial",
     .help =
         "initial: snapshot, then changes; snapshot: only that; else where to begin in the binlog.",
     .choices = "initial|snapshot|earliest-offset|latest-offset|specific-offset|timestamp"},
    {.key = "scan.startup.specific-offset.file",
     .help = "Binlog file to begin at (specific-offset)."},
    {.key = "scan.startup.specific-offset.pos",
     .kind = OptionKind::kInteger,
     .help = "Position in that file."},
    {.key = "scan.startup.specific-offset.gtid-set",
     .help = "GTID set after which to begin (specific-offset, MySQL)."},
    {.key = "scan.startup.specific-offset.skip-events",
     .kind = OptionKind::kInteger,
     .ignored = true},
    {.key = "scan.startup.specific-offset.skip-rows",
     .kind = OptionKind::kInteger,
     .ignored = true},
    {.key = "scan.startup.timestamp-millis", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "scan.incremental.snapshot.chunk.size",
     .kind = OptionKind::kInteger,
     .help = "Rows that one query of the snapshot reads; 65536 if not given."},
    {.key = "heartbeat.interval",
     .kind = OptionKind::kDuration,
     .default_value = "10 s",
     .help = "How often an idle server shows that it is alive."},
    {.key = "connect.timeout",
     .kind = OptionKind::kDuration,
     .default_value = "30 s",
     .help = "How long to wait for a connection."},
    {.key = "scan.incremental.snapshot.enabled", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "scan.incremental.snapshot.chunk.key-column", .ignored = true},
    {.key = "scan.incremental.snapshot.backfill.skip",
     .kind = OptionKind::kBoolean,
     .ignored = true},
    {.key = "scan.incremental.snapshot.unbounded-chunk-first.enabled",
     .kind = OptionKind::kBoolean,
     .ignored = true},
    {.key = "scan.incremental.close-idle-reader.enabled",
     .kind = OptionKind::kBoolean,
     .ignored = true},
    {.key = "scan.newly-added-table.enabled", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "scan.snapshot.fetch.size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "scan.parse.online.schema.changes.enabled",
     .kind = OptionKind::kBoolean,
     .ignored = true},
    {.key = "scan.read-changelog-as-append-only.enabled",
     .kind = OptionKind::kBoolean,
     .ignored = true},
    {.key = "use.legacy.json.format", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "chunk-meta.group.size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "chunk-key.even-distribution.factor.upper-bound",
     .kind = OptionKind::kDouble,
     .ignored = true},
    {.key = "chunk-key.even-distribution.factor.lower-bound",
     .kind = OptionKind::kDouble,
     .ignored = true},
    {.key = "split-key.even-distribution.factor.upper-bound",
     .kind = OptionKind::kDouble,
     .ignored = true},
    {.key = "split-key.even-distribution.factor.lower-bound",
     .kind = OptionKind::kDouble,
     .ignored = true},
    {.key = "connect.max-retries", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "connection.pool.size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "debezium.*", .ignored = true},
    {.key = "jdbc.properties.*", .ignored = true},
};

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
  return StartMode::kInitial;
}

void CheckPattern(const Options& options, std::string_view key, Diagnostics* diagnostics) {
  for (const std::string& alternative : NamePattern::SplitAlternatives(options.Text(key))) {
    if (Regex::Compile(alternative)) continue;
    diagnostics->push_back(
        {options.ValueSpan(key),
         fmt::format("The {} '{}' is not a valid regular expression", key, options.Text(key)),
         "Check brackets, braces and backslashes."});
    return;
  }
}

}  // namespace

std::span<const OptionSpec> OptionTable() { return kOptions; }

void CheckOptions(const Options& options, const Schema&, Span statement, Diagnostics* diagnostics) {
  const auto complain = [&](std::string_view key, std::string message, std::string hint) {
    const Span span = options.Given(key) ? options.ValueSpan(key) : statement;
    diagnostics->push_back({span, std::move(message), std::move(hint)});
  };
  CheckPattern(options, "database-name", diagnostics);
  CheckPattern(options, "table-name", diagnostics);
  const int64_t port = options.Integer("port");
  if (port < 1 || port > 65'535) complain("port", fmt::format("port {} is out of range", port), "");
  if (options.Given("server-id") && !ParseServerId(options.Text("server-id"))) {
    complain(
        "server-id",
        fmt::format("The value of option 'server-id' is invalid: '{}'", options.Text("server-id")),
        "Write a number such as 5400, or a range such as 5400-5500.");
  }
  if (!TimeZone::Parse(options.Text("server-time-zone"))) {
    complain("server-time-zone",
             fmt::format("the time zone '{}' is not known", options.Text("server-time-zone")),
             "Write UTC, an offset such as +08:00, or a name such as Asia/Shanghai.");
  }
  const std::string mode = ToLower(options.Text("scan.startup.mode"));
  if (mode == "timestamp") {
    complain("scan.startup.mode", "the start mode 'timestamp' is not supported by this engine",
             "Use 'specific-offset' with a file and a position.");
  }
  if (mode == "specific-offset") {
    const bool file = options.Given("scan.startup.specific-offset.file") &&
                      options.Given("scan.startup.specific-offset.pos");
    const std::string gtids = options.Text("scan.startup.specific-offset.gtid-set");
    if (!file && gtids.empty()) {
      complain(
          "scan.startup.mode",
          "Unable to find a valid binlog offset. Either scan.startup.specific-offset.gtid-set, or "
          "scan.startup.specific-offset.file and scan.startup.specific-offset.pos are required.",
          "");
    }
    if (!gtids.empty() && !GtidSet::Parse(gtids)) {
      complain("scan.startup.specific-offset.gtid-set",
               fmt::format("'{}' is not a GTID set", gtids), "Write it as in uuid:1-40.");
    }
  }
  if (options.Given("scan.incremental.snapshot.chunk.size") &&
      options.Integer("scan.incremental.snapshot.chunk.size") < 1) {
    complain("scan.incremental.snapshot.chunk.size", "the chunk size must be at least 1", "");
  }
}

Settings ReadSettings(const Options& options) {
  Settings settings;
  settings.endpoint.host = options.Text("hostname");
  settings.endpoint.port = static_cast<uint16_t>(options.Integer("port"));
  settings.endpoint.user = options.Text("username");
  settings.endpoint.password = options.Text("password");
  settings.endpoint.connect_timeout_ms = options.DurationMs("connect.timeout");
  settings.database_pattern = options.Text("database-name");
  settings.table_pattern = options.Text("table-name");
  settings.mode = ModeOf(options);
  settings.with_snapshot =
      settings.mode == StartMode::kInitial || settings.mode == StartMode::kSnapshot;
  settings.bounded = settings.mode == StartMode::kSnapshot;
  settings.start_file = options.Text("scan.startup.specific-offset.file");
  if (options.Given("scan.startup.specific-offset.pos")) {
    settings.start_offset =
        static_cast<uint64_t>(options.Integer("scan.startup.specific-offset.pos"));
  }
  const std::string gtids = options.Text("scan.startup.specific-offset.gtid-set");
  if (!gtids.empty()) settings.start_gtids = GtidSet::Parse(gtids);
  if (options.Given("server-id"))
    settings.server_id = ParseServerId(options.Text("server-id")).value_or(0);
  settings.heartbeat_ms =
      std::clamp(options.DurationMs("heartbeat.interval"), kHeartbeatMinMs, kHeartbeatMaxMs);
  settings.rows_per_part = options.Given("scan.incremental.snapshot.chunk.size")
                               ? options.Integer("scan.incremental.snapshot.chunk.size")
                               : kRowsPerPartDefault;
  settings.server_zone = TimeZone::Parse(options.Text("server-time-zone")).value_or(TimeZone());
  return settings;
}

}  // namespace millrace::mysql
