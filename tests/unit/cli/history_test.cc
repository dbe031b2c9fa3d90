#include "cli/history.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "unit/temporary_folder.h"

using namespace millrace;

namespace {

// A folder with a place for the file.
class Folder final {
 public:
  std::string File() const { return folder_.path() + "/below/history"; }

 private:
  testing::TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("statements of several lines come back as they were, in a file of their owner") {
  const Folder folder;
  HistoryFile history(folder.File());
  CHECK(history.Load().empty());
  history.Add("SELECT 1;");
  history.Add("SELECT 'a\\n',\n  2;");
  history.Add("SELECT 'a\\n',\n  2;");  // the last one again
  const std::vector<std::string> expected = {"SELECT 1;", "SELECT 'a\\n',\n  2;"};
  CHECK(HistoryFile(folder.File()).Load() == expected);
  struct stat about {};
  REQUIRE(stat(folder.File().c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("the file is bounded") {
  const Folder folder;
  HistoryFile history(folder.File());
  for (size_t i = 0; i < HistoryFile::kEntriesMax + 5; ++i) {
    history.Add("SELECT " + std::to_string(i) + ";");
  }
  history.Add(std::string(HistoryFile::kEntryBytesMax + 1, 'x'));
  for (int again = 0; again < 2; ++again) {
    const std::vector<std::string> entries = HistoryFile(folder.File()).Load();
    REQUIRE(entries.size() == HistoryFile::kEntriesMax);
    CHECK(entries.front() == "SELECT 5;");
  }
  struct stat about {};
  REQUIRE(stat(folder.File().c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("secrets are not written") {
  CHECK(MaskSecrets("CREATE TABLE t (a INT) WITH ('password' = 'a''b', 'port' = '1')") ==
        "CREATE TABLE t (a INT) WITH ('password' = '***', 'port' = '1')");
  CHECK(MaskSecrets("SET 'x.Auth-Token'\n= 'abc';") == "SET 'x.Auth-Token'\n= '***';");
  CHECK_FALSE(MaskSecrets("SET my.password = abc;").has_value());
  CHECK_FALSE(MaskSecrets("SET 'password' = 'not closed").has_value());
  CHECK_FALSE(MaskSecrets("SELECT 'jdbc:mysql://u:p@host/'").has_value());
  CHECK(MaskSecrets("SELECT 'http://host:80/a@b'") == "SELECT 'http://host:80/a@b'");
  CHECK(MaskSecrets("SELECT '${PASSWORD}'") == "SELECT '${PASSWORD}'");
}

TEST_CASE("a folder that cannot be made leaves no history") {
  HistoryFile history("/proc/none/history");
  CHECK(history.Load().empty());
  history.Add("SELECT 1;");
}
