// 'connector' = 'doris': Apache Doris as a target, through Stream Load with two-phase commit, and
// as a table that can be read, through the query port.
#include "connectors/connector.h"

#include <fmt/format.h>

#include "connectors/doris/flink_differences.h"
#include "connectors/doris/sink_config.h"

namespace millrace::doris {
namespace {

std::vector<std::string> ExplainSource(const Options& options, const Schema& schema,
                                       std::span<const uint32_t> columns) {
  const SinkConfig config = MakeSinkConfig(options);
  std::string names;
  for (const uint32_t column : columns) {
    names += (names.empty() ? "" : ", ") + schema.columns[column].name;
  }
  return {fmt::format("query at {}:{}: SELECT {} FROM {}.{}", config.query_host, config.query_port,
                      names.empty() ? "1" : names, config.database, config.table)};
}

bool IsBounded(const Options&) { return true; }

bool DeletesRows(const Options& options) { return MakeSinkConfig(options).deletes; }

}  // namespace

extern const Connector kConnector;
const Connector kConnector = {
    .name = "doris",
    .help = "Writes into and reads from a table of Apache Doris.",
    .options = OptionTable(),
    .is_source = true,
    .is_sink = true,
    .accepts_updates = true,
    .takes_structures = true,
    .keeps_last_row_per_key = true,
    .deletes_rows = DeletesRows,
    .bounded = IsBounded,
    .check = CheckOptions,
    .compare_with_flink = CompareWithFlink,
    .explain_source = ExplainSource,
};

}  // namespace millrace::doris
