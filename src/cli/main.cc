// millrace: see --help, and docs/ for more.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <random>

#include "cli/options.h"
#include "cli/runner.h"
#include "cli/shell.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "cli/text_file.h"

namespace millrace {
namespace {

bool OpensShell(const CommandLine& line) {
  return line.command == Command::kRun && line.files.empty() && line.sql.empty() &&
         IsTerminal(stdin);
}

int RunFile(const std::string& path, Runner* runner) {
  const Result<std::string> text = ReadTextFile(path);
  if (text.ok()) return runner->RunScript(path, *text);
  std::fputs(fmt::format("millrace: {}\n", text.status().message()).c_str(), stderr);
  return kExitUsage;
}

// The scripts that were asked for, by name.
int RunAll(const CommandLine& line, Runner* runner) {
  if (line.init) {
    if (const int status = RunFile(*line.init, runner); status != kExitOk) return status;
  }
  int worst = kExitOk;
  for (const std::string& file : line.files) {
    const int status = RunFile(file, runner);
    if (status != kExitOk && line.command != Command::kCheck) return status;
    worst = std::max(worst, status);
  }
  for (const std::string& sql : line.sql) {
    const int status = runner->RunScript("<command>", sql);
    if (status != kExitOk && line.command != Command::kCheck) return status;
    worst = std::max(worst, status);
  }
  if (runner->TakeQuit()) return worst;
  if (OpensShell(line)) return RunShell(line, runner);
  if (!line.files.empty() || !line.sql.empty()) return worst;
  return runner->RunScript("<stdin>", ReadText(std::cin));
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
  // Lines of the log would come in between what is being typed.
  const bool quiet = OpensShell(line) && log_stream == stderr;
  const LogLevel level = line.log_level.value_or(quiet ? LogLevel::kWarning : LogLevel::kInfo);
  Log log(level, log_stream, beside_progress ? kEraseLine : "");
  std::random_device random;
  RunnerWorld world;
  world.random = [&random] { return uint64_t{random()} << 32 | random(); };
  Runner runner(line, &log, std::move(world));
  if (const int status = runner.ApplySettings(); status != kExitOk) return status;
  int ran = RunAll(line, &runner);
  if (ran == kExitOk && !OpensShell(line)) ran = runner.CheckEnd();
  // After an error in the script the jobs that were begun are stopped with a last checkpoint.
  const int jobs = ran == kExitOk ? runner.WaitForJobs() : runner.StopJobs();
  if (log_stream != stderr) std::fclose(log_stream);
  return ran != kExitOk ? ran : jobs;
}

}  // namespace
}  // namespace millrace

int main(int argc, char** argv) { return millrace::Main(argc, argv); }
