#include "engine/plan_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "connectors/connector_list.h"
#include "plan/compiler.h"
#include "unit/temporary_folder.h"

using namespace millrace;

namespace {

Plan MakePlan() {
  Session session(AllConnectors());
  Diagnostics diagnostics;
  REQUIRE(
      session.Execute("CREATE TABLE m (id INT, PRIMARY KEY (id) NOT ENFORCED) WITH ("
                      "'connector' = 'mysql-cdc', 'hostname' = 'h', 'username' = 'u', "
                      "'password' = 'geheim', 'database-name' = 'd', 'table-name' = 't')",
                      0, &diagnostics));
  REQUIRE(session.Execute("CREATE TABLE p (id INT) WITH ('connector' = 'print')", 0, &diagnostics));
  const auto outcome = session.Execute("INSERT INTO p SELECT id FROM m", 0, &diagnostics);
  REQUIRE(outcome);
  return *PlanOf(*outcome);
}

}  // namespace

TEST_CASE("a plan comes back as it was, with its secrets, from a file of its owner") {
  const testing::TemporaryFolder folder;
  const std::string file = folder.path() + "/plan.json";
  const Plan plan = MakePlan();
  REQUIRE(WritePlanFile("file://" + file, plan, false).ok());
  struct stat about {};
  REQUIRE(stat(file.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  const Result<Plan> read = ReadPlanFile(file, AllConnectors());
  REQUIRE(read.ok());
  CHECK(*read == plan);

  const Result<PlanFileWrite> again = WritePlanFile(file, Plan(), false);
  REQUIRE_FALSE(again.ok());
  CHECK(again.status().message().find("already exists") != std::string::npos);
  const Result<PlanFileWrite> kept = WritePlanFile(file, Plan(), true);
  REQUIRE(kept.ok());
  CHECK(*kept == PlanFileWrite::kKept);
  CHECK(*ReadPlanFile(file, AllConnectors()) == plan);

  std::ofstream(file) << "{}";
  const Result<Plan> broken = ReadPlanFile(file, AllConnectors());
  REQUIRE_FALSE(broken.ok());
  CHECK(broken.status().message().find("cannot be used") != std::string::npos);
  std::filesystem::remove(file);
  CHECK_FALSE(ReadPlanFile(file, AllConnectors()).ok());
  CHECK_FALSE(WritePlanFile(folder.path() + "/none/plan.json", plan, false).ok());
}
