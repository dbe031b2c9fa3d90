// A program that embeds the compiler: reads a script from standard input, compiles it with the
// records of all connectors and one of its own, and prints what it finds in the plans.
//
//   embedder        one line per table and column of every plan, then the number of threads
//   embedder json   the plans as JSON
//   embedder many   the same script in several sessions at once, one per thread
#include <connectors/connector_records.h>
#include <plan/compiler.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sql/splitter.h>

namespace {

constexpr millrace::OptionSpec kOptions[] = {
    {.key = "path", .required = true, .help = "Where the rows are."},
};

const millrace::Connector kFile = {
    .name = "file", .options = kOptions, .is_source = true, .is_sink = true};

std::vector<const millrace::Connector*> Connectors() {
  std::vector<const millrace::Connector*> connectors = {&kFile};
  for (const millrace::Connector* record : millrace::ConnectorRecords()) {
    connectors.push_back(record);
  }
  return connectors;
}

// What was compiled; empty and the diagnostics on standard error if something was not accepted.
std::vector<millrace::Plan> Compile(const std::string& script) {
  const std::vector<const millrace::Connector*> connectors = Connectors();
  millrace::Session session(connectors);
  std::vector<millrace::Plan> plans;
  for (const auto& piece : millrace::sql::Split(script).statements) {
    millrace::Diagnostics diagnostics;
    auto outcome =
        session.Execute(std::string_view(script).substr(piece.begin, piece.end - piece.begin),
                        piece.begin, &diagnostics);
    for (const auto& diagnostic : diagnostics) {
      std::cerr << millrace::Render(diagnostic, "script", script);
    }
    if (!outcome) return {};
    if (const millrace::Plan* plan = millrace::PlanOf(*outcome)) plans.push_back(*plan);
  }
  return plans;
}

void Walk(const millrace::Plan& plan) {
  std::printf("job %s\n", plan.job.c_str());
  for (const millrace::PlanFlow& flow : plan.flows) {
    const millrace::PlanSource& source = plan.sources[flow.source];
    std::printf("  from %s:", source.table.name.c_str());
    for (const uint32_t column : source.columns) {
      std::printf(" %s", source.table.schema.columns[column].name.c_str());
    }
    std::printf("\n  into %s: %zu instructions\n", plan.sinks[flow.sink].table.name.c_str(),
                flow.program.instructions().size());
  }
}

std::string Threads() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Threads:")) return line;
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  const std::string script(std::istreambuf_iterator<char>(std::cin), {});
  const std::vector<millrace::Plan> plans = Compile(script);
  if (plans.empty()) return 1;
  if (mode == "json") {
    for (const millrace::Plan& plan : plans) {
      const std::string json = millrace::ToJson(plan, true);
      std::printf("%s", json.c_str());
      const auto again = millrace::PlanFromJson(json, Connectors());
      if (!again.ok() || !(*again == plan)) {
        std::fprintf(stderr, "the plan does not come back from its JSON\n");
        return 1;
      }
    }
    return 0;
  }
  if (mode == "many") {
    std::vector<std::thread> threads;
    std::vector<int> wrong(4, 1);
    for (size_t i = 0; i < wrong.size(); ++i) {
      threads.emplace_back([&, i] { wrong[i] = Compile(script) == plans ? 0 : 1; });
    }
    for (std::thread& thread : threads) thread.join();
    for (const int one : wrong) {
      if (one != 0) return 1;
    }
    std::printf("the same plans in %zu threads\n", wrong.size());
    return 0;
  }
  for (const millrace::Plan& plan : plans) Walk(plan);
  std::printf("%s\n", Threads().c_str());
  return 0;
}
