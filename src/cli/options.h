// The command line.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"

namespace millrace {

enum class Command : unsigned char { kRun, kCheck, kExplain, kHelp, kVersion };

struct CommandLine {
  Command command = Command::kRun;
  std::vector<std::string> files;
  std::vector<std::string> sql;                               // -c
  std::vector<std::string> init;                              // -i
  std::vector<std::pair<std::string, std::string>> settings;  // -D
  bool json = false;                                          // --format json
  bool fresh = false;
  bool preflight = false;     // of explain
  std::optional<bool> color;  // nothing: auto
  bool progress = true;
  std::optional<LogLevel> log_level;  // nothing: info, or warning in the shell
  std::optional<std::string> log_file;
};

// The command line, or one sentence that says what is wrong with it.
struct ParsedCommandLine {
  CommandLine command_line;
  std::string error;  // empty: none
};
ParsedCommandLine ParseCommandLine(int argc, const char* const* argv);

std::string HelpText();
std::string VersionText();

}  // namespace millrace
