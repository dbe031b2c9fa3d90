#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "plan/plan.h"
#include "plan/readers.h"

namespace millrace {
namespace {

const Connector* Find(std::string_view name, std::span<const Connector* const> connectors) {
  const auto found =
      std::find_if(connectors.begin(), connectors.end(),
                   [&](const Connector* connector) { return connector->name == name; });
  return found == connectors.end() ? nullptr : *found;
}

// An operator and what feeds it.
struct Node {
  std::string text;
  std::vector<Node> inputs;
};

// How much of the plan a tree shows.
struct Detail {
  bool pushed_down = false;     // what the source reads, not what it has
  bool reuse = false;           // a source that several flows share is drawn once
  bool changelog_mode = false;  // which kinds of rows leave an operator
};

// Draws the trees of one section: a tree for every sink, with what feeds it below.
class Drawer final {
 public:
  Drawer(const Plan& plan, std::span<const Connector* const> connectors, Detail detail)
      : plan_(plan), connectors_(connectors), detail_(detail), drawn_(plan.sources.size()) {}

  std::string Draw() {
    std::string text;
    for (uint32_t sink = 0; sink < plan_.sinks.size(); ++sink) {
      if (sink > 0) text += "\n";
      Print(SinkNode(sink), "", &text);
    }
    return text;
  }

 private:
  Node SinkNode(uint32_t index) {
    const PlanSink& sink = plan_.sinks[index];
    std::vector<Node> inputs;
    std::vector<std::string> tables;
    bool updates = false;
    for (const PlanFlow& flow : plan_.flows) {
      if (flow.sink != index) continue;
      inputs.push_back(CalcNode(flow));
      tables.push_back(plan_.sources[flow.source].table.name);
      updates = updates || Updates(flow.source);
    }
    const std::string all =
        fmt::format("Union(all=[true], union=[{}]{})", Join(tables, ", "), Mode(updates));
    Node node = inputs.size() == 1 ? std::move(inputs.front()) : Node{all, std::move(inputs)};
    if (sink.limit >= 0) {
      node = Above(fmt::format("Limit(fetch=[{}]{})", sink.limit, Mode(updates)), std::move(node));
    }
    if (plan_.is_select) return node;
    return Above(fmt::format("Sink(table=[{}], fields=[{}]{})", sink.table.name,
                             ColumnNames(sink.table.schema, sink.columns),
                             detail_.changelog_mode ? ", changelogMode=[NONE]" : ""),
                 std::move(node));
  }

  Node CalcNode(const PlanFlow& flow) {
    const std::string where = flow.where.empty() ? "" : fmt::format(", where=[{}]", flow.where);
    return Above(fmt::format("Calc(select=[{}]{}{})", Join(flow.select, ", "), where,
                             Mode(Updates(flow.source))),
                 ScanNode(flow.source));
  }

  Node ScanNode(uint32_t index) {
    const PlanSource& source = plan_.sources[index];
    const bool shared =
        std::count_if(plan_.flows.begin(), plan_.flows.end(),
                      [&](const PlanFlow& flow) { return flow.source == index; }) > 1;
    if (detail_.reuse && shared && drawn_[index]) {
      return {fmt::format("Reused(reference_id=[{}])", index + 1), {}};
    }
    drawn_[index] = true;
    std::vector<uint32_t> columns = source.columns;
    if (!detail_.pushed_down) {
      columns.resize(source.table.schema.columns.size());
      for (uint32_t i = 0; i < columns.size(); ++i) columns[i] = i;
    }
    const bool limited = detail_.pushed_down && source.limit >= 0;
    return {
        fmt::format("TableSourceScan(table=[[{}]], fields=[{}]{}{}){}",
                    Join(Split(source.table.name, '.'), ", "),
                    ColumnNames(source.table.schema, columns),
                    limited ? fmt::format(", limit=[{}]", source.limit) : "", Mode(Updates(index)),
                    detail_.reuse && shared ? fmt::format("(reuse_id=[{}])", index + 1) : ""),
        {}};
  }

