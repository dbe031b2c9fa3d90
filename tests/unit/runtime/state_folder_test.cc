#include "runtime/state_folder.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>

#include "unit/runtime/fakes.h"

namespace millrace {
namespace {

// The environment variables of a test; what was there before comes back.
class Variable final {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    Set(value);
  }
  ~Variable() { Set(before_ ? before_->c_str() : nullptr); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  void Set(const char* value) {
    if (value == nullptr) {
      ::unsetenv(name_);
    } else {
      ::setenv(name_, value, 1);
    }
  }

 private:
  const char* const name_;
  std::optional<std::string> before_;
};

struct Fixture {
  Variable xdg{"XDG_STATE_HOME", nullptr};
  Variable home{"HOME", nullptr};
  Plan plan = FakePlan();

  Status Refusal() {
    const auto folder = StateFolder(plan);
    REQUIRE_FALSE(folder.ok());
    CHECK(folder.status().code() == StatusCode::kPermanent);
    return folder.status();
  }
  bool Contains(const Status& status, std::string_view text) {
    INFO(status.message());
    return status.message().find(text) != std::string::npos;
  }
};

TEST_CASE_FIXTURE(Fixture, "the folder follows the settings, then XDG, then the home") {
  CHECK(StateFolder(plan).value() == "/state");
  plan.checkpoint_dir.clear();
  home.Set("/home/me");
  CHECK(StateFolder(plan).value() == "/home/me/.local/state/millrace");
  xdg.Set("/xdg");
  CHECK(StateFolder(plan).value() == "/xdg/millrace");
  CHECK(CheckpointPath(plan, 7) == "/xdg/millrace/job/chk-7.json");
  CHECK(CheckpointPath(plan, 0).empty());
}

TEST_CASE_FIXTURE(Fixture, "without a known folder the job is refused and says what to set") {
  plan.checkpoint_dir.clear();
  SUBCASE("nothing is set") {}
  SUBCASE("empty") { home.Set(""); }
  SUBCASE("relative") {
    home.Set("here");
    xdg.Set("there");
  }
  CHECK(Contains(Refusal(), "'execution.checkpointing.dir'"));
  CHECK(CheckpointPath(plan, 7).empty());
  MemoryFiles files;
  FakeClock clock;
  CheckpointStore store(&files, &clock, plan);
  CHECK(Contains(store.Lock(), "it cannot be started: no folder for checkpoints"));
  CHECK(files.files.empty());
}

TEST_CASE_FIXTURE(Fixture, "file URLs are paths; other storage is refused by name") {
  for (const char* dir : {"file:///var/x", "file:/var/x", "FILE:///var/x"}) {
    plan.checkpoint_dir = dir;
    CHECK(StateFolder(plan).value() == "/var/x");
  }
  for (const std::string scheme : {"hdfs", "s3", "s3a", "oss", "gs", "abfs+x"}) {
    plan.checkpoint_dir = scheme + "://bucket/checkpoints";
    CHECK(Contains(Refusal(), "is on " + scheme + ","));
  }
  plan.checkpoint_dir = "file://server/share";
  CHECK(Contains(Refusal(), "server"));
  plan.checkpoint_dir = "relative/is: as /the/user:wants";
  CHECK(StateFolder(plan).value() == plan.checkpoint_dir);
}

TEST_CASE_FIXTURE(Fixture, "two names of jobs never share a folder") {
  std::vector<std::string> folders;
  for (const char* job : {"a/b", "a_b", "a%2Fb", "", ".", "..", "a b", "größe", "a:b"}) {
    plan.job = job;
    const std::string folder = JobFolder(plan).value();
    CHECK(folder.starts_with("/state/"));
    CHECK(folder.find('/', 7) == std::string::npos);
    CHECK(folder.substr(7) != "..");
    CHECK(folder.substr(7) != ".");
    CHECK(std::find(folders.begin(), folders.end(), folder) == folders.end());
    folders.push_back(folder);
  }
}

}  // namespace
}  // namespace millrace
