#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "plan/plan.h"

namespace millrace {
namespace {

const Connector* Find(std::string_view name, std::span<const Connector* const> connectors) {
  const auto found =
      std::find_if(connectors.begin(), connectors.end(),
                   [&](const Connector* connector) { return connector->name == name; });
  return found == connectors.end() ? nullptr : *found;
}

std::string BracketedName(const std::string& table) { return Join(Split(table, '.'), ", "); }

std::string ColumnNames(const Schema& schema, std::span<const uint32_t> columns) {
  std::vector<std::string> names;
  for (const uint32_t column : columns) names.push_back(schema.columns[column].name);
  return Join(names, ", ");
}

// One line per operator, the target first; each line feeds the one above.
std::vector<std::string> Operators(const Plan& plan, bool pushed) {
  std::vector<std::string> lines;
  const Schema& result = plan.sink.table.schema;
  if (!plan.is_select) {
    lines.push_back(fmt::format("Sink(table=[{}], fields=[{}])", plan.sink.table.name,
                                ColumnNames(result, plan.sink.columns)));
  }
  if (plan.limit >= 0) lines.push_back(fmt::format("Limit(fetch=[{}])", plan.limit));
  std::vector<std::string> select;
  std::string where;
  constexpr std::string_view kWhere = "where ";
  for (const std::string& text : plan.program_text) {
    if (text.starts_with(kWhere) && plan.program.filter_slot() >= 0 && select.empty()) {
      where = fmt::format(", where=[{}]", text.substr(kWhere.size()));
    } else {
      select.push_back(text);
    }
  }
  lines.push_back(fmt::format("Calc(select=[{}]{})", Join(select, ", "), where));
  std::vector<uint32_t> all(plan.source.table.schema.columns.size());
  for (uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  lines.push_back(fmt::format(
      "TableSourceScan(table=[[{}]], fields=[{}]{})", BracketedName(plan.source.table.name),
      ColumnNames(plan.source.table.schema, pushed ? plan.source.columns : all),
      pushed && plan.source.limit >= 0 ? fmt::format(", limit=[{}]", plan.source.limit) : ""));
  return lines;
}

std::string Tree(const std::vector<std::string>& lines) {
  std::string text;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) text += std::string(3 * (i - 1), ' ') + "+- ";
    text += lines[i] + "\n";
  }
  return text;
}

}  // namespace

std::string Explain(const Plan& plan, std::span<const Connector* const> connectors) {
  std::string text = "== Abstract Syntax Tree ==\n" + Tree(Operators(plan, false));
  text += "\n== Optimized Physical Plan ==\n" + Tree(Operators(plan, true));
  text += "\n== Optimized Execution Plan ==\n" + Tree(Operators(plan, true));
  if (const Connector* source = Find(plan.source.table.connector, connectors)) {
    if (source->explain_source != nullptr) {
      const Options options = Options::FromTexts(source->options, plan.source.table.options);
      for (const std::string& line :
           source->explain_source(options, plan.source.table.schema, plan.source.columns)) {
        text += "  " + line + "\n";
      }
    }
  }
  if (!plan.is_select) {
    text += fmt::format("\nJob: {}, checkpoint every {} ms, parallelism {}, fingerprint {}\n",
                        plan.job, plan.checkpoint_interval_ms, plan.parallelism, Fingerprint(plan));
  }
  return text;
}

}  // namespace millrace
