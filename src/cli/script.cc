#include "cli/script.h"

#include <fmt/format.h>

#include "base/text_file.h"

namespace millrace {
namespace {

constexpr int kSourceDepthMax = 16;

bool Walk(const Script& script, int depth, const std::function<bool(const ScriptStep&)>& step) {
  for (const sql::Piece& piece : sql::Split(script.text).statements) {
    const std::string_view text =
        std::string_view(script.text).substr(piece.begin, piece.end - piece.begin);
    ScriptStep now{script, piece, ParseShellCommand(text), ""};
    if (now.command && now.command->kind == ShellCommandKind::kSource) {
      const std::string& path = now.command->path;
      Result<std::string> sourced = ReadTextFile(path);
      if (!sourced.ok()) {
        now.error = sourced.status().message();
      } else if (depth >= kSourceDepthMax) {
        now.error = fmt::format("SOURCE is nested more than {} scripts deep", kSourceDepthMax);
      } else {
        if (!Walk({path, std::move(sourced).value()}, depth + 1, step)) return false;
        continue;
      }
    }
    if (!step(now)) return false;
  }
  return true;
}

}  // namespace

bool WalkScript(const Script& script, const std::function<bool(const ScriptStep&)>& step) {
  return Walk(script, 0, step);
}

}  // namespace millrace
