#include "plan/binder.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "base/units.h"
#include "expr/cast.h"
#include "expr/coercion.h"
#include "plan/call_binder.h"
#include "plan/errors.h"
#include "plan/interval_cast.h"
#include "plan/literal.h"
#include "plan/rewrite.h"
#include "plan/strict_rules.h"
#include "plan/type_name.h"

namespace millrace {
namespace {

using Kind = BoundExpression::Kind;

size_t NodesOf(const BoundExpression& expression) {
  size_t nodes = 1;
  for (const BoundExpression& child : expression.children) nodes += NodesOf(child);
  return nodes;
}

// What a kind of expression that is parsed and not run is called.
std::string UnsupportedName(const sql::Expression& expression) {
  switch (expression.kind) {
    case sql::ExpressionKind::kSubquery:
      return "subqueries in expressions";
    case sql::ExpressionKind::kNamedArgument:
      return "named arguments";
    default:
      return expression.what;
  }
}

// The casts that Flink has for NULL only: it refuses them when it compiles a value.
bool NullBecomes(const Type& from, const Type& to) {
  const auto is_timestamp = [](const Type& type) {
    return type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kTimestampLtz;
  };
  return (from.is_numeric() && is_timestamp(to)) || (is_timestamp(from) && to.is_numeric()) ||
         (from.is_binary() && IsTemporal(to));
}

bool IsNullValue(const BoundExpression& expression) {
  if (expression.kind == Kind::kConstant) return expression.is_null;
  return expression.kind == Kind::kCast && IsNullValue(expression.children[0]);
}

}  // namespace

BoundExpression CastTo(BoundExpression expression, const Type& type) {
  if (IsAlready(expression.type, type)) {
    expression.type.structure = type.structure;
    return expression;
  }
  BoundExpression cast;
  cast.kind = Kind::kCast;
  cast.type = type;
  cast.type.nullable = expression.type.nullable;
  cast.may_be_null = expression.may_be_null;
  cast.children.push_back(std::move(expression));
  return cast;
}

std::optional<BoundExpression> Binder::Bind(const sql::Expression& expression) {
  switch (expression.kind) {
    case sql::ExpressionKind::kLiteral:
      CheckLiteral(expression);
      if (const auto refused = is_strict() ? RefusedByFlink(expression) : std::nullopt) {
        return Error(DiagnosticCode::kNotFlinkSql, expression.span, *refused);
      }
      return LiteralConstant(expression, diagnostics_);
    case sql::ExpressionKind::kColumn:
      return BindColumn(expression);
    case sql::ExpressionKind::kCall:
      return CallBinder(this).Bind(expression);
    case sql::ExpressionKind::kCast:
      return BindCast(expression);
    case sql::ExpressionKind::kCase:
      return BindCase(expression);
    case sql::ExpressionKind::kRow:
    case sql::ExpressionKind::kArray:
    case sql::ExpressionKind::kMap:
    case sql::ExpressionKind::kElement:
    case sql::ExpressionKind::kField:
      return CallBinder(this).BindStructure(expression);
    case sql::ExpressionKind::kSymbol: {
      BoundExpression symbol;
      symbol.type = Type::String().NotNull();
      symbol.text = expression.text;
      return symbol;
    }
    case sql::ExpressionKind::kStar:
      return Error(DiagnosticCode::kMisplaced, expression.span,
                   "* stands for all columns and cannot be used inside an expression");
    default:
      diagnostics_->push_back(NotSupported(expression.span, UnsupportedName(expression)));
      return std::nullopt;
  }
}

// In Flink SQL the digits of a number with a fraction are those of a BIGINT.
void Binder::CheckLiteral(const sql::Expression& literal) {
  if (literal.literal != sql::LiteralKind::kDecimal) return;
  std::string digits = literal.text;
  std::erase(digits, '.');
  if (ParseInteger(digits) || !settings_.Boolean("millrace.strict-flink")) return;
  Error(DiagnosticCode::kNotFlinkSql, literal.span,
        fmt::format("Numeric literal '{}' out of range", literal.text),
        fmt::format("Write CAST('{}' AS DECIMAL(p, s)).", literal.text));
}

std::optional<BoundExpression> Binder::BindCondition(const sql::Expression& expression) {
  std::optional<BoundExpression> bound = Bind(expression);
  if (bound && bound->type.kind != TypeKind::kBoolean && bound->type.kind != TypeKind::kNull) {
    return Error(
        DiagnosticCode::kTypeMismatch, expression.span,
        fmt::format("a condition must be BOOLEAN, not {}", ToString(bound->type.Nullable())));
  }
  return bound;
}

// Whether it may qualify a column: the end of the path of the table in FROM.
bool Binder::IsInFrom(std::span<const sql::Name> qualifier) const {
  const std::vector<std::string>& path = scope_.path;
  bool fits = qualifier.size() <= path.size();
  for (size_t i = 0; fits && i < qualifier.size(); ++i) {
    fits = qualifier[qualifier.size() - 1 - i].text == path[path.size() - 1 - i];
  }
  return fits;
}

const ScopeColumn* Binder::FindColumn(std::string_view name) const {
  for (const ScopeColumn& column : scope_.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

// a.b.c as field c of field b of column a, where a is a ROW and a.b.c is not a column.
std::optional<sql::Expression> Binder::AsField(const sql::Expression& column) const {
  const std::span<const sql::Name> qualifier = column.qualifier;
  if (IsInFrom(qualifier) && FindColumn(column.text) != nullptr) return std::nullopt;
  for (size_t i = 0; i < qualifier.size(); ++i) {
    const ScopeColumn* row = FindColumn(qualifier[i].text);
    if (row == nullptr || row->value.type.kind != TypeKind::kRow || !IsInFrom(qualifier.first(i))) {
      continue;
    }
    sql::Expression field = column;
    field.text = qualifier[i].text;
    field.text_span = qualifier[i].span;
    field.span.end = qualifier[i].span.end;
    field.qualifier.resize(i);
    for (size_t k = i + 1; k <= qualifier.size(); ++k) {
      sql::Expression outer;
      outer.kind = sql::ExpressionKind::kField;
      outer.text = k < qualifier.size() ? qualifier[k].text : column.text;
      outer.text_span = k < qualifier.size() ? qualifier[k].span : column.text_span;
      outer.span = {column.span.begin, outer.text_span.end};
      outer.children.push_back(std::move(field));
      field = std::move(outer);
    }
    return field;
  }
  return std::nullopt;
}

bool Binder::CheckQualifier(const sql::Expression& column) {
  const std::vector<sql::Name>& qualifier = column.qualifier;
  if (IsInFrom(qualifier)) return true;
  const std::vector<std::string>& path = scope_.path;
  const sql::Name& last = qualifier.back();
  const std::vector<std::string> names = {path.empty() ? std::string() : path.back()};
  Error(DiagnosticCode::kUnknownTable, last.span,
        fmt::format("table {} is not in FROM", Quoted(last.text)), DidYouMean(last.text, names));
  return false;
}

// Views in views can make an expression grow without end.
bool Binder::CheckSize(const BoundExpression& expression, Span span) {
  constexpr size_t kNodesMax = 100'000;
  nodes_ += NodesOf(expression);
  if (nodes_ <= kNodesMax) return true;
  Error(DiagnosticCode::kTooComplex, span,
        fmt::format("the expression has more than {} operators and operands after views and "
                    "queries in FROM are expanded",
                    kNodesMax));
  return false;
}

std::nullopt_t Binder::Ambiguous(const std::string& name, Span span) {
  return Error(DiagnosticCode::kAmbiguousName, span, fmt::format("Column '{}' is ambiguous", name),
               "Give the columns of the query in FROM different names.");
}

std::optional<BoundExpression> Binder::BindColumn(const sql::Expression& column) {
  if (const std::optional<sql::Expression> field = AsField(column)) return Bind(*field);
  if (!CheckQualifier(column)) return std::nullopt;
  std::vector<std::string> names;
  const auto is_named = [&](const ScopeColumn& known) { return known.name == column.text; };
  if (std::count_if(scope_.columns.begin(), scope_.columns.end(), is_named) > 1) {
    return Ambiguous(column.text, column.text_span);
  }
  for (const ScopeColumn& known : scope_.columns) {
    names.push_back(known.name);
    if (known.name != column.text) continue;
    if (!known.visible) {
      return Error(DiagnosticCode::kInvalidDefinition, column.span,
                   fmt::format("computed column {} cannot be used in another computed column",
                               Quoted(column.text)));
    }
    if (!CheckSize(known.value, column.span)) return std::nullopt;
    return known.value;
  }
  // The one function of Flink besides CURRENT_DATE and its like that needs no parentheses.
  if (column.qualifier.empty() && EqualsIgnoreCase(column.text, "PI")) {
    return Bind(MakeCall("PI", column, {}));
  }
  Diagnostic error = ColumnNotFound(column.text_span, column.text, names);
  if (error.hint.empty() && !names.empty()) {
    error.hint = fmt::format("The columns are {}.", Join(names, ", "));
  }
  diagnostics_->push_back(std::move(error));
  return std::nullopt;
}

std::optional<BoundExpression> Binder::BindCast(const sql::Expression& cast) {
  std::optional<BoundExpression> operand = Bind(cast.children[0]);
  const std::optional<Type> interval = IntervalTypeOf(*cast.type);
  const std::optional<Type> type = interval ? interval : ResolveType(*cast.type, diagnostics_);
  if (!operand || !type) return std::nullopt;
  if (const auto counted = CountedInterval(cast, *operand)) return Bind(*counted);
  if (IsNullValue(*operand) && NullBecomes(operand->type, *type)) operand = NullConstant();
  if (!CanCast(operand->type, *type) || !CanCastToInterval(*operand, *cast.type)) {
    return Error(DiagnosticCode::kTypeMismatch, cast.span,
                 fmt::format("{} cannot be cast to {}", ToString(operand->type.Nullable()),
                             ToString(type->Nullable())));
  }
  if (const auto refused = is_strict() ? RefusedCast(*operand, *type) : std::nullopt) {
    return Error(DiagnosticCode::kNotFlinkSql, cast.span, *refused, "Write CAST(... AS DOUBLE).");
  }
  BoundExpression bound;
  bound.kind = Kind::kCast;
  bound.try_cast = cast.text == "TRY_CAST" ||
                   EqualsIgnoreCase(settings_.Text("table.exec.legacy-cast-behaviour"), "ENABLED");
  bound.type = *type;
  bound.type.nullable = bound.try_cast || operand->type.nullable;
  bound.may_be_null = operand->may_be_null;
  bound.children.push_back(std::move(*operand));
  return bound;
}

std::optional<BoundExpression> Binder::BindCase(const sql::Expression& cases) {
  std::vector<BoundExpression> children;
  size_t i = cases.has_operand ? 1 : 0;
  const size_t end = cases.children.size() - (cases.has_else ? 1 : 0);
  for (; i < end; i += 2) {
    const sql::Expression& when = cases.children[i];
    std::optional<BoundExpression> condition =
        cases.has_operand ? Bind(MakeCall("=", when, {cases.children[0], when}))
                          : BindCondition(when);
    std::optional<BoundExpression> value = Bind(cases.children[i + 1]);
    if (!condition || !value) return std::nullopt;
    children.push_back(std::move(*condition));
    children.push_back(std::move(*value));
  }
  if (cases.has_else) {
    std::optional<BoundExpression> fallback = Bind(cases.children.back());
    if (!fallback) return std::nullopt;
    children.push_back(std::move(*fallback));
  } else {
    children.push_back(NullConstant());
  }
  return FinishCase(std::move(children), cases.span);
}

std::optional<BoundExpression> Binder::FinishCase(std::vector<BoundExpression> children,
                                                  Span span) {
  Type type = children.back().type;
  for (size_t i = 1; i < children.size(); i += 2) {
    const std::optional<Type> common = CommonType(type, children[i].type);
    if (is_strict() && MixDateAndTimestamp(type, children[i].type)) {
      return Error(DiagnosticCode::kNotFlinkSql, span,
                   "Flink does not mix DATE and TIMESTAMP in the branches of CASE",
                   "Write CAST(... AS TIMESTAMP(3)) for the DATE.");
    }
    if (!common) {
      return Error(DiagnosticCode::kTypeMismatch, span,
                   fmt::format("the branches of CASE have no common type: {} and {}",
                               ToString(type.Nullable()), ToString(children[i].type.Nullable())));
    }
    type = *common;
  }
  BoundExpression bound;
  bound.kind = Kind::kCase;
  bound.type = type;
  for (size_t i = 0; i < children.size(); ++i) {
    const bool is_value = i % 2 == 1 || i + 1 == children.size();
    bound.may_be_null |= is_value && children[i].may_be_null;
    const bool as_it_is = !is_value || children[i].type.is_text() || children[i].is_null;
    bound.children.push_back(as_it_is ? std::move(children[i])
                                      : CastTo(std::move(children[i]), type));
  }
  return bound;
}

std::vector<const ScopeColumn*> Binder::ExpandStar(const sql::Expression& star) {
  std::vector<const ScopeColumn*> columns;
  if (!CheckQualifier(star)) return columns;
  std::unordered_set<std::string_view> names;
  for (const ScopeColumn& column : scope_.columns) {
    if (!column.in_star) continue;
    if (!names.insert(column.name).second) {
      Ambiguous(column.name, star.span);
      return columns;
    }
    if (CheckSize(column.value, star.span)) columns.push_back(&column);
  }
  return columns;
}

}  // namespace millrace
