// Commands that are the shell's own, in the shell and in scripts: HELP, CLEAR, QUIT, EXIT and
// SOURCE 'file'.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace {

enum class ShellCommandKind : unsigned char { kHelp, kClear, kQuit, kSource };

struct ShellCommand {
  ShellCommandKind kind = ShellCommandKind::kHelp;
  std::string path;  // kSource
};

// `statement` may have a semicolon at its end. Nothing if it is none of them.
std::optional<ShellCommand> ParseShellCommand(std::string_view statement);

// The unqualified name that a CREATE statement would have defined; empty if it is none.
std::string CreatedName(std::string_view statement);

std::string_view ShellHelp();

}  // namespace millrace
