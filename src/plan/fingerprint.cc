#include <fmt/format.h>

#include <set>

#include "base/ascii.h"
#include "plan/plan.h"

namespace millrace {
namespace {

// With this option of a source its patterns may change between two runs.
constexpr std::string_view kReadsAddedTables = "scan.newly-added-table.enabled";

// Options that may change between two runs of the same job: where the servers are, who logs in, how
// fast to go. Everything else affects the rows.
bool MayChange(std::string_view key) {
  if (IsOneOf(key, {"hostname",
                    "port",
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
                    "scan.incremental.snapshot.chunk.size"}))
    return true;
  return key.starts_with("doris.request.") || key.starts_with("jdbc.properties.") ||
         IsSecret(key, {});
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
  std::set<std::string> free;
  for (size_t i = 0; i < plan.sources.size(); ++i) {
    const std::string options = Numbered("source", i, plan.sources.size()) + ".options.";
    free.insert(options + std::string(kReadsAddedTables));
    const auto enabled = plan.sources[i].table.options.find(std::string(kReadsAddedTables));
    const bool may_capture_others =
        enabled != plan.sources[i].table.options.end() && EqualsIgnoreCase(enabled->second, "true");
    if (!may_capture_others) continue;
    for (const char* key : {"database-name", "table-name"}) free.insert(options + key);
  }
  const auto counting = [&](std::vector<std::string> lines) {
    std::erase_if(lines, [&](const std::string& line) {
      const size_t colon = line.find(": ");
      if (colon == std::string::npos) return false;
      const bool has_value = colon + 2 < line.size();
      return !has_value || free.contains(line.substr(0, colon));
    });
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
