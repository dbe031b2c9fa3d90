// The table of options; what it cannot say is checked in options.cc.
#include <algorithm>
#include <array>

#include "connectors/mysql/options.h"
#include "connectors/mysql/passed_on_options.h"
#include "connectors/mysql/snapshot/snapshot_options.h"
#include "connectors/mysql/values/bytes_as.h"

namespace millrace::mysql {
namespace {

constexpr std::string_view kWholeTransactions =
    "A job begins between two transactions: write the position of the one to begin with.";

constexpr OptionSpec kOptions[] = {
    {.key = "hostname",
     .required = true,
     .help = "Host name or address of the MySQL server. Several, separated by commas, each with "
             "':port' if it has another one, are tried in turn."},
    {.key = "port",
     .kind = OptionKind::kInteger,
     .default_value = "3306",
     .help = "Port of the MySQL server."},
    {.key = "username",
     .required = true,
     .help = "MySQL user; needs SELECT, REPLICATION SLAVE and REPLICATION CLIENT."},
    {.key = "password",
     .kind = OptionKind::kSecret,
     .required = true,
     .help = "Password of the MySQL user."},
    {.key = "database-name",
     .required = true,
     .help = "Databases to capture: a regular expression that matches whole names."},
    {.key = "table-name",
     .required = true,
     .help = "Tables to capture: a regular expression that matches whole names."},
    {.key = "server-id",
     .help = "Replica id of this reader, unique among the server's replicas: a number, or a range "
             "A-B of which the first is used. Random by default."},
    {.key = "server-time-zone",
     .default_value = "UTC",
     .help = "Time zone of the server, used for TIMESTAMP columns that are declared without a time "
             "zone: UTC, +08:00 or Asia/Shanghai."},
    {.key = "scan.startup.mode",
     .kind = OptionKind::kChoice,
     .default_value = "initial",
     .help = "initial: snapshot, then changes. snapshot: snapshot only. The other values say where "
             "to start in the binlog, without a snapshot.",
     .choices = "initial|snapshot|earliest-offset|latest-offset|specific-offset|timestamp"},
    {.key = "scan.startup.specific-offset.file",
     .help = "Binlog file to start from, with 'specific-offset'."},
    {.key = "scan.startup.specific-offset.pos",
     .kind = OptionKind::kInteger,
     .help = "Position in the binlog file to start from, with 'specific-offset'."},
    {.key = "scan.startup.specific-offset.gtid-set",
     .help = "GTID set after which to start, with 'specific-offset' (MySQL only)."},
    {.key = "scan.startup.specific-offset.skip-events",
     .kind = OptionKind::kInteger,
     .ignored = true,
     .harmless = "0",
     .instead = kWholeTransactions},
    {.key = "scan.startup.specific-offset.skip-rows",
     .kind = OptionKind::kInteger,
     .ignored = true,
     .harmless = "0",
     .instead = kWholeTransactions},
    {.key = "scan.startup.timestamp-millis",
     .kind = OptionKind::kInteger,
     .help = "Milliseconds since 1970 in UTC, with 'timestamp': the job begins with the first "
             "transaction that ends in that second or later."},
    {.key = "scan.incremental.snapshot.chunk.size",
     .kind = OptionKind::kInteger,
     .help = "Rows that one query of the snapshot reads; 65536 by default."},
    {.key = kChunkKeyOption,
     .help = "Column by which the snapshot cuts each table, instead of its key: a number, CHAR, "
             "VARCHAR, bytes, or a date or time. It should have an index."},
    {.key = kMaxRowsOption,
     .kind = OptionKind::kInteger,
     .help = "Rows per second that the snapshot reads at most, over all its connections; no limit "
             "by default.",
     .only_here = true},
    {.key = kMaxBytesOption,
     .kind = OptionKind::kMemory,
     .help = "Bytes per second that the snapshot reads at most, over all its connections; no limit "
             "by default.",
     .only_here = true},
    {.key = kPauseOption,
     .help = "The snapshot begins no chunk while one of these conditions holds: status variables "
             "of the server, and replica_lag, as in 'threads_running>50, replica_lag>10s'.",
     .only_here = true},
    {.key = "heartbeat.interval",
     .kind = OptionKind::kDuration,
     .default_value = "10 s",
     .help = "Binlog heartbeat interval, from 1 s to 30 s."},
    {.key = "connect.timeout",
     .kind = OptionKind::kDuration,
     .default_value = "30 s",
     .help = "Connect timeout."},
    {.key = "schema.change",
     .kind = OptionKind::kChoice,
     .default_value = "stop",
     .help =
         "What happens when an ALTER TABLE takes a declared column away from a captured table, or "
         "gives it a "
         "type that the declared one cannot hold. stop: the job ends there. null: the column of "
         "that table is "
         "read as NULL from there on. ignore: the same, until the table has such a column again.",
     .choices = "stop|null|ignore",
     .only_here = true},
    {.key = kRemovedRowsOption,
     .kind = OptionKind::kChoice,
     .default_value = "keep",
     .help =
         "What happens to rows of the target when TRUNCATE TABLE, DROP TABLE or a RENAME out of "
         "the pattern takes them from the captured tables. keep: they stay, and a warning says "
         "so. delete: they are deleted; the target needs the metadata columns database_name "
         "and table_name.",
     .choices = "keep|delete",
     .only_here = true},
    {.key = "jdbc.properties.sslMode",
     .help = "TLS for all connections: DISABLED (the default), PREFERRED, REQUIRED, VERIFY_CA or "
             "VERIFY_IDENTITY. Of this and debezium.database.ssl.mode the one that asks for more "
             "counts.",
     .no_default = true},
    {.key = "jdbc.properties.useSSL",
     .kind = OptionKind::kBoolean,
     .help = "Without sslMode: true is PREFERRED.",
     .no_default = true},
    {.key = "jdbc.properties.requireSSL",
     .kind = OptionKind::kBoolean,
     .help = "Without sslMode: true is REQUIRED.",
     .no_default = true},
    {.key = "jdbc.properties.verifyServerCertificate",
     .kind = OptionKind::kBoolean,
     .help = "Without sslMode: true is VERIFY_CA.",
     .no_default = true},
    {.key = "debezium.database.ssl.mode",
     .help = "TLS for all connections: disabled, preferred, required, verify_ca or "
             "verify_identity.",
     .no_default = true},
    {.key = "ssl.ca",
     .help = "PEM file, or folder, with the authorities that may have signed the server's "
             "certificate; those of the system by default.",
     .only_here = true},
    {.key = "ssl.cert", .help = "PEM file with the certificate of the client.", .only_here = true},
    {.key = "ssl.key",
     .help = "PEM file with the key of the client's certificate.",
     .only_here = true},
    {.key = "ssl.key-password",
     .kind = OptionKind::kSecret,
     .help = "Password of the key in 'ssl.key'.",
     .only_here = true},
    {.key = "jdbc.properties.useCompression",
     .kind = OptionKind::kBoolean,
     .help = "Compress what the server sends, for slow networks.",
     .no_default = true},
    {.key = "socket",
     .help = "Path of the server's Unix socket; 'hostname' and 'port' are not used then.",
     .only_here = true},
    {.key = kBytesAsOption,
     .kind = OptionKind::kChoice,
     .help = "How BINARY, VARBINARY, BLOB and BIT columns are read that are declared as STRING: as "
             "text (must be UTF-8), in hex or in base64. Columns declared as BYTES stay bytes.",
     .choices = "text|hex|base64",
     .only_here = true,
     .no_default = true},
    {.key = kBinaryModeOption,
     .kind = OptionKind::kChoice,
     .help = "The same under Debezium's name: base64, hex in small letters, or bytes, which reads "
             "none of them as STRING.",
     .choices = "bytes|base64|hex",
     .no_default = true},
    {.key = "scan.incremental.snapshot.enabled", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "scan.incremental.snapshot.backfill.skip",
     .kind = OptionKind::kBoolean,
     .ignored = true},
    {.key = "scan.incremental.snapshot.unbounded-chunk-first.enabled",
     .kind = OptionKind::kBoolean,
     .ignored = true},
    {.key = "scan.incremental.close-idle-reader.enabled",
     .kind = OptionKind::kBoolean,
     .ignored = true},
    {.key = "scan.newly-added-table.enabled",
     .kind = OptionKind::kBoolean,
     .help =
         "Whether 'database-name' and 'table-name' may change between two runs of a job: tables "
         "that are new to them are read as in a snapshot. Tables that no longer match are left "
         "alone."},
    {.key = "scan.snapshot.fetch.size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "scan.parse.online.schema.changes.enabled",
     .kind = OptionKind::kBoolean,
     .ignored = true},
    {.key = kAppendOnly,
     .kind = OptionKind::kBoolean,
     .help = "true: every change is an inserted row, the row before an update and a deleted one, "
             "too. The metadata column row_kind says what it was."},
    {.key = "use.legacy.json.format",
     .kind = OptionKind::kBoolean,
     .ignored = true,
     .harmless = "false",
     .instead = "JSON has the text that MySQL itself gives it, in the snapshot and after: leave "
                "the option out."},
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
    {.key = "debezium.database.ssl.truststore",
     .help = "Java's key stores cannot be read; write 'ssl.ca' beside it.",
     .no_default = true},
    {.key = "debezium.database.ssl.truststore.*", .help = "As above."},
    {.key = "debezium.database.ssl.keystore",
     .help = "Java's key stores cannot be read; write 'ssl.cert' and 'ssl.key' beside it.",
     .no_default = true},
    {.key = "debezium.database.ssl.keystore.*", .help = "As above."},
    {.key = "jdbc.properties.trustCertificateKeyStore*",
     .help = "Java's key stores cannot be read; write 'ssl.ca' beside it."},
    {.key = "jdbc.properties.clientCertificateKeyStore*",
     .help = "Java's key stores cannot be read; write 'ssl.cert' and 'ssl.key' beside it."},
};

// In one table, in this order.
template <size_t kFirst, size_t kSecond>
constexpr std::array<OptionSpec, kFirst + kSecond> Joined(const OptionSpec (&first)[kFirst],
                                                          const OptionSpec (&second)[kSecond]) {
  std::array<OptionSpec, kFirst + kSecond> joined{};
  std::copy(first, first + kFirst, joined.begin());
  std::copy(second, second + kSecond, joined.begin() + kFirst);
  return joined;
}

constexpr auto kAllOptions = Joined(kOptions, kPassedOnOptions);

}  // namespace

std::span<const OptionSpec> OptionTable() { return kAllOptions; }

}  // namespace millrace::mysql
