#include "run_case.h"

#include <cstdlib>

#include "cli/runner.h"

namespace {

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

std::string RunScripts(const std::vector<std::string>& scripts) {
  millrace::CommandLine line;
  line.progress = false;
  Memory memory;
  millrace::Log log(millrace::LogLevel::kOff, stderr);
  millrace::RunnerWorld world;
  world.out = world.err = memory.stream();
  world.random = [] { return 0x1234; };
  millrace::Runner runner(line, &log, std::move(world));
  std::string output;
  for (const std::string& script : scripts) {
    const int status = runner.RunScript("case.sql", script);
    output = memory.Take();
    if (status != millrace::kExitOk) output += "status " + std::to_string(status) + "\n";
  }
  runner.StopJobs();
  return output;
}
