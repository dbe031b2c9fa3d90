#include "plan/planner.h"
#include "plan_world.h"

using namespace millrace;

namespace {

std::string PlanText() {
  PlanWorld world;
  world.Create("CREATE TABLE a (x INT, y STRING) WITH ('connector' = 'store', 'path' = '/a')");
  const auto select = world.Parse<sql::Select>("SELECT REVERSE(y), X'0aff' FROM a WHERE x > 1");
  return ToJson(*PlanSelect(select.query, world.context));
}

std::string With(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string ErrorOf(const std::string& text) {
  const Result<Plan> plan = PlanFromJson(text, kPlanConnectors);
  return plan.ok() ? "" : std::string(plan.status().message());
}

}  // namespace

TEST_CASE("a plan comes back from its JSON") {
  const std::string text = PlanText();
  const Result<Plan> plan = PlanFromJson(text, kPlanConnectors);
  REQUIRE_MESSAGE(plan.ok(), plan.status().message());
  CHECK(ToJson(*plan) == text);
}

TEST_CASE("plans that are damaged or from elsewhere are refused with the value that is wrong") {
  const std::string text = PlanText();
  CHECK(ErrorOf("{") == "the plan is not JSON");
  CHECK(ErrorOf("[]").find("\"version\" is missing") != std::string::npos);
  CHECK(ErrorOf(With(text, "\"version\": 2", "\"version\": 9")).find("its version is not 2") !=
        std::string::npos);
  CHECK(ErrorOf(With(text, "\"sources\": [", "\"sources\": 7, \"s\": [")).find("\"sources\"") !=
        std::string::npos);
  CHECK(ErrorOf(With(text, "\"stride\": ", "\"stride\": -")).find("\"stride\"") !=
        std::string::npos);
  CHECK(ErrorOf(With(text, "\"checkpoint_dir\": \"", "\"checkpoint_dir\": \"s3://b/")) ==
        "the plan cannot be read: \"checkpoint_dir\" is on s3, which is not supported");
  CHECK(ErrorOf(With(text, "\"0aff\"", "\"0afg\"")).find("hexadecimal") != std::string::npos);
  CHECK(ErrorOf(With(text, "\"filter\": ", "\"filter\": 99")).find("program.filter") !=
        std::string::npos);
  CHECK(ErrorOf(With(text, "\"connector\": \"store\"", "\"connector\": \"shop\"")) ==
        "the plan needs connector \"shop\", which is not known");
  CHECK(ErrorOf(With(text, "\"function\": \"", "\"function\": \"X")).find("\"function\"") !=
        std::string::npos);
}

// Whatever is cut off or changed: an error or a plan within bounds, never an exception.
TEST_CASE("no damage makes the reader throw") {
  const std::string text = PlanText();
  for (size_t size = 0; size < text.size(); size += 7) {
    CHECK_FALSE(PlanFromJson(text.substr(0, size), kPlanConnectors).ok());
  }
  for (size_t at = 0; at < text.size(); at += 3) {
    for (const char c : {'0', '9', '"', '{', ']', 'n', '-'}) {
      std::string changed = text;
      changed[at] = c;
      const Result<Plan> plan = PlanFromJson(changed, kPlanConnectors);
      if (plan.ok()) CHECK(ToJson(*plan).size() > 0);
    }
  }
}
