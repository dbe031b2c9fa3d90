#include "plan/binder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "expr/cast.h"
#include "expr/functions.h"

namespace millrace {
namespace {

using Kind = BoundExpression::Kind;

BoundExpression ConstantOf(Type type, std::string text) {
  BoundExpression constant;
  constant.kind = Kind::kConstant;
  constant.type = type.NotNull();
  constant.text = std::move(text);
  return constant;
}

BoundExpression NullConstant() {
  BoundExpression constant;
  constant.is_null = true;
  return constant;
}

sql::Expression Call(std::string name, const sql::Expression& origin,
                     std::vector<sql::Expression> children) {
  sql::Expression call;
  call.kind = sql::ExpressionKind::kCall;
  call.text = std::move(name);
  call.span = origin.span;
  call.text_span = origin.text_span;
  call.children = std::move(children);
  return call;
}

sql::Expression Case(const sql::Expression& origin, std::vector<sql::Expression> children,
                     bool has_else) {
  sql::Expression branches = Call("CASE", origin, std::move(children));
  branches.kind = sql::ExpressionKind::kCase;
  branches.has_else = has_else;
  return branches;
}

// Calls that are short for something else; nothing for all others.
std::optional<sql::Expression> Rewrite(const sql::Expression& call) {
  const std::string& name = call.text;
  const auto& children = call.children;
  constexpr std::string_view kNot = "NOT ";
  if (name.starts_with(kNot)) {
    sql::Expression positive = call;
    positive.text = name.substr(kNot.size());
    return Call("NOT", call, {std::move(positive)});
  }
  if (name == "BETWEEN" && children.size() == 3) {
    return Call("AND", call,
                {Call(">=", call, {children[0], children[1]}),
                 Call("<=", call, {children[0], children[2]})});
  }
  if (name == "BETWEEN SYMMETRIC" && children.size() == 3) {
    return Call("OR", call,
                {Call("BETWEEN", call, {children[0], children[1], children[2]}),
                 Call("BETWEEN", call, {children[0], children[2], children[1]})});
  }
  if (name == "IN" && children.size() >= 2) {
    sql::Expression any = Call("=", call, {children[0], children[1]});
    for (size_t i = 2; i < children.size(); ++i) {
      any = Call("OR", call, {std::move(any), Call("=", call, {children[0], children[i]})});
    }
    return any;
  }
  if ((name == "COALESCE" && !children.empty()) || (name == "IFNULL" && children.size() == 2)) {
    std::vector<sql::Expression> branches;
    for (size_t i = 0; i + 1 < children.size(); ++i) {
      branches.push_back(Call("IS NOT NULL", call, {children[i]}));
      branches.push_back(children[i]);
    }
    if (branches.empty()) return children[0];
    branches.push_back(children.back());
    return Case(call, std::move(branches), true);
  }
  if (name == "IF" && children.size() == 3) return Case(call, children, true);
  return std::nullopt;
}

const std::set<std::string, std::less<>>& RewrittenNames() {
  static const std::set<std::string, std::less<>> kNames = {"COALESCE", "IFNULL", "IF"};
  return kNames;
}

Type DecimalLiteral(const std::string& text) {
  const size_t point = text.find('.');
  const size_t scale = point == std::string::npos ? 0 : text.size() - point - 1;
  std::string digits = text;
  if (point != std::string::npos) digits.erase(point, 1);
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  const size_t precision = std::max<size_t>({digits.size(), scale, 1});
  return Type::Decimal(static_cast<uint8_t>(std::min<size_t>(precision, 255)),
                       static_cast<uint8_t>(std::min<size_t>(scale, 255)));
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
    case sql::ExpressionKind::kStar:
      Error(expression.span, "* stands for all columns and cannot be used inside an expression");
      return std::nullopt;
    case sql::ExpressionKind::kUnsupported:
      break;
  }
  Error(expression.span, fmt::format("{} is not supported by this engine", expression.text));
  return std::nullopt;
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

std::optional<BoundExpression> Binder::BindLiteral(const sql::Expression& literal) {
  const std::string& text = literal.text;
  switch (literal.literal) {
    case sql::LiteralKind::kNull:
      return NullConstant();
    case sql::LiteralKind::kBoolean: {
      if (text == "UNKNOWN") {
        BoundExpression unknown = NullConstant();
        unknown.type = Type::Of(TypeKind::kBoolean);
        return unknown;
      }
      return ConstantOf(Type::Of(TypeKind::kBoolean), text);
    }
    case sql::LiteralKind::kInteger: {
      const std::optional<int64_t> value = ParseInteger(text);
      if (!value) {
        Error(literal.span, "this number is too large for BIGINT",
              "Write it as a decimal: append a point.");
        return std::nullopt;
      }
      return ConstantOf(Type::Of(*value <= INT32_MAX ? TypeKind::kInt : TypeKind::kBigInt), text);
    }
    case sql::LiteralKind::kDecimal: {
      const Type type = DecimalLiteral(text);
      if (type.precision > 38) {
        Error(literal.span, "this number has more than 38 digits");
        return std::nullopt;
      }
      return ConstantOf(type, text);
    }
    case sql::LiteralKind::kDouble:
      return ConstantOf(Type::Of(TypeKind::kDouble), text);
    case sql::LiteralKind::kString: {
      size_t characters = 0;
      for (size_t at = 0; at < text.size(); at += Utf8Length(text, at)) ++characters;
      Type type = Type::Of(TypeKind::kChar);
      type.length = static_cast<uint32_t>(characters);
      return ConstantOf(type, text);
    }
    case sql::LiteralKind::kBinary: {
      std::string bytes;
      for (size_t i = 0; i + 1 < text.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
      }
      Type type = Type::Of(TypeKind::kBinary);
      type.length = static_cast<uint32_t>(bytes.size());
      return ConstantOf(type, bytes);
    }
    default:
      break;
  }
  Type type = Type::Of(literal.literal == sql::LiteralKind::kDate   ? TypeKind::kDate
                       : literal.literal == sql::LiteralKind::kTime ? TypeKind::kTime
                                                                    : TypeKind::kTimestamp);
  const size_t point = text.find('.');
  if (point != std::string::npos && type.kind != TypeKind::kDate) {
    type.precision = static_cast<uint8_t>(std::min<size_t>(text.size() - point - 1, 9));
  }
  Arena arena;
  if (!CastCell(Cell::Text(text), type, &arena, TimeZone())) {
    Error(literal.span, fmt::format("'{}' is not a {}", text, ToString(type)));
    return std::nullopt;
  }
  return ConstantOf(type, text);
}

bool Binder::CheckQualifier(const sql::Expression& column) {
  if (column.qualifier.empty()) return true;
  const sql::Name& last = column.qualifier.back();
  const std::string& short_name = table_.written.name.parts.back().text;
  const bool fits = alias_ != nullptr ? last.text == alias_->text : last.text == short_name;
  if (fits) return true;
  const std::vector<std::string> names = {alias_ != nullptr ? alias_->text : short_name};
  Error(last.span, fmt::format("table {} is not in FROM", Quoted(last.text)),
        DidYouMean(last.text, names));
  return false;
}

std::optional<BoundExpression> Binder::BindColumn(const sql::Expression& column) {
  if (!CheckQualifier(column)) return std::nullopt;
  std::vector<std::string> names;
  for (const DeclaredColumn& declared : table_.columns) {
    names.push_back(declared.name);
    if (declared.name != column.text) continue;
    if (declared.computed) {
      if (inside_computed_) {
        Error(column.span,
              fmt::format("computed column {} cannot be used in another computed column",
                          Quoted(column.text)));
        return std::nullopt;
      }
      inside_computed_ = true;
      std::optional<BoundExpression> bound = Bind(*declared.computed);
      inside_computed_ = false;
      return bound;
    }
    BoundExpression slot;
    slot.kind = Kind::kSlot;
    slot.slot = *declared.column;
    slot.type = declared.type;
    return slot;
  }
  const std::string hint = DidYouMean(column.text, names);
  Error(column.text_span, fmt::format("column {} is not defined", Quoted(column.text)),
        !hint.empty() || names.empty() ? hint
                                       : fmt::format("The columns are {}.", Join(names, ", ")));
  return std::nullopt;
}

std::optional<BoundExpression> Binder::BindCall(const sql::Expression& call) {
  if (call.text == "!=" && settings_.Boolean("millrace.strict-flink")) {
    Error(call.text_span, "!= is not an operator of Flink SQL", "Write <>.");
    return std::nullopt;
  }
  if (const std::optional<sql::Expression> rewritten = Rewrite(call)) return Bind(*rewritten);
  if (RewrittenNames().contains(call.text)) {
    Error(call.span,
          fmt::format("{} does not take {} argument(s)", call.text, call.children.size()));
    return std::nullopt;
  }
  const Function* function = FindFunction(call.text, call.children.size());
  if (const RefusedFunction* refused = function == nullptr ? FindRefused(call.text) : nullptr) {
    Error(call.text_span, fmt::format("function {} is not supported by this engine: it {}",
                                      call.text, refused->reason));
    return std::nullopt;
  }
  if (function == nullptr) {
    std::vector<std::string> names(RewrittenNames().begin(), RewrittenNames().end());
    for (const Function& known : Functions()) names.emplace_back(known.name);
    Error(call.text_span,
          fmt::format("function {} is not supported by this engine", Quoted(call.text)),
          DidYouMean(call.text, names));
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
    const bool constant = child.kind == Kind::kConstant && !child.is_null;
    arguments.push_back(
        {child.type, constant ? std::optional<std::string_view>(child.text) : std::nullopt});
  }
  const Resolution resolution = Resolve(*function, arguments);
  if (!resolution.result) {
    const bool in_argument = resolution.bad_argument < call.children.size();
    Error(in_argument ? call.children[resolution.bad_argument].span : call.span,
          fmt::format("{} {}", call.text, resolution.complaint));
    return std::nullopt;
  }
  for (size_t i = 0; i < resolution.arguments.size(); ++i) {
    bound.children[i] = CastTo(std::move(bound.children[i]), resolution.arguments[i]);
  }
  bound.type = *resolution.result;
  return bound;
}

std::optional<BoundExpression> Binder::BindCast(const sql::Expression& cast) {
  std::optional<BoundExpression> operand = Bind(cast.children[0]);
  const std::optional<Type> type = ResolveType(*cast.type, diagnostics_);
  if (!operand || !type) return std::nullopt;
  if (!CanCast(operand->type, *type)) {
    Error(cast.span, fmt::format("{} cannot be cast to {}", ToString(operand->type.Nullable()),
                                 ToString(type->Nullable())));
    return std::nullopt;
  }
  BoundExpression bound;
  bound.kind = Kind::kCast;
  bound.try_cast = cast.text == "TRY_CAST";
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
        branches.has_operand ? Bind(Call("=", when, {branches.children[0], when}))
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

std::vector<sql::Expression> Binder::ExpandStar(const sql::Expression& star) {
  std::vector<sql::Expression> columns;
  if (!CheckQualifier(star)) return columns;
  for (const DeclaredColumn& declared : table_.columns) {
    sql::Expression column;
    column.kind = sql::ExpressionKind::kColumn;
    column.text = declared.name;
    column.span = column.text_span = star.span;
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace millrace
