#include "base/files.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/temporary_folder.h"

using namespace millrace;
using testing::TemporaryFolder;

TEST_CASE("a written file is read back, its folders are made, nothing else is left") {
  TemporaryFolder folder;
  Files& files = SystemFiles();
  const std::string path = folder.path() + "/a/b/chk-1.json";
  REQUIRE(files.WriteAtomically(path, "one").ok());
  REQUIRE(files.WriteAtomically(path, "two").ok());
  CHECK(files.Read(path).value() == "two");
  CHECK(files.List(folder.path() + "/a/b").value() == std::vector<std::string>{"chk-1.json"});
  CHECK(files.List(folder.path() + "/absent").value().empty());
  CHECK(files.Remove(path).ok());
  CHECK(files.Remove(path).ok());
  CHECK_FALSE(files.Read(path).ok());
}

TEST_CASE("files and folders are for their owner only") {
  TemporaryFolder folder;
  const std::string job = folder.path() + "/state/job";
  REQUIRE(SystemFiles().WriteAtomically(job + "/chk-1.json", "one").ok());
  REQUIRE(SystemFiles().Lock(job + "/lock").ok());
  const auto mode = [](const std::string& path) {
    struct stat entry = {};
    REQUIRE(::stat(path.c_str(), &entry) == 0);
    return entry.st_mode & 0777;
  };
  CHECK(mode(folder.path() + "/state") == 0700);
  CHECK(mode(job) == 0700);
  CHECK(mode(job + "/chk-1.json") == 0600);
  CHECK(mode(job + "/lock") == 0600);
}

TEST_CASE("a full disk is an error and leaves the old content") {
  CHECK_FALSE(SystemFiles().WriteAtomically("/dev/full/x", "content").ok());
  CHECK_FALSE(SystemFiles().WriteAtomically("/proc/x", "content").ok());
}

TEST_CASE("a lock is held by one process at a time and names its holder") {
  TemporaryFolder folder;
  const std::string path = folder.path() + "/job/lock";
  auto held = SystemFiles().Lock(path);
  REQUIRE(held.ok());
  const pid_t child = ::fork();
  if (child == 0) {
    const auto second = SystemFiles().Lock(path);
    const bool refused =
        second.status().transient() &&
        second.status().message().find(std::to_string(::getppid())) != std::string::npos;
    ::_exit(refused ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  held.value().reset();
  CHECK(SystemFiles().Lock(path).ok());
}
