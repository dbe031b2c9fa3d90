#include <fmt/format.h>

#include <set>

#include "base/ascii.h"
#include "plan/plan.h"

namespace millrace {
namespace {

constexpr std::string_view kOptions = ".options.";
constexpr std::string_view kColon = ": ";
// With this option of a source its patterns may change between two runs.
// How the rows are read, not which; part of every fingerprint so far.
constexpr std::string_view kChunkKey = "scan.incremental.snapshot.chunk.key-column";
constexpr std::string_view kReadsAddedTables = "scan.newly-added-table.enabled";

// Options that may change between two runs of the same job: where the servers are, who logs in, how
// fast to go. Everything else affects the rows.
bool MayChange(std::string_view key) {
  if (IsOneOf(key, {"hostname",
                    "port",
                    "socket",
                    "username",
                    "password",
                    "server-id",
                    "fenodes",
                    "benodes",
                    "jdbc-url",
                    "connect.timeout",
                    "connect.max-retries",
                    "connection.pool.size",
                    "heartbeat.interval",
                    "schema.change",
                    "ddl.removed-rows",
                    "query-port",
                    "sink.max-retries",
                    "sink.buffer-size",
                    "sink.buffer-count",
                    "scan.snapshot.fetch.size",
                    "scan.snapshot.max-rows-per-second",
                    "scan.snapshot.max-bytes-per-second",
                    "scan.snapshot.pause-when",
                    "scan.incremental.snapshot.chunk.size"}))
    return true;
  return key.starts_with("doris.request.") || key.starts_with("jdbc.properties.") ||
         key.starts_with("ssl.") || key.starts_with("debezium.database.ssl.") || IsSecret(key, {});
}

void AddTable(const std::string& prefix, const PlanTable& table, std::span<const uint32_t> columns,
              std::vector<std::string>* lines) {
  lines->push_back(fmt::format("{}.connector: {}", prefix, table.connector));
  for (const auto& [key, value] : table.options) {
    if (!MayChange(key)) lines->push_back(fmt::format("{}.options.{}: {}", prefix, key, value));
  }
  for (const uint32_t index : columns) {
    const Column& column = table.schema.columns[index];
    lines->push_back(fmt::format("{}.column: {} {}{}", prefix, column.name, ToString(column.type),
                                 column.metadata_key.empty()
                                     ? ""
                                     : fmt::format(" METADATA FROM '{}'", column.metadata_key)));
  }
}

// "source", or "source 2" if there are several.
std::string Numbered(std::string_view name, size_t index, size_t count) {
  return count == 1 ? std::string(name) : fmt::format("{} {}", name, index + 1);
}

// Options of single sources that may change in this plan: "source.options.table-name".
std::set<std::string> FreeOptions(const Plan& plan) {
  std::set<std::string> free;
  for (size_t i = 0; i < plan.sources.size(); ++i) {
    const auto& options = plan.sources[i].table.options;
    const std::string prefix = Numbered("source", i, plan.sources.size()) + std::string(kOptions);
    free.insert(prefix + std::string(kReadsAddedTables));
    free.insert(prefix + std::string(kChunkKey));
    const auto enabled = options.find(std::string(kReadsAddedTables));
    if (enabled == options.end() || !EqualsIgnoreCase(enabled->second, "true")) continue;
    for (const char* key : {"database-name", "table-name"}) free.insert(prefix + key);
  }
  return free;
}

// Whether a checkpoint depends on what a line says; earlier releases wrote more of them.
bool Counts(const std::string& line, const std::set<std::string>& free) {
  const size_t mark = line.find(kOptions);
  const size_t colon = line.find(kColon);
  const bool is_option = mark < colon && (line.starts_with("source") || line.starts_with("sink"));
  if (!is_option) return true;
  const size_t key = mark + kOptions.size();
  const bool has_value = colon + kColon.size() < line.size();
  return has_value && !free.contains(line.substr(0, colon)) &&
         !MayChange(std::string_view(line).substr(key, colon - key));
}

}  // namespace

std::vector<std::string> FingerprintLines(const Plan& plan) {
  std::vector<std::string> lines;
  for (size_t i = 0; i < plan.sources.size(); ++i) {
    const PlanSource& source = plan.sources[i];
    AddTable(Numbered("source", i, plan.sources.size()), source.table, source.columns, &lines);
  }
  for (const PlanFlow& flow : plan.flows) {
    const std::string prefix =
        plan.flows.size() == 1
            ? ""
            : fmt::format("{} to {} ", Numbered("source", flow.source, plan.sources.size()),
                          Numbered("sink", flow.sink, plan.sinks.size()));
    for (const std::string& text : flow.select) {
      lines.push_back(fmt::format("{}select: {}", prefix, text));
    }
    if (!flow.where.empty()) lines.push_back(fmt::format("{}where: {}", prefix, flow.where));
  }
  for (size_t i = 0; i < plan.sinks.size(); ++i) {
    const PlanSink& sink = plan.sinks[i];
    const std::string prefix = Numbered("sink", i, plan.sinks.size());
    if (sink.limit >= 0) lines.push_back(fmt::format("{}.limit: {}", prefix, sink.limit));
    AddTable(prefix, sink.table, sink.columns, &lines);
  }
  return lines;
}

bool FitsLines(const Plan& plan, const std::vector<std::string>& before) {
  const std::set<std::string> free = FreeOptions(plan);
  const auto counting = [&](std::vector<std::string> lines) {
    std::erase_if(lines, [&](const std::string& line) { return !Counts(line, free); });
    return lines;
  };
  return counting(before) == counting(FingerprintLines(plan));
}

std::string Fingerprint(const Plan& plan) {
  uint64_t hash = 0xcbf29ce484222325ull;  // FNV-1a
  for (const std::string& line : FingerprintLines(plan)) {
    for (const char c : line + "\n") {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
    }
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace millrace
