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
  if (IsOneOf(name.name, {"MULTISET", "RAW", "STRUCTURED", "INTERVAL"})) {
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

std::optional<Type> ResolveRow(const sql::TypeName& name, Diagnostics* diagnostics) {
  std::vector<Type> types;
  std::vector<std::string> names;
  for (const sql::TypeField& field : name.fields) {
    if (std::find(names.begin(), names.end(), field.name.text) != names.end()) {
      diagnostics->emplace_back(
          DiagnosticCode::kAlreadyExists, field.name.span,
          fmt::format("field {} is in the ROW twice", Quoted(field.name.text)));
      return std::nullopt;
    }
    std::optional<Type> type = ResolveType(field.type, diagnostics);
    if (!type) return std::nullopt;
    types.push_back(std::move(*type));
    names.push_back(field.name.text);
  }
  return Type::Row(std::move(types), std::move(names));
}

// ARRAY, MAP and ROW.
std::optional<Type> ResolveStructure(const sql::TypeName& name, Diagnostics* diagnostics) {
  std::optional<Type> type;
  if (name.name == "ROW") {
    type = ResolveRow(name, diagnostics);
  } else {
    std::vector<Type> types;
    for (const sql::TypeName& element : name.elements) {
      std::optional<Type> one = ResolveType(element, diagnostics);
      if (!one) return std::nullopt;
      types.push_back(std::move(*one));
    }
    type = name.name == "ARRAY" ? Type::Array(std::move(types[0]))
                                : Type::Map(std::move(types[0]), std::move(types[1]));
  }
  if (!type) return std::nullopt;
  if (IsTooComplex(*type)) {
    diagnostics->push_back(TypeTooComplex(name.span));
    return std::nullopt;
  }
  type->nullable = name.nullable;
  return type;
}

bool IsStructure(const sql::TypeName& name) {
  const size_t elements = name.elements.size();
  return (name.name == "ARRAY" && elements == 1) || (name.name == "MAP" && elements == 2) ||
         name.name == "ROW";
}

}  // namespace

Diagnostic TypeTooComplex(Span span) {
  return {DiagnosticCode::kTooComplex, span,
          fmt::format("the type has more than {} structures in each other or more than {} parts",
                      kTypeDepthMax, kTypeNodesMax),
          ""};
}

std::optional<Type> ResolveType(const sql::TypeName& name, Diagnostics* diagnostics) {
  if (IsStructure(name)) return ResolveStructure(name, diagnostics);
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
  name.nullable = type.nullable;
  name.nullable_written = !type.nullable;
  name.span = span;
  if (type.is_structured()) {
    const bool row = type.kind == TypeKind::kRow;
    name.name = row ? "ROW" : type.kind == TypeKind::kMap ? "MAP" : "ARRAY";
    for (size_t i = 0; i < type.children().size(); ++i) {
      sql::TypeName child = ToTypeName(type.children()[i], span);
      if (row) {
        name.fields.push_back({{type.field_names()[i], span}, std::move(child), std::nullopt});
      } else {
        name.elements.push_back(std::move(child));
      }
    }
    return name;
  }
  name.name = ToString(type.Nullable());  // "DECIMAL(10, 2)", "STRING"
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
