// The system variables that MySQL clients ask for.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace millrace::minidoris {

struct SystemVariable {
  std::string_view name;
  std::string_view value;
};
std::span<const SystemVariable> SystemVariables();  // by name

// Any case; empty for a variable that is not known.
std::string VariableValue(std::string_view name);

}  // namespace millrace::minidoris
