#include "plan/call_binder.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "base/units.h"
#include "expr/functions/function_table.h"
#include "plan/errors.h"
#include "plan/period.h"
#include "plan/rewrite.h"
#include "plan/strict_rules.h"
#include "plan/type_name.h"

namespace millrace {
namespace {

using Kind = BoundExpression::Kind;

Resolution ResolveCall(const Function& function, const std::vector<BoundExpression>& children) {
  std::vector<Argument> arguments;
  for (const BoundExpression& child : children) {
    Argument argument{child.type};
    if (child.kind == Kind::kConstant && !child.is_null) argument.constant = child.text;
    arguments.push_back(argument);
  }
  return Resolve(function, arguments);
}

}  // namespace

std::optional<BoundExpression> CallBinder::Bind(const sql::Expression& call) {
  if (call.details != nullptr) return RejectDetails(call);
  if (call.text == "!=" && binder_.is_strict()) {
    return Error(DiagnosticCode::kNotFlinkSql, call.text_span, "!= is not an operator of Flink SQL",
                 "Write <>.");
  }
  if (const std::optional<sql::Expression> rewritten = Rewrite(call)) {
    return binder_.Bind(*rewritten);
  }
  if (IsPeriodTest(call.text)) {
    const std::optional<sql::Expression> spread = SpreadPeriods(call, binder_.diagnostics());
    return spread ? BindFunction(*spread) : std::nullopt;
  }
  constexpr size_t kJsonValueClauses = 6;
  if (call.text == "JSON_VALUE" && call.children.size() == kJsonValueClauses) {
    return BindFunction(WithReturningType(call));
  }
  if (call.text == "JSON_QUERY" && call.type) return BindJsonQuery(call);
  return BindFunction(call);
}

// OVER, FILTER, DISTINCT and the like: clauses of calls that are parsed and not run.
std::nullopt_t CallBinder::RejectDetails(const sql::Expression& call) {
  const sql::CallDetails& details = *call.details;
  const std::string what = details.over || details.over_name ? "OVER"
                           : !details.filter.empty()         ? "FILTER"
                           : details.star                    ? call.text + "(*)"
                           : !details.quantifier.empty()     ? call.text + " " + details.quantifier
                           : !details.nulls.empty()          ? details.nulls
                                                             : "WITHIN GROUP";
  const UnsupportedFunction* unsupported = FindUnsupported(call.text);
  binder_.diagnostics()->push_back(
      NotSupported(call.span, what, unsupported == nullptr ? "" : unsupported->Hint()));
  return std::nullopt;
}

// JSON_QUERY(j, path RETURNING type ...).
std::optional<BoundExpression> CallBinder::BindJsonQuery(const sql::Expression& call) {
  const auto reject = [&] {
    binder_.diagnostics()->push_back(NotSupported(
        call.type->span, call.text + " RETURNING another type than STRING and ARRAY<STRING>"));
    return std::nullopt;
  };
  const std::optional<Type> type = ResolveType(*call.type, binder_.diagnostics());
  std::optional<BoundExpression> bound = BindFunction(call);
  if (!type || !bound) return std::nullopt;
  if (type->is_text()) return CastTo(std::move(*bound), *type);
  const bool strings = type->kind == TypeKind::kArray && type->children()[0].is_text() &&
                       type->children()[0].length == Type::kLengthMax;
  if (!strings) return reject();
  std::vector<BoundExpression> json;
  json.push_back(std::move(*bound));
  return Finish(call, {"STRUCTURES FROM JSON", call.text}, std::move(json));
}

std::nullopt_t CallBinder::RejectUnknown(const sql::Expression& call) {
  if (const UnsupportedFunction* unsupported = FindUnsupported(call.text)) {
    binder_.diagnostics()->push_back(
        NotSupported(call.text_span, "the function " + call.text, unsupported->Hint()));
    return std::nullopt;
  }
  constexpr size_t kLikeAnythingMax = 2;  // letters of a name that resembles too many others
  std::vector<std::string> names;
  for (const Function& known : Functions()) {
    const bool likely = known.is_called() && call.text.size() > kLikeAnythingMax;
    if (likely) names.emplace_back(known.name);
  }
  return Error(DiagnosticCode::kUnknownFunction, call.text_span,
               fmt::format("function {} is not known", Quoted(call.text)),
               DidYouMean(call.text, names));
}

std::optional<std::vector<BoundExpression>> CallBinder::BindArguments(const sql::Expression& call) {
  std::vector<BoundExpression> arguments;
  for (const sql::Expression& child : call.children) {
    std::optional<BoundExpression> argument = binder_.Bind(child);
    if (!argument) return std::nullopt;
    arguments.push_back(std::move(*argument));
  }
  return arguments;
}

std::optional<BoundExpression> CallBinder::BindFunction(const sql::Expression& call) {
  const size_t count = call.children.size();
  const CallName name = CallNameOf(call.text);
  const Function* function = FindFunction(name.function, count);
  if (function == nullptr) return RejectUnknown(call);
  std::optional<std::vector<BoundExpression>> arguments = BindArguments(call);
  if (arguments && function->name == "CURRENT_DATABASE" && count == 0) {
    BoundExpression database;
    database.type = Type::String().NotNull();
    database.text = binder_.database();
    return database;
  }
  return arguments ? Finish(call, name, std::move(*arguments)) : std::nullopt;
}

std::optional<BoundExpression> CallBinder::Finish(const sql::Expression& call, const CallName& name,
                                                  std::vector<BoundExpression> arguments) {
  const size_t count = arguments.size();
  const Function* function = FindFunction(name.function, count);
  BoundExpression bound;
  bound.kind = Kind::kCall;
  bound.function = function;
  bound.children = std::move(arguments);
  const Resolution resolution = ResolveCall(*function, bound.children);
  if (!resolution.result) {
    const bool at_argument = resolution.bad_argument < call.children.size();
    return Error(DiagnosticCode::kInvalidArgument,
                 at_argument ? call.children[resolution.bad_argument].span : call.span,
                 fmt::format("{} {}", name.shown, resolution.problem),
                 function->Takes(count) ? "" : fmt::format("It is {}.", function->signature));
  }
  if (binder_.is_strict()) {
    if (const auto refusal = RefusedByFlink(*function, bound.children)) {
      const bool at_argument = refusal->argument < count;
      return Error(DiagnosticCode::kNotFlinkSql,
                   at_argument ? call.children[refusal->argument].span : call.span,
                   refusal->problem, refusal->hint);
    }
  }
  bound.may_be_null = resolution.may_be_null;
  for (const BoundExpression& child : bound.children) bound.may_be_null |= child.may_be_null;
  for (size_t i = 0; i < resolution.arguments.size(); ++i) {
    bound.children[i] = CastTo(std::move(bound.children[i]), resolution.arguments[i]);
  }
  bound.type = *resolution.result;
  if (function->family == Family::kJson) {
    for (size_t i = 0; i < count; ++i) {
      if (!bound.children[i].type.is_structured()) continue;
      std::vector<BoundExpression> structure;
      structure.push_back(std::move(bound.children[i]));
      auto json = Finish(call.children[i], {"STRUCTURES JSON", name.shown}, std::move(structure));
      if (!json) return std::nullopt;
      bound.children[i] = std::move(*json);
    }
  }
  return bound;
}

std::optional<BoundExpression> CallBinder::BindStructure(const sql::Expression& expression) {
  sql::Expression call = expression;
  call.kind = sql::ExpressionKind::kCall;
  switch (expression.kind) {
    case sql::ExpressionKind::kField: {
      std::optional<BoundExpression> row = binder_.Bind(expression.children[0]);
      if (!row) return std::nullopt;
      return BindField(expression, std::move(*row), std::nullopt);
    }
    case sql::ExpressionKind::kElement:
      return BindItem(expression);
    case sql::ExpressionKind::kRow:
      call.text = "ROW()";
      break;
    case sql::ExpressionKind::kMap:
      call.text = "MAP[]";
      break;
    default:
      call.text = "ARRAY[]";
      break;
  }
  if (call.children.empty()) {
    return Error(DiagnosticCode::kInvalidArgument, call.span,
                 fmt::format("{} needs at least one value", call.text));
  }
  return BindFunction(call);
}

// A field by its name (the text of the expression) or by its index from 0 on.
std::optional<BoundExpression> CallBinder::BindField(const sql::Expression& expression,
                                                     BoundExpression row,
                                                     std::optional<size_t> index) {
  const std::string& name = expression.text;
  if (row.type.kind != TypeKind::kRow) {
    return Error(DiagnosticCode::kTypeMismatch, expression.text_span,
                 fmt::format("{} has no fields", ToString(row.type.Nullable())));
  }
  const std::span<const std::string> names = row.type.field_names();
  for (size_t i = 0; !index && i < names.size(); ++i) {
    if (names[i] == name) index = i;
  }
  for (size_t i = 0; !index && i < names.size(); ++i) {
    if (EqualsIgnoreCase(names[i], name)) index = i;
  }
  if (!index || *index >= names.size()) {
    const std::vector<std::string> known(names.begin(), names.end());
    return Error(DiagnosticCode::kUnknownColumn, expression.text_span,
                 index ? fmt::format("the row has {} fields", names.size())
                       : fmt::format("the row has no field {}", Quoted(name)),
                 DidYouMean(name, known));
  }
  BoundExpression number;
  number.type = Type::Of(TypeKind::kInt).NotNull();
  number.text = fmt::format("{}", *index);
  std::vector<BoundExpression> arguments;
  arguments.push_back(std::move(row));
  arguments.push_back(std::move(number));
  return Finish(expression, {".", "a field"}, std::move(arguments));
}

// x[i] of an array or a map, or of a row with a constant index or name.
std::optional<BoundExpression> CallBinder::BindItem(const sql::Expression& expression) {
  std::optional<std::vector<BoundExpression>> arguments = BindArguments(expression);
  if (!arguments) return std::nullopt;
  BoundExpression& row = (*arguments)[0];
  const BoundExpression& index = (*arguments)[1];
  if (row.type.kind != TypeKind::kRow) {
    return Finish(expression, {"[]", "a subscript"}, std::move(*arguments));
  }
  sql::Expression field = expression;
  field.text = index.text;
  field.text_span = expression.children[1].span;
  const bool constant = index.kind == Kind::kConstant && !index.is_null;
  if (constant && index.type.is_text()) return BindField(field, std::move(row), std::nullopt);
  const std::optional<int64_t> number =
      constant && index.type.is_integer() ? ParseInteger(index.text) : std::nullopt;
  if (!number || *number < 1) {
    return Error(DiagnosticCode::kInvalidArgument, field.text_span,
                 "a field of a row needs a constant name, or a constant index from 1 on");
  }
  return BindField(field, std::move(row), static_cast<size_t>(*number - 1));
}

}  // namespace millrace
