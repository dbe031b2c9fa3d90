// millrace: see --help, and docs/ for more.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <random>

#include "base/clock.h"
#include "base/files.h"
#include "base/text_file.h"
#include "cli/definitions.h"
#include "cli/exit_status.h"
#include "cli/options.h"
#include "cli/progress_line.h"
#include "cli/script_checker.h"
#include "cli/script_runner.h"
#include "cli/shell.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "connectors/connector_list.h"

namespace millrace {
namespace {

bool OpensShell(const CommandLine& line) {
  return line.command == Command::kRun && line.files.empty() && line.sql.empty() &&
         IsTerminal(stdin);
}

int FailUsage(const std::string& what) {
  std::fputs(fmt::format("millrace: {}\n", what).c_str(), stderr);
  return kExitUsage;
}

Result<Script> ReadScript(const std::string& path) {
  if (path == "-") return Script{"<stdin>", ReadText(std::cin)};
  MR_ASSIGN_OR_RETURN(std::string text, ReadTextFile(path));
  return Script{path, std::move(text)};
}

// What the command line names, read before anything runs.
struct Scripts {
  std::vector<Script> init;   // -i
  std::vector<Script> files;  // and standard input
  std::vector<Script> sql;    // -c
};
Result<Scripts> ReadScripts(const CommandLine& line) {
  Scripts scripts;
  const auto read = [](const std::vector<std::string>& paths, std::vector<Script>* into) {
    for (const std::string& path : paths) {
      MR_ASSIGN_OR_RETURN(Script script, ReadScript(path));
      into->push_back(std::move(script));
    }
    return Status::Ok();
  };
  MR_RETURN_IF_ERROR(read(line.init, &scripts.init));
  MR_RETURN_IF_ERROR(read(line.files, &scripts.files));
  for (const std::string& sql : line.sql) scripts.sql.push_back({"<command>", sql});
  if (line.files.empty() && line.sql.empty() && !OpensShell(line)) {
    MR_RETURN_IF_ERROR(read({"-"}, &scripts.files));
  }
  return scripts;
}

// check and explain: every file is a session of its own, and what -c says is one more; -i comes
// before each.
int CheckOrExplain(const CommandLine& line, const Scripts& scripts, StatementCompiler compiler,
                   const JobEnvironment& environment, const Console& console) {
  const bool explains = line.command == Command::kExplain;
  const auto go = [&](const std::vector<Script>& session, ScriptChecker* checker, bool ends) {
    int worst = kExitOk;
    for (const Script& script : session) {
      const int status = line.preflight ? checker->Preflight(script, environment)
                         : explains     ? checker->Explain(script)
                                        : checker->Check(script);
      worst = std::max(worst, status);
      if (status != kExitOk && explains) return worst;
    }
    return worst == kExitOk && ends ? checker->CheckEnd() : worst;
  };
  ScriptChecker init(std::move(compiler), &console);
  int worst = go(scripts.init, &init, scripts.files.empty() && scripts.sql.empty());
  std::vector<std::vector<Script>> sessions;
  for (const Script& file : scripts.files) sessions.push_back({file});
  if (!scripts.sql.empty()) sessions.push_back(scripts.sql);
  for (const std::vector<Script>& session : sessions) {
    if (worst != kExitOk && explains) break;
    ScriptChecker checker = init;
    worst = std::max(worst, go(session, &checker, true));
  }
  return worst;
}

int RunAll(const CommandLine& line, const Scripts& scripts, ScriptRunner* runner,
           JobWatcher* watcher, const Log* log_on_err) {
  std::vector<Script> all = scripts.init;
  all.insert(all.end(), scripts.files.begin(), scripts.files.end());
  all.insert(all.end(), scripts.sql.begin(), scripts.sql.end());
  int ran = runner->Run(all);
  if (ran == kExitOk && !runner->TakeQuitRequest() && OpensShell(line)) {
    return RunShell(line, runner, watcher, log_on_err);
  }
  if (ran == kExitOk) ran = runner->CheckEnd();
  // After an error in the script the jobs that were started are stopped with a final checkpoint.
  const int jobs = ran == kExitOk ? watcher->WaitForAll() : watcher->StopAll();
  return ran != kExitOk ? ran : jobs;
}

int Run(const CommandLine& line, std::FILE* log_stream) {
  const Result<Scripts> scripts = ReadScripts(line);
  if (!scripts.ok()) return FailUsage(scripts.status().message());
  const bool shell = OpensShell(line);
  const bool log_on_err = log_stream == stderr;
  ConsoleOptions options;
  options.color = line.color.value_or(ObeysEscapes(stderr));
  options.json = line.json;
  options.progress = line.progress && line.command == Command::kRun && ObeysEscapes(stderr);
  options.interactive = shell;
  options.log_on_err = log_on_err;
  // Lines of the log would come in between what is being typed.
  const LogLevel level =
      line.log_level.value_or(shell && log_on_err ? LogLevel::kWarning : LogLevel::kInfo);
  Log log(level, log_stream, log_on_err && ObeysEscapes(stderr) ? kEraseLine : "");
  const Console console(options, &log);

  StatementCompiler compiler(AllConnectors(), VariablesFrom(line));
  if (const int status = ApplyDefinitions(line, &compiler, console); status != kExitOk) {
    return status;
  }
  const JobEnvironment environment{
      {&SystemClock(), &log}, &SystemFiles(), AllConnectors(), line.fresh};
  if (line.command != Command::kRun) {
    return CheckOrExplain(line, *scripts, std::move(compiler), environment, console);
  }
  std::random_device random;
  Jobs jobs(environment, [&random] { return uint64_t{random()} << 32 | random(); });
  Executor executor(std::move(compiler), environment, &jobs);
  JobWatcher watcher(&jobs, &console);
  ScriptRunner runner(&executor, &watcher, &console);
  return RunAll(line, *scripts, &runner, &watcher, log_on_err ? &log : nullptr);
}

int Main(int argc, char** argv) {
  const ParsedCommandLine parsed = ParseCommandLine(argc, argv);
  const CommandLine& line = parsed.command_line;
  if (!parsed.error.empty()) return FailUsage(parsed.error + "; see millrace --help");
  if (line.command == Command::kHelp || line.command == Command::kVersion) {
    std::fputs((line.command == Command::kHelp ? HelpText() : VersionText()).c_str(), stdout);
    return kExitOk;
  }
  std::FILE* log_stream = stderr;
  if (line.log_file) {
    log_stream = std::fopen(line.log_file->c_str(), "a");
    if (log_stream == nullptr) {
      return FailUsage(fmt::format("log file \"{}\" cannot be opened", *line.log_file));
    }
  }
  CatchSignals(line.log_file.value_or(""), log_stream);
  const int status = Run(line, log_stream);
  if (log_stream != stderr) std::fclose(log_stream);
  return status;
}

}  // namespace
}  // namespace millrace

int main(int argc, char** argv) { return millrace::Main(argc, argv); }
