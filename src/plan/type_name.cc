#include "plan/type_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "base/units.h"
#include "plan/errors.h"

namespace millrace {
namespace {

struct TypeRule {
  std::string_view name;
  TypeKind kind;
  size_t parameters_max = 0;
  int64_t first_min = 0;
  int64_t first_max = 0;
  int64_t first_default = 0;
};

constexpr TypeRule kTypeRules[] = {
    {"BOOLEAN", TypeKind::kBoolean},
    {"TINYINT", TypeKind::kTinyInt},
    {"SMALLINT", TypeKind::kSmallInt},
    {"INT", TypeKind::kInt},
    {"INTEGER", TypeKind::kInt},
    {"BIGINT", TypeKind::kBigInt},
    {"FLOAT", TypeKind::kFloat},
    {"DOUBLE", TypeKind::kDouble},
    {"DATE", TypeKind::kDate},
    {"STRING", TypeKind::kVarChar, 0, 0, 0, Type::kLengthMax},
    {"BYTES", TypeKind::kVarBinary, 0, 0, 0, Type::kLengthMax},
    {"CHAR", TypeKind::kChar, 1, 1, Type::kLengthMax, 1},
    {"VARCHAR", TypeKind::kVarChar, 1, 1, Type::kLengthMax, Type::kLengthMax},
    {"BINARY", TypeKind::kBinary, 1, 1, Type::kLengthMax, 1},
    {"VARBINARY", TypeKind::kVarBinary, 1, 1, Type::kLengthMax, Type::kLengthMax},
    {"DECIMAL", TypeKind::kDecimal, 2, 1, 38, 10},
    {"DEC", TypeKind::kDecimal, 2, 1, 38, 10},
    {"NUMERIC", TypeKind::kDecimal, 2, 1, 38, 10},
    {"TIME", TypeKind::kTime, 1, 0, 9, 0},
    {"TIMESTAMP", TypeKind::kTimestamp, 1, 0, 9, 6},
    {"TIMESTAMP_LTZ", TypeKind::kTimestampLtz, 1, 0, 9, 6},
};

Diagnostic UnknownType(const sql::TypeName& name) {
  if (IsOneOf(name.name, {"ARRAY", "MAP", "ROW", "MULTISET", "RAW", "INTERVAL"})) {
    return NotSupported(name.span, fmt::format("type {}", name.name),
                        "Declare the column as STRING.");
  }
  std::vector<std::string> names;
  for (const TypeRule& rule : kTypeRules) names.emplace_back(rule.name);
  std::string hint = DidYouMean(name.name, names);
  if (name.name == "TEXT" || name.name == "LONGTEXT") hint = "Write STRING.";
  if (name.name == "DATETIME") hint = "Write TIMESTAMP(0) or TIMESTAMP(6).";
  return {DiagnosticCode::kUnknownType, name.span,
          fmt::format("type {} is not known", Quoted(name.name)), std::move(hint)};
}

// Fills the parameters into a type; false and an error if they are out of range.
bool ApplyParameters(const sql::TypeName& name, const TypeRule& rule, Type* type,
                     Diagnostics* diagnostics) {
  const auto refuse = [&](std::string message, std::string hint = "") {
    diagnostics->emplace_back(DiagnosticCode::kInvalidValue, name.span, std::move(message),
                              std::move(hint));
    return false;
  };
  if (name.parameters.size() > rule.parameters_max) {
    if (rule.parameters_max == 0) {
      return refuse(fmt::format("type {} takes no parameter", name.name),
                    fmt::format("Write {}.", name.name));
    }
    return refuse(
        fmt::format("type {} takes at most {} parameter(s)", name.name, rule.parameters_max));
  }
  const int64_t first = name.parameters.empty() ? rule.first_default : name.parameters[0];
  if (!name.parameters.empty() && (first < rule.first_min || first > rule.first_max)) {
    return refuse(fmt::format("the parameter of {} must be between {} and {}", name.name,
                              rule.first_min, rule.first_max));
  }
  if (type->is_text() || type->is_binary()) {
    type->length = static_cast<uint32_t>(first);
    return true;
  }
  type->precision = static_cast<uint8_t>(first);
  if (type->kind == TypeKind::kDecimal && name.parameters.size() == 2) {
    if (name.parameters[1] > first) {
      return refuse(
          fmt::format("the scale of {} must be between 0 and its precision {}", name.name, first));
    }
    type->scale = static_cast<uint8_t>(name.parameters[1]);
  }
  return true;
}

}  // namespace

std::optional<Type> ResolveType(const sql::TypeName& name, Diagnostics* diagnostics) {
  for (const TypeRule& rule : kTypeRules) {
    if (rule.name != name.name) continue;
    Type type = Type::Of(rule.kind);
    type.nullable = name.nullable;
    if (!ApplyParameters(name, rule, &type, diagnostics)) return std::nullopt;
    return type;
  }
  diagnostics->push_back(UnknownType(name));
  return std::nullopt;
}

sql::TypeName ToTypeName(const Type& type, Span span) {
  sql::TypeName name;
  name.name = ToString(type.Nullable());  // "DECIMAL(10, 2)", "STRING"
  name.nullable = type.nullable;
  name.nullable_written = !type.nullable;
  name.span = span;
  const size_t parenthesis = name.name.find('(');
  if (parenthesis == std::string::npos) return name;
  const std::string inside = name.name.substr(parenthesis + 1, name.name.size() - parenthesis - 2);
  name.name.resize(parenthesis);
  for (const std::string& number : Split(inside, ',')) {
    name.parameters.push_back(ParseInteger(Trim(number)).value_or(0));
  }
  // The literal '' has length 0, which no column can have.
  if (type.is_text() || type.is_binary())
    name.parameters[0] = std::max<int64_t>(1, name.parameters[0]);
  return name;
}

}  // namespace millrace
