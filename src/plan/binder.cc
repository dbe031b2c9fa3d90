#include "plan/binder.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "expr/cast.h"
#include "expr/coercion.h"
#include "expr/functions/function_table.h"
#include "plan/period.h"
#include "plan/table_definition.h"
#include "sql/unparse.h"

namespace millrace {
namespace {

using Kind = BoundExpression::Kind;

BoundExpression NullConstant() {
  BoundExpression constant;
  constant.is_null = true;
  return constant;
}

sql::Expression MakeCall(std::string name, const sql::Expression& origin,
                         std::vector<sql::Expression> children) {
  sql::Expression call;
  call.kind = sql::ExpressionKind::kCall;
  call.text = std::move(name);
  call.span = origin.span;
  call.text_span = origin.text_span;
  call.children = std::move(children);
  return call;
}

// x = a OR x = b OR ..., or another comparison and AND; balanced, so that a long list does not nest
// deep.
sql::Expression CompareWithList(const sql::Expression& call, std::string_view comparison,
                                std::string_view joint, size_t begin, size_t end) {
  if (end - begin == 1) {
    return MakeCall(std::string(comparison), call, {call.children[0], call.children[begin]});
  }
  const size_t middle = begin + (end - begin) / 2;
  return MakeCall(std::string(joint), call,
                  {CompareWithList(call, comparison, joint, begin, middle),
                   CompareWithList(call, comparison, joint, middle, end)});
}

// Calls that are short for something else; nothing for all others.
std::optional<sql::Expression> Rewrite(const sql::Expression& call) {
  const std::string& name = call.text;
  const auto& children = call.children;
  constexpr std::string_view kNot = "NOT ";
  constexpr std::string_view kIsNotJson = "IS NOT JSON";
  if (name.starts_with(kNot) || name.starts_with(kIsNotJson)) {
    sql::Expression positive = call;
    positive.text = name.starts_with(kNot) ? name.substr(kNot.size())
                                           : "IS JSON" + name.substr(kIsNotJson.size());
    return MakeCall("NOT", call, {std::move(positive)});
  }
  if (name == "BETWEEN" && children.size() == 3) {
    return MakeCall("AND", call,
                    {MakeCall(">=", call, {children[0], children[1]}),
                     MakeCall("<=", call, {children[0], children[2]})});
  }
  if (name == "BETWEEN SYMMETRIC" && children.size() == 3) {
    return MakeCall("OR", call,
                    {MakeCall("BETWEEN", call, {children[0], children[1], children[2]}),
                     MakeCall("BETWEEN", call, {children[0], children[2], children[1]})});
  }
  if (name == "IN" && children.size() >= 2) {
    return CompareWithList(call, "=", "OR", 1, children.size());
  }
  for (const std::string_view quantifier : {" ANY", " ALL"}) {
    if (!name.ends_with(quantifier)) continue;
    const std::string comparison = name.substr(0, name.size() - quantifier.size());
    return CompareWithList(call, comparison, quantifier == " ANY" ? "OR" : "AND", 1,
                           children.size());
  }
  return std::nullopt;
}

// The functions whose words stand between their parentheses: their names among the functions, and
// how they are told.
struct Spelling {
  std::string_view name;
  std::string_view function;
  std::string_view told;
};
constexpr Spelling kSpellings[] = {{"TRIM LEADING", "LTRIM", "TRIM(LEADING ...)"},
                                   {"TRIM TRAILING", "RTRIM", "TRIM(TRAILING ...)"}};

Spelling SpellingOf(std::string_view name) {
  for (const Spelling& spelling : kSpellings) {
    if (spelling.name == name) return spelling;
  }
  return {name, name, name};
}

// JSON_VALUE(j, path RETURNING type ...): the type is an argument of the function.
sql::Expression WithReturningType(const sql::Expression& call) {
  sql::Expression whole = call;
  sql::Expression type;
  type.kind = sql::ExpressionKind::kSymbol;
  type.span = type.text_span = call.type ? call.type->span : call.text_span;
  if (call.type) type.text = sql::Unparse(*call.type);
  whole.children.insert(whole.children.begin() + 2, std::move(type));
  return whole;
}

size_t NodesOf(const BoundExpression& expression) {
  size_t nodes = 1;
  for (const BoundExpression& child : expression.children) nodes += NodesOf(child);
  return nodes;
}

bool IsNumber(const BoundExpression& expression) {
  return expression.kind == Kind::kConstant && !expression.is_null && expression.type.is_numeric();
}

// -5 is a constant as 5 is, so that functions that want constants take it.
BoundExpression Negative(BoundExpression number) {
  number.text = number.text.starts_with('-') ? number.text.substr(1) : "-" + number.text;
  return number;
}

}  // namespace

BoundExpression CastTo(BoundExpression expression, const Type& type) {
  if (expression.type.Nullable() == type.Nullable()) return expression;
  BoundExpression cast;
  cast.kind = Kind::kCast;
  cast.type = type;
  cast.type.nullable = expression.type.nullable;
  cast.children.push_back(std::move(expression));
  return cast;
}

std::optional<BoundExpression> Binder::Bind(const sql::Expression& expression) {
  switch (expression.kind) {
    case sql::ExpressionKind::kLiteral:
      return BindLiteral(expression);
    case sql::ExpressionKind::kColumn:
      return BindColumn(expression);
    case sql::ExpressionKind::kCall:
      return BindCall(expression);
    case sql::ExpressionKind::kCast:
      return BindCast(expression);
    case sql::ExpressionKind::kCase:
      return BindCase(expression);
    case sql::ExpressionKind::kSymbol: {
      BoundExpression symbol;
      symbol.type = Type::String().NotNull();
      symbol.text = expression.text;
      return symbol;
    }
    case sql::ExpressionKind::kStar:
      Error(expression.span, "* stands for all columns and cannot be used inside an expression");
      return std::nullopt;
    default:
      return Refuse(expression);
  }
}

// What parses and is not run, by name.
std::optional<BoundExpression> Binder::Refuse(const sql::Expression& expression) {
  std::string what = expression.what;
  switch (expression.kind) {
    case sql::ExpressionKind::kRow:
      what = "a row value";
      break;
    case sql::ExpressionKind::kArray:
      what = "ARRAY";
      break;
    case sql::ExpressionKind::kMap:
      what = "MAP";
      break;
    case sql::ExpressionKind::kElement:
      what = "a subscript";
      break;
    case sql::ExpressionKind::kField:
      what = "a field of a row";
      break;
    case sql::ExpressionKind::kSubquery:
      what = "a subquery";
      break;
    case sql::ExpressionKind::kNamedArgument:
      what = "a named argument";
      break;
    default:
      break;
  }
  Error(expression.span, fmt::format("{} is not supported by this engine", what));
  return std::nullopt;
}

std::optional<BoundExpression> Binder::BindLiteral(const sql::Expression& literal) {
  return LiteralConstant(literal, diagnostics_);
}

std::optional<BoundExpression> Binder::BindCondition(const sql::Expression& expression) {
  std::optional<BoundExpression> bound = Bind(expression);
  if (bound && bound->type.kind != TypeKind::kBoolean && bound->type.kind != TypeKind::kNull) {
    Error(expression.span,
          fmt::format("a condition must be BOOLEAN, not {}", ToString(bound->type.Nullable())));
    return std::nullopt;
  }
  return bound;
}

bool Binder::CheckQualifier(const sql::Expression& column) {
  const std::vector<sql::Name>& qualifier = column.qualifier;
  if (qualifier.empty()) return true;
  const std::vector<std::string>& path = scope_.path;
  bool fits = qualifier.size() <= path.size();
  for (size_t i = 0; fits && i < qualifier.size(); ++i) {
    fits = qualifier[qualifier.size() - 1 - i].text == path[path.size() - 1 - i];
  }
  if (fits) return true;
  const sql::Name& last = qualifier.back();
  const std::vector<std::string> names = {path.empty() ? std::string() : path.back()};
  Error(last.span, fmt::format("table {} is not in FROM", Quoted(last.text)),
        DidYouMean(last.text, names));
  return false;
}

// Views in views can make an expression grow beyond all bounds.
bool Binder::CheckSize(const BoundExpression& expression, Span span) {
  constexpr size_t kNodesMax = 100'000;
  nodes_ += NodesOf(expression);
  if (nodes_ <= kNodesMax) return true;
  Error(span, fmt::format("the expression has more than {} parts after views and queries in FROM "
                          "are put in place of their names",
                          kNodesMax));
  return false;
}

std::optional<BoundExpression> Binder::BindColumn(const sql::Expression& column) {
  if (!CheckQualifier(column)) return std::nullopt;
  std::vector<std::string> names;
  for (const ScopeColumn& known : scope_.columns) {
    names.push_back(known.name);
    if (known.name != column.text) continue;
    if (!known.visible) {
      Error(column.span, fmt::format("computed column {} cannot be used in another computed column",
                                     Quoted(column.text)));
      return std::nullopt;
    }
    if (!CheckSize(known.value, column.span)) return std::nullopt;
    return known.value;
  }
  const std::string hint = DidYouMean(column.text, names);
  Error(column.text_span, fmt::format("column {} is not defined", Quoted(column.text)),
        !hint.empty() || names.empty() ? hint
                                       : fmt::format("The columns are {}.", Join(names, ", ")));
  return std::nullopt;
}

std::optional<BoundExpression> Binder::BindCall(const sql::Expression& call) {
  if (call.details != nullptr) {
    const sql::CallDetails& details = *call.details;
    const std::string what = details.over || details.over_name ? "OVER"
                             : !details.filter.empty()         ? "FILTER"
                             : details.star                    ? call.text + "(*)"
                             : !details.quantifier.empty() ? call.text + " " + details.quantifier
                             : !details.nulls.empty()      ? details.nulls
                                                           : "WITHIN GROUP";
    Error(call.span, fmt::format("{} is not supported by this engine", what),
          FindUnsupported(call.text) != nullptr ? FindUnsupported(call.text)->Hint() : "");
    return std::nullopt;
  }
  if (call.text == "!=" && settings_.Boolean("millrace.strict-flink")) {
    Error(call.text_span, "!= is not an operator of Flink SQL", "Write <>.");
    return std::nullopt;
  }
  if (const std::optional<sql::Expression> rewritten = Rewrite(call)) return Bind(*rewritten);
  if (IsPeriodTest(call.text)) {
    const std::optional<sql::Expression> spread = SpreadPeriods(call, diagnostics_);
    return spread ? BindFunction(*spread) : std::nullopt;
  }
  constexpr size_t kJsonValueClauses = 6;
  if (call.text == "JSON_VALUE" && call.children.size() == kJsonValueClauses) {
    return BindFunction(WithReturningType(call));
  }
  if (call.text == "JSON_QUERY" && call.type) return BindReturning(call);
  return BindFunction(call);
}

// JSON_QUERY(j, path RETURNING type ...).
std::optional<BoundExpression> Binder::BindReturning(const sql::Expression& call) {
  if (!call.type->elements.empty()) {
    Error(call.type->span, fmt::format("{} returns STRING in this engine", call.text));
    return std::nullopt;
  }
  const std::optional<Type> type = ResolveType(*call.type, diagnostics_);
  std::optional<BoundExpression> bound = BindFunction(call);
  if (!type || !bound) return std::nullopt;
  if (!type->is_text()) {
    Error(call.type->span, fmt::format("{} returns STRING in this engine", call.text));
    return std::nullopt;
  }
  return CastTo(std::move(*bound), *type);
}

void Binder::NoSuchFunction(const sql::Expression& call) {
  if (const UnsupportedFunction* unsupported = FindUnsupported(call.text)) {
    Error(call.text_span, fmt::format("Millrace does not support the function {}", call.text),
          unsupported->Hint());
    return;
  }
  std::vector<std::string> names;
  for (const Function& known : Functions()) names.emplace_back(known.name);
  Error(call.text_span, fmt::format("function {} is not known", Quoted(call.text)),
        DidYouMean(call.text, names));
}

std::optional<BoundExpression> Binder::BindFunction(const sql::Expression& call) {
  const size_t count = call.children.size();
  const Spelling spelling = SpellingOf(call.text);
  const Function* function = FindFunction(spelling.function, count);
  if (function == nullptr) {
    NoSuchFunction(call);
    return std::nullopt;
  }
  BoundExpression bound;
  bound.kind = Kind::kCall;
  bound.function = function;
  for (const sql::Expression& child : call.children) {
    std::optional<BoundExpression> argument = Bind(child);
    if (!argument) return std::nullopt;
    bound.children.push_back(std::move(*argument));
  }
  std::vector<Argument> arguments;
  for (const BoundExpression& child : bound.children) {
    Argument argument{child.type};
    if (child.kind == Kind::kConstant && !child.is_null) argument.constant = child.text;
    arguments.push_back(argument);
  }
  const Resolution resolution = Resolve(*function, arguments);
  if (!resolution.result) {
    const bool at_argument = resolution.bad_argument < count;
    Error(at_argument ? call.children[resolution.bad_argument].span : call.span,
          fmt::format("{} {}", spelling.told, resolution.problem),
          function->Takes(count) ? "" : fmt::format("It is {}.", function->signature));
    return std::nullopt;
  }
  for (size_t i = 0; i < resolution.arguments.size(); ++i) {
    bound.children[i] = CastTo(std::move(bound.children[i]), resolution.arguments[i]);
  }
  bound.type = *resolution.result;
  const bool negative_number = call.text == "-" && count == 1 && IsNumber(bound.children[0]);
  if (negative_number) return Negative(std::move(bound.children[0]));
  return bound;
}

std::optional<BoundExpression> Binder::BindCast(const sql::Expression& cast) {
  std::optional<BoundExpression> operand = Bind(cast.children[0]);
  if (cast.type->name.starts_with("INTERVAL")) {
    Error(cast.type->span, fmt::format("{} to INTERVAL is not supported by this engine", cast.text),
          "Multiply: 5 * INTERVAL '1' DAY.");
    return std::nullopt;
  }
  const std::optional<Type> type = ResolveType(*cast.type, diagnostics_);
  if (!operand || !type) return std::nullopt;
  if (!CanCast(operand->type, *type)) {
    Error(cast.span, fmt::format("{} cannot be cast to {}", ToString(operand->type.Nullable()),
                                 ToString(type->Nullable())));
    return std::nullopt;
  }
  BoundExpression bound;
  bound.kind = Kind::kCast;
  bound.try_cast = cast.text == "TRY_CAST" ||
                   EqualsIgnoreCase(settings_.Text("table.exec.legacy-cast-behaviour"), "ENABLED");
  bound.type = *type;
  bound.type.nullable = bound.try_cast || operand->type.nullable;
  bound.children.push_back(std::move(*operand));
  return bound;
}

std::optional<BoundExpression> Binder::BindCase(const sql::Expression& branches) {
  std::vector<BoundExpression> children;
  size_t i = branches.has_operand ? 1 : 0;
  const size_t end = branches.children.size() - (branches.has_else ? 1 : 0);
  for (; i < end; i += 2) {
    const sql::Expression& when = branches.children[i];
    std::optional<BoundExpression> condition =
        branches.has_operand ? Bind(MakeCall("=", when, {branches.children[0], when}))
                             : BindCondition(when);
    std::optional<BoundExpression> value = Bind(branches.children[i + 1]);
    if (!condition || !value) return std::nullopt;
    children.push_back(std::move(*condition));
    children.push_back(std::move(*value));
  }
  if (branches.has_else) {
    std::optional<BoundExpression> otherwise = Bind(branches.children.back());
    if (!otherwise) return std::nullopt;
    children.push_back(std::move(*otherwise));
  } else {
    children.push_back(NullConstant());
  }
  return FinishCase(std::move(children), branches.span);
}

std::optional<BoundExpression> Binder::FinishCase(std::vector<BoundExpression> children,
                                                  Span span) {
  Type type = children.back().type;
  for (size_t i = 1; i < children.size(); i += 2) {
    const std::optional<Type> common = CommonType(type, children[i].type);
    if (!common) {
      Error(span, fmt::format("the branches have no common type: {} and {}",
                              ToString(type.Nullable()), ToString(children[i].type.Nullable())));
      return std::nullopt;
    }
    type = *common;
  }
  // Texts of several lengths are no CHAR that would have to be padded.
  if (type.kind == TypeKind::kChar) type.kind = TypeKind::kVarChar;
  BoundExpression bound;
  bound.kind = Kind::kCase;
  bound.type = type;
  for (size_t i = 0; i < children.size(); ++i) {
    const bool is_value = i % 2 == 1 || i + 1 == children.size();
    const bool as_it_is = !is_value || children[i].type.is_text() || children[i].is_null;
    bound.children.push_back(as_it_is ? std::move(children[i])
                                      : CastTo(std::move(children[i]), type));
  }
  return bound;
}

std::vector<const ScopeColumn*> Binder::ExpandStar(const sql::Expression& star) {
  std::vector<const ScopeColumn*> columns;
  if (!CheckQualifier(star)) return columns;
  for (const ScopeColumn& column : scope_.columns) {
    if (column.in_star && CheckSize(column.value, star.span)) columns.push_back(&column);
  }
  return columns;
}

}  // namespace millrace
