#include "run_case.h"

#include <cstdlib>
#include <filesystem>

#include "base/clock.h"
#include "base/files.h"
#include "cli/exit_status.h"
#include "cli/script_checker.h"
#include "cli/script_runner.h"
#include "connectors/connector_list.h"

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
  using namespace millrace;
  const StateFolder state;
  Memory memory;
  Log log(LogLevel::kOff, stderr);
  ConsoleOptions options;
  options.out = options.err = memory.stream();
  const Console console(options, &log);
  const JobEnvironment environment{
      {&SystemClock(), &log}, &SystemFiles(), AllConnectors(), /*fresh=*/false};
  uint64_t digits = 0x1234;
  Jobs jobs(environment, [&digits] { return digits++; });
  const StatementCompiler compiler(AllConnectors(), [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
  Executor executor(compiler, environment, &jobs);
  JobWatcher watcher(&jobs, &console);
  ScriptRunner runner(&executor, &watcher, &console);
  ScriptChecker checker(compiler, &console);
  const bool runs = command == Command::kRun;
  std::string output;
  int status = kExitOk;
  for (const std::string& text : scripts) {
    const Script script{"case.sql", text};
    status = runs ? runner.Run({script}) : checker.Check(script);
    output = memory.Take();
  }
  if (status == kExitOk) status = runs ? runner.CheckEnd() : checker.CheckEnd();
  output += memory.Take();
  if (status != kExitOk) output += "status " + std::to_string(status) + "\n";
  watcher.StopAll();
  return output;
}
