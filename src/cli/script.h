// A script and the walk over its statements, with the scripts that SOURCE names in their place.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/diagnostic.h"
#include "cli/shell_command.h"
#include "sql/splitter.h"

namespace millrace {

struct Script {
  std::string name;  // what diagnostics call it: a path, "<stdin>", "<command>", "<shell>"
  std::string text;
};

// One statement, or one command of the shell other than SOURCE.
struct ScriptStep {
  const Script& script;
  sql::Piece piece;
  std::optional<ShellCommand> command;  // nothing: a statement
  std::string error;                    // of a SOURCE that cannot be followed; empty: none

  Span span() const { return {piece.begin, piece.end}; }
};

// Calls `step` for each until it returns false, and then returns false itself.
bool WalkScript(const Script& script, const std::function<bool(const ScriptStep&)>& step);

}  // namespace millrace
