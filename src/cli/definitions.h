// -D: settings that scripts cannot change, and values of variables.
#pragma once

#include "cli/console.h"
#include "cli/options.h"
#include "engine/statement_compiler.h"

namespace millrace {

// Values of ${NAME}: those of -D NAME=..., else of the environment. `line` must outlive it.
VariableLookup VariablesFrom(const CommandLine& line);

// Applies -D. Exit status.
int ApplyDefinitions(const CommandLine& line, StatementCompiler* compiler, const Console& console);

}  // namespace millrace