  static Node Above(std::string text, Node input) {
    Node node{std::move(text), {}};
    node.inputs.push_back(std::move(input));
    return node;
  }

  static std::string ColumnNames(const Schema& schema, std::span<const uint32_t> columns) {
    std::vector<std::string> names;
    for (const uint32_t column : columns) names.push_back(schema.columns[column].name);
    return Join(names, ", ");
  }

  bool Updates(uint32_t source) const {
    const PlanTable& table = plan_.sources[source].table;
    const Connector* connector = Find(table.connector, connectors_);
    return connector != nullptr && connector->emits_updates != nullptr &&
           connector->emits_updates(Options::FromTexts(connector->options, table.options));
  }

  std::string Mode(bool updates) const {
    if (!detail_.changelog_mode) return "";
    return updates ? ", changelogMode=[I,UB,UA,D]" : ", changelogMode=[I]";
  }

  static void Print(const Node& node, const std::string& indent, std::string* text) {
    *text += node.text + "\n";
    for (const Node& input : node.inputs) {
      const bool last = &input == &node.inputs.back();
      *text += indent + (last ? "+- " : ":- ");
      Print(input, indent + (last ? "   " : ":  "), text);
    }
  }

  const Plan& plan_;
  const std::span<const Connector* const> connectors_;
  const Detail detail_;
  std::vector<bool> drawn_;
};

// The lines that the connectors of the sources add, such as the query of a snapshot.
std::string SourceLines(const Plan& plan, std::span<const Connector* const> connectors) {
  std::string text;
  for (const PlanSource& source : plan.sources) {
    const Connector* connector = Find(source.table.connector, connectors);
    if (connector == nullptr || connector->explain_source == nullptr) continue;
    const Options options = Options::FromTexts(connector->options, source.table.options);
    for (const std::string& line :
         connector->explain_source(options, source.table.schema, source.columns)) {
      text += "  " + line + "\n";
    }
  }
  return text;
}

// Which tables are read together, where several could be.
std::string ReaderLines(const Plan& plan, std::span<const Connector* const> connectors) {
  const auto may_share = [&](const PlanReader& reader) {
    const Connector* connector = Find(plan.sources[reader.front()].table.connector, connectors);
    return connector != nullptr && connector->reader_key != nullptr;
  };
  std::vector<PlanReader> readers = ReadersOf(plan, connectors);
  std::erase_if(readers, [&](const PlanReader& reader) { return !may_share(reader); });
  size_t tables = 0;
  for (const PlanReader& reader : readers) tables += reader.size();
  std::string text;
  for (const PlanReader& reader : readers) {
    if (tables == 1) break;
    std::vector<std::string> names;
    for (const uint32_t source : reader) names.push_back(plan.sources[source].table.name);
    text += fmt::format("  {}: {}\n",
                        reader.size() == 1 ? "a reader of its own" : "one reader, at one position",
                        Join(names, ", "));
  }
  return text;
}

}  // namespace

std::string Explain(const Plan& plan, std::span<const Connector* const> connectors,
                    const ExplainDetails& details) {
  const auto tree = [&](Detail detail) { return Drawer(plan, connectors, detail).Draw(); };
  std::string text = "== Abstract Syntax Tree ==\n" + tree({});
  text += "\n== Optimized Physical Plan ==\n" +
          tree({.pushed_down = true, .changelog_mode = details.changelog_mode});
  text += "\n== Optimized Execution Plan ==\n" + tree({.pushed_down = true, .reuse = true});
  text += SourceLines(plan, connectors) + ReaderLines(plan, connectors);
  if (!plan.is_select) {
    text += fmt::format("\nJob: {}, checkpoint every {} ms, parallelism {}, fingerprint {}\n",
                        plan.job, plan.checkpoint_interval_ms, plan.parallelism, Fingerprint(plan));
  }
  if (details.json) text += "\n== Physical Execution Plan ==\n" + ToJson(plan);
  return text;
}

}  // namespace millrace
