// millrace: see --help, and docs/ for more.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>

#include "cli/options.h"
#include "cli/runner.h"
#include "cli/shell.h"
#include "cli/signals.h"

namespace millrace {
namespace {

// The scripts that were asked for, by name.
int RunAll(const CommandLine& line, Runner* runner) {
  const auto run = [&](const std::string& file, const std::string& text) {
    if (line.command == Command::kCheck) return runner->CheckScript(file, text);
    if (line.command == Command::kExplain) return runner->ExplainScript(file, text);
    return runner->RunScript(file, text);
  };
  if (line.init) {
    const std::optional<std::string> text = ReadScript(*line.init);
    if (!text) return kExitUsage;
    if (const int status = run(*line.init, *text); status != kExitOk) return status;
  }
  int worst = kExitOk;
  for (const std::string& file : line.files) {
    const std::optional<std::string> text = ReadScript(file);
    if (!text) return kExitUsage;
    const int status = run(file, *text);
    if (status != kExitOk && line.command != Command::kCheck) return status;
    if (status != kExitOk) worst = status;
  }
  if (worst != kExitOk) return worst;
  if (line.sql) return run("<command>", *line.sql);
  if (!line.files.empty()) return kExitOk;
  if (::isatty(STDIN_FILENO) != 0) return RunShell(runner);
  return run("<stdin>", std::string(std::istreambuf_iterator<char>(std::cin), {}));
}

int Main(int argc, char** argv) {
  const ParsedCommandLine parsed = ParseCommandLine(argc, argv);
  const CommandLine& line = parsed.command_line;
  if (!parsed.complaint.empty()) {
    std::fputs(fmt::format("millrace: {}; see millrace --help\n", parsed.complaint).c_str(),
               stderr);
    return kExitUsage;
  }
  if (line.command == Command::kHelp || line.command == Command::kVersion) {
    std::fputs((line.command == Command::kHelp ? HelpText() : VersionText()).c_str(), stdout);
    return kExitOk;
  }
  std::FILE* log_stream = stderr;
  if (line.log_file) {
    log_stream = std::fopen(line.log_file->c_str(), "a");
    if (log_stream == nullptr) {
      std::fputs(
          fmt::format("millrace: log file \"{}\" cannot be opened\n", *line.log_file).c_str(),
          stderr);
      return kExitUsage;
    }
  }
  CatchSignals();
  const bool beside_progress = log_stream == stderr && ShowsProgress(line);
  Log log(line.log_level, log_stream, beside_progress ? kEraseLine : "");
  Runner runner(line, &log);
  if (const int status = runner.ApplySettings(); status != kExitOk) return status;
  const int ran = RunAll(line, &runner);
  // After an error in the script the jobs that were begun are stopped with a last checkpoint.
  const int jobs = ran == kExitOk ? runner.WaitForJobs() : runner.StopJobs();
  if (log_stream != stderr) std::fclose(log_stream);
  return ran != kExitOk ? ran : jobs;
}

}  // namespace
}  // namespace millrace

int main(int argc, char** argv) { return millrace::Main(argc, argv); }
