#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "plan/plan.h"

using namespace millrace;

namespace {

Plan PlanWith(std::map<std::string, std::string> options) {
  Plan plan;
  PlanSource& source = plan.sources.emplace_back();
  source.table.connector = "mysql-cdc";
  source.table.options = std::move(options);
  return plan;
}

}  // namespace

TEST_CASE("lines of earlier releases about what may change do not count any more") {
  const Plan plan = PlanWith({{"table-name", "t"}});
  std::vector<std::string> lines = FingerprintLines(plan);
  for (const char* line :
       {"source.options.debezium.database.ssl.mode: disabled", "source 2.options.ssl.ca: /ca.pem",
        "sink 2.options.fenodes: a:8030", "source.options.new: "}) {
    lines.emplace_back(line);
    CHECK_MESSAGE(FitsLines(plan, lines), line);
  }
  for (const char* line : {"source.column: a.options.hostname STRING", "select: x.options.port: 1",
                           "source.options.new: 1"}) {
    std::vector<std::string> other = lines;
    other.emplace_back(line);
    CHECK_MESSAGE(!FitsLines(plan, other), line);
  }
}

TEST_CASE("patterns may change if what is new is read") {
  const std::vector<std::string> before = FingerprintLines(PlanWith({{"table-name", "a"}}));
  CHECK_FALSE(FitsLines(PlanWith({{"table-name", "b"}}), before));
  CHECK(FitsLines(PlanWith({{"table-name", "b"}, {"scan.newly-added-table.enabled", "TRUE"}}),
                  before));
}

TEST_CASE("the column by which tables are cut may change, though fingerprints show it") {
  const std::string key = "scan.incremental.snapshot.chunk.key-column";
  const Plan before = PlanWith({{"table-name", "t"}, {key, ""}});
  CHECK(FitsLines(PlanWith({{"table-name", "t"}, {key, "k"}}), FingerprintLines(before)));
}
