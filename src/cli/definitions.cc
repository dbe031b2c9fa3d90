#include "cli/definitions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "cli/exit_status.h"

namespace millrace {
namespace {

bool Apply(const std::string& key, const std::string& value, StatementCompiler* compiler,
           const Console& console) {
  Diagnostics diagnostics;
  const bool accepted = compiler->SetValue(key, value, &diagnostics);
  for (const Diagnostic& diagnostic : diagnostics) {
    console.Say(fmt::format("millrace: -D {}: {}\n", key, diagnostic.message));
  }
  return accepted;
}

}  // namespace

VariableLookup VariablesFrom(const CommandLine& line) {
  return [&line](const std::string& name) -> std::optional<std::string> {
    const auto defined = std::find_if(line.settings.rbegin(), line.settings.rend(),
                                      [&](const auto& setting) { return setting.first == name; });
    if (defined != line.settings.rend()) return defined->second;
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

int ApplyDefinitions(const CommandLine& line, StatementCompiler* compiler, const Console& console) {
  for (const auto& [key, value] : line.settings) {
    if (!IsVariableName(key) && !Apply(key, value, compiler, console)) return kExitUsage;
  }
  // A plain name is a variable, where there are variables.
  if (compiler->session().settings().Boolean("millrace.expand-variables")) return kExitOk;
  for (const auto& [key, value] : line.settings) {
    if (IsVariableName(key) && !Apply(key, value, compiler, console)) return kExitUsage;
  }
  return kExitOk;
}

}  // namespace millrace
