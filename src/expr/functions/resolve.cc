#include "expr/functions/resolve.h"

#include <algorithm>

namespace millrace {

bool AnyNullable(Arguments arguments) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [](const Argument& argument) { return argument.type.nullable; });
}

Type Varying(const Type& type) {
  if (IsNull(type)) return kStringType;
  Type varying = type;
  varying.kind = type.is_binary() ? TypeKind::kVarBinary : TypeKind::kVarChar;
  return varying;
}

Resolution Reject(size_t argument, std::string problem) {
  Resolution resolution;
  resolution.code = DiagnosticCode::kTypeMismatch;
  resolution.bad_argument = argument;
  resolution.problem = std::move(problem);
  return resolution;
}

Resolution RejectValue(size_t argument, std::string problem) {
  Resolution resolution = Reject(argument, std::move(problem));
  resolution.code = DiagnosticCode::kInvalidArgument;
  return resolution;
}

Resolution Returns(Type type, bool nullable, std::vector<Type> arguments) {
  type.nullable = nullable;
  Resolution resolution;
  resolution.result = type;
  resolution.arguments = std::move(arguments);
  return resolution;
}

}  // namespace millrace
