#include "plan/call_binder.h"

#include <fmt/format.h>

#include "base/quote.h"
#include "base/suggest.h"
#include "expr/functions/function_table.h"
#include "plan/errors.h"
#include "plan/period.h"
#include "plan/rewrite.h"
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
  if (call.text == "!=" && binder_.settings().Boolean("millrace.strict-flink")) {
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
    binder_.diagnostics()->push_back(
        NotSupported(call.type->span, call.text + " RETURNING another type than STRING"));
    return std::nullopt;
  };
  if (!call.type->elements.empty()) return reject();
  const std::optional<Type> type = ResolveType(*call.type, binder_.diagnostics());
  std::optional<BoundExpression> bound = BindFunction(call);
  if (!type || !bound) return std::nullopt;
  if (!type->is_text()) return reject();
  return CastTo(std::move(*bound), *type);
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
  if (!arguments) return std::nullopt;
  BoundExpression bound;
  bound.kind = Kind::kCall;
  bound.function = function;
  bound.children = std::move(*arguments);
  const Resolution resolution = ResolveCall(*function, bound.children);
  if (!resolution.result) {
    const bool at_argument = resolution.bad_argument < count;
    return Error(DiagnosticCode::kInvalidArgument,
                 at_argument ? call.children[resolution.bad_argument].span : call.span,
                 fmt::format("{} {}", name.shown, resolution.problem),
                 function->Takes(count) ? "" : fmt::format("It is {}.", function->signature));
  }
  bound.may_be_null = resolution.may_be_null;
  for (const BoundExpression& child : bound.children) bound.may_be_null |= child.may_be_null;
  for (size_t i = 0; i < resolution.arguments.size(); ++i) {
    bound.children[i] = CastTo(std::move(bound.children[i]), resolution.arguments[i]);
  }
  bound.type = *resolution.result;
  return bound;
}

}  // namespace millrace
