// Commands that are the shell's own, in the shell and in scripts: HELP, CLEAR, QUIT, EXIT and
// SOURCE 'file'.
#pragma once

#include <compare>
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

// What a CREATE statement would have defined, as messages call it: "table" (a view too), "catalog"
// or "database", and its unqualified name. Nothing if it is none.
struct CreatedObject {
  std::string_view kind;
  std::string name;

  // NOLINTNEXTLINE(modernize-use-nullptr): the 0 that the compiler compares with
  auto operator<=>(const CreatedObject&) const = default;
};
std::optional<CreatedObject> FindCreatedObject(std::string_view statement);

std::string_view ShellHelp();

}  // namespace millrace
