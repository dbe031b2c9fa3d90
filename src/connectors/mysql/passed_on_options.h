// The options that Flink's connector hands on to Debezium ('debezium.*') and to the JDBC driver
// ('jdbc.properties.*'), as far as they are not about the connection (options.cc). The lists have
// every property of Debezium 1.9 that changes which rows come, or what is in them: what is not here
// is unknown to Debezium, too, or does not matter, and is passed over with a warning.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/diagnostic.h"
#include "connectors/mysql/binlog/log_event.h"
#include "connectors/options.h"

namespace millrace::mysql {

inline constexpr std::string_view kSkippedOperations = "debezium.skipped.operations";
inline constexpr std::string_view kColumnExcludeList = "debezium.column.exclude.list";
inline constexpr std::string_view kColumnIncludeList = "debezium.column.include.list";
// Followed by "N.chars".
inline constexpr std::string_view kColumnMask = "debezium.column.mask.with.";
inline constexpr std::string_view kColumnTruncate = "debezium.column.truncate.to.";
inline constexpr std::string_view kSnapshotMode = "debezium.snapshot.mode";
// Names of the JDBC driver for 'server-time-zone'.
inline constexpr std::string_view kJdbcTimeZones[] = {"jdbc.properties.serverTimezone",
                                                      "jdbc.properties.connectionTimeZone"};

// What the values of those that work mean.
using SkippedKinds = std::array<bool, 3>;  // by RowsKind
// "c, d": nothing if a letter is none of an operation.
std::optional<SkippedKinds> ParseSkippedOperations(std::string_view text);
// The number N of a key that ends in "N.chars": nothing if the end is another, or N too large.
std::optional<uint32_t> ParseCharacters(std::string_view end_of_key);
inline constexpr uint32_t kMaskCharactersMax = 4'096;

// What the table alone cannot say. Pure.
void CheckPassedOn(const Options& options, Diagnostics* diagnostics);

constexpr OptionSpec WorksAs(std::string_view key, std::string_view help) {
  return {.key = key, .help = help, .no_default = true};
}
constexpr OptionSpec HasNoEffect(std::string_view key, std::string_view help = {}) {
  return {.key = key, .help = help, .ignored = true, .no_default = true};
}
constexpr OptionSpec IsRefused(std::string_view key, std::string_view instead) {
  return {.key = key, .ignored = true, .no_default = true, .instead = instead};
}
constexpr OptionSpec AcceptsOnly(std::string_view key, std::string_view values,
                                 std::string_view instead) {
  return {.key = key, .ignored = true, .no_default = true, .harmless = values, .instead = instead};
}

inline constexpr std::string_view kNameTables =
    "Name the tables in 'database-name' and 'table-name'.";
inline constexpr std::string_view kNeverSkips =
    "The job stops at what it cannot read, and loses nothing: leave the option out.";
inline constexpr std::string_view kConvertInSql =
    "Declare the column with the type that it is to have, or convert it in the INSERT.";
inline constexpr std::string_view kOptionOfOurs =
    "It would be another server or user than that of the options without 'debezium.': use those.";
inline constexpr std::string_view kListsOfColumns =
    "Write 'debezium.column.include.list' or 'debezium.column.exclude.list'.";
inline constexpr std::string_view kSessionOfOurs =
    "The sessions of Millrace are set up so that values are read as they are: leave the option "
    "out.";

// More particular ones first: the first pattern that matches counts.
inline constexpr OptionSpec kPassedOnOptions[] = {
    WorksAs(
        "debezium.skipped.operations",
        "Changes that are left out: c (inserts), u (updates), d (deletes), separated by commas, "
        "or none. The snapshot is not touched."),
    WorksAs("debezium.column.exclude.list",
            "Columns that are read as NULL: regular expressions that match database.table.column, "
            "separated by commas."),
    WorksAs("debezium.column.include.list",
            "The only columns that are not read as NULL, written in the same way."),
    WorksAs("debezium.column.mask.with.*",
            "debezium.column.mask.with.N.chars: text columns that are read as N asterisks."),
    WorksAs("debezium.column.truncate.to.*",
            "debezium.column.truncate.to.N.chars: text columns that are cut after N characters."),
    WorksAs("jdbc.properties.serverTimezone", "The same as 'server-time-zone', which must agree."),
    WorksAs("jdbc.properties.connectionTimeZone",
            "The same as 'server-time-zone', which must agree."),
    AcceptsOnly("debezium.decimal.handling.mode", "precise|string",
                "Numbers keep all their digits: declare the column as DECIMAL, and CAST it to "
                "DOUBLE in the INSERT."),
    AcceptsOnly("debezium.time.precision.mode", "adaptive_time_microseconds|adaptive",
                "Times keep all their digits: declare fewer, as in TIMESTAMP(3)."),
    AcceptsOnly("debezium.bigint.unsigned.handling.mode", "precise",
                "Numbers are never negative instead of large: declare DECIMAL(20, 0)."),
    AcceptsOnly("debezium.enable.time.adjuster", "false",
                "Years are read as they are stored; MySQL itself completes those of two digits "
                "when they are written."),
    AcceptsOnly("debezium.event.processing.failure.handling.mode", "fail", kNeverSkips),
    AcceptsOnly("debezium.event.deserialization.failure.handling.mode", "fail", kNeverSkips),
    AcceptsOnly("debezium.event.converting.failure.handling.mode", "fail", kNeverSkips),
    AcceptsOnly("debezium.inconsistent.schema.handling.mode", "fail", kNeverSkips),
    AcceptsOnly("debezium.gtid.new.channel.position", "earliest",
                "Transactions of servers that are new in the log are read from their first one on: "
                "leave the option out."),
    AcceptsOnly("debezium.sanitize.field.names", "false",
                "Columns are found by the names that they have in MySQL: leave the option out."),
    AcceptsOnly("debezium.table.ignore.builtin", "true",
                "Tables of the server itself are never read."),
    AcceptsOnly("debezium.provide.transaction.metadata", "false",
                "Transactions have no rows of their own: leave the option out."),
    IsRefused("debezium.gtid.source.includes",
              "The transactions of every server in the log are read: leave the option out."),
    IsRefused("debezium.gtid.source.excludes",
              "The transactions of every server in the log are read: leave the option out."),
    IsRefused("debezium.column.mask.hash.*",
              "Write 'debezium.column.mask.with.N.chars', or a function such as SHA256 in the "
              "INSERT."),
    IsRefused("debezium.column.whitelist", kListsOfColumns),
    IsRefused("debezium.column.blacklist", kListsOfColumns),
    IsRefused("debezium.table.include.list", kNameTables),
    IsRefused("debezium.table.exclude.list", kNameTables),
    IsRefused("debezium.table.whitelist", kNameTables),
    IsRefused("debezium.table.blacklist", kNameTables),
    IsRefused("debezium.database.include.list", kNameTables),
    IsRefused("debezium.database.exclude.list", kNameTables),
    IsRefused("debezium.database.whitelist", kNameTables),
    IsRefused("debezium.database.blacklist", kNameTables),
    IsRefused("debezium.snapshot.select.statement.*",
              "Write the condition in a WHERE of the INSERT: it holds for the snapshot and for "
              "changes."),
    IsRefused("debezium.snapshot.include.collection.list", kNameTables),
    IsRefused("debezium.converters", kConvertInSql),
    IsRefused("debezium.transforms", kConvertInSql),
    IsRefused("debezium.transforms.*", kConvertInSql),
    IsRefused("debezium.predicates", kConvertInSql),
    IsRefused("debezium.predicates.*", kConvertInSql),
    IsRefused("debezium.signal.data.collection",
              "A table is read again after 'millrace --fresh' only: leave the option out."),
    IsRefused("debezium.database.hostname", kOptionOfOurs),
    IsRefused("debezium.database.port", kOptionOfOurs),
    IsRefused("debezium.database.user", kOptionOfOurs),
    IsRefused("debezium.database.password", kOptionOfOurs),
    IsRefused("debezium.database.server.id", "Write 'server-id'."),
    IsRefused("debezium.database.serverTimezone", "Write 'server-time-zone'."),
    IsRefused("debezium.database.connectionTimeZone", "Write 'server-time-zone'."),
    IsRefused("debezium.database.initial.statements", kSessionOfOurs),
    HasNoEffect("debezium.snapshot.mode",
                "On Flink it has none either: 'scan.startup.mode' says where to start."),
    HasNoEffect("debezium.snapshot.*"),
    HasNoEffect("debezium.incremental.snapshot.*"),
    HasNoEffect("debezium.min.row.count.*"),
    HasNoEffect("debezium.message.key.columns",
                "Rows are matched by the key that the tables of the script declare."),
    HasNoEffect("debezium.gtid.source.filter.dml.events"),
    HasNoEffect("debezium.database.history.*", "The history of tables is kept in checkpoints."),
    HasNoEffect("debezium.schema.history.internal.*",
                "The history of tables is kept in checkpoints."),
    HasNoEffect("debezium.database.*"),
    HasNoEffect("debezium.connect.*"),
    HasNoEffect("debezium.heartbeat.*", "Heartbeats have the option 'heartbeat.interval'."),
    HasNoEffect("debezium.include.*"),
    HasNoEffect("debezium.max.*"),
    HasNoEffect("debezium.poll.interval.ms"),
    HasNoEffect("debezium.binlog.buffer.size"),
    HasNoEffect("debezium.offset.*", "Positions are kept in checkpoints."),
    HasNoEffect("debezium.tombstones.on.delete"),
    HasNoEffect("debezium.column.propagate.source.type"),
    HasNoEffect("debezium.datatype.propagate.source.type"),
    HasNoEffect("debezium.schema.name.adjustment.mode"),
    HasNoEffect("debezium.source.struct.version"),
    HasNoEffect("debezium.retriable.restart.connector.wait.ms"),
    HasNoEffect("debezium.*", "It is not one of the options of Debezium 1.9: check its name."),
    AcceptsOnly("jdbc.properties.zeroDateTimeBehavior", "convert_to_null|convertToNull",
                "A zero date is never another date: leave the option out."),
    AcceptsOnly("jdbc.properties.characterSetResults", "utf8|utf-8|utf8mb4|null",
                "Texts are always read in full, as UTF-8: leave the option out."),
    AcceptsOnly("jdbc.properties.padCharsWithSpace", "false",
                "Texts are read without the spaces that MySQL cuts off: leave the option out."),
    AcceptsOnly("jdbc.properties.blobsAreStrings", "false",
                "Declare a BLOB as BYTES, and convert it in the INSERT."),
    AcceptsOnly("jdbc.properties.preserveInstants", "true", "Write 'server-time-zone'."),
    IsRefused("jdbc.properties.sessionVariables", kSessionOfOurs),
    IsRefused("jdbc.properties.maxRows", "Write a LIMIT in the SELECT."),
    HasNoEffect("jdbc.properties.*"),
};

}  // namespace millrace::mysql
