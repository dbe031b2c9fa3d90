// 'connector' = 'mysql-cdc': MySQL and MariaDB tables, spread over databases and tables, as one
// changelog.
#include "connectors/connector.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "connectors/mysql/options.h"

namespace millrace::mysql {
namespace {

const Column kMetadata[] = {
    {"database_name", Type::String().NotNull(), ""},
    {"table_name", Type::String().NotNull(), ""},
    {"op_ts", Type{TypeKind::kTimestampLtz, false, 0, 3}, ""},
    {"row_kind", Type::String().NotNull(), ""},
};

std::vector<std::string> ExplainSource(const Options& options, const Schema& schema,
                                       std::span<const uint32_t> columns) {
  std::vector<std::string> names;
  for (const uint32_t index : columns) {
    if (schema.columns[index].metadata_key.empty()) names.push_back(schema.columns[index].name);
  }
  std::string start = options.Text("scan.startup.mode");
  if (EqualsIgnoreCase(start, "timestamp"))
    start += " " + options.Text("scan.startup.timestamp-millis");
  return {
      fmt::format("MySQL tables: {}.{}", options.Text("database-name"), options.Text("table-name")),
      fmt::format("snapshot query: SELECT {} FROM <table> WHERE <key range>",
                  names.empty() ? "<key>" : Join(names, ", ")),
      fmt::format("start: {}", start)};
}

}  // namespace

extern const Connector kConnector;
const Connector kConnector = {
    .name = "mysql-cdc",
    .help = "Tables of MySQL or MariaDB and their changes.",
    .options = OptionTable(),
    .metadata = kMetadata,
    .is_source = true,
    .takes_structures = true,
    .empties_tables = DeletesRemovedRows,
    .reader_key = ReaderKey,
    .emits_updates = [](const Options& options) { return !IsAppendOnly(options); },
    .bounded =
        [](const Options& options) {
          return EqualsIgnoreCase(options.Text("scan.startup.mode"), "snapshot");
        },
    .check = CheckOptions,
    .explain_source = ExplainSource,
};

}  // namespace millrace::mysql
