#include "run_case.h"

#include <cstdlib>
#include <filesystem>

#include "cli/runner.h"

namespace {

// Where jobs keep their checkpoints.
class StateFolder final {
 public:
  StateFolder() {
    std::string path = std::filesystem::temp_directory_path() / "millrace-golden-XXXXXX";
    path_ = mkdtemp(path.data());
    setenv("XDG_STATE_HOME", path_.c_str(), 1);
  }
  ~StateFolder() { std::filesystem::remove_all(path_); }
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;

 private:
  std::string path_;
};

// A stream into memory.
class Memory final {
 public:
  Memory() : stream_(open_memstream(&text_, &size_)) {}
  ~Memory() {
    std::fclose(stream_);
    std::free(text_);
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  std::FILE* stream() const { return stream_; }
  // What was written since the last call.
  std::string Take() {
    std::fflush(stream_);
    std::string text(text_ + taken_, size_ - taken_);
    taken_ = size_;
    return text;
  }

 private:
  char* text_ = nullptr;
  size_t size_ = 0;
  size_t taken_ = 0;
  std::FILE* stream_;
};

}  // namespace

std::string RunScripts(const std::vector<std::string>& scripts, millrace::Command command) {
  const StateFolder state;
  millrace::CommandLine line;
  line.command = command;
  line.progress = false;
  Memory memory;
  millrace::Log log(millrace::LogLevel::kOff, stderr);
  millrace::RunnerWorld world;
  world.out = world.err = memory.stream();
  world.random = [] { return 0x1234; };
  millrace::Runner runner(line, &log, std::move(world));
  std::string output;
  int status = millrace::kExitOk;
  for (const std::string& script : scripts) {
    status = runner.RunScript("case.sql", script);
    output = memory.Take();
  }
  if (status == millrace::kExitOk) status = runner.CheckEnd();
  output += memory.Take();
  if (status != millrace::kExitOk) output += "status " + std::to_string(status) + "\n";
  runner.StopJobs();
  return output;
}
