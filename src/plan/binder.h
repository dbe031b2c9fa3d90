// Names to columns, calls to functions, types to everything: sql::Expression -> BoundExpression.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "expr/expression.h"
#include "plan/scope.h"
#include "plan/settings.h"
#include "sql/statement.h"

namespace millrace {

class Binder final {
 public:
  // All must outlive the binder.
  Binder(const Scope& scope, const Settings& settings, Diagnostics* diagnostics)
      : scope_(scope), settings_(settings), diagnostics_(diagnostics) {}

  // Nothing, with an error in the diagnostics, if it means nothing.
  std::optional<BoundExpression> Bind(const sql::Expression& expression);
  // The same, required to be BOOLEAN (WHERE).
  std::optional<BoundExpression> BindCondition(const sql::Expression& expression);
  // The columns of * or t.*.
  std::vector<const ScopeColumn*> ExpandStar(const sql::Expression& star);

 private:
  std::optional<BoundExpression> BindLiteral(const sql::Expression& literal);
  std::optional<BoundExpression> BindColumn(const sql::Expression& column);
  std::optional<BoundExpression> BindCall(const sql::Expression& call);
  std::optional<BoundExpression> BindFunction(const sql::Expression& call);
  std::optional<BoundExpression> BindReturning(const sql::Expression& call);
  std::optional<BoundExpression> BindCast(const sql::Expression& cast);
  std::optional<BoundExpression> BindCase(const sql::Expression& branches);
  std::optional<BoundExpression> FinishCase(std::vector<BoundExpression> children, Span span);
  std::optional<BoundExpression> Refuse(const sql::Expression& expression);
  bool CheckQualifier(const sql::Expression& column);
  bool CheckSize(const BoundExpression& expression, Span span);
  void NoSuchFunction(const sql::Expression& call);
  void Error(Span span, std::string message, std::string hint = "") {
    diagnostics_->push_back({span, std::move(message), std::move(hint)});
  }

  const Scope& scope_;
  const Settings& settings_;
  Diagnostics* diagnostics_;
  size_t nodes_ = 0;  // of all columns that were put in place of their names
};

// The constant of a literal; nothing and an error if it is out of range.
std::optional<BoundExpression> LiteralConstant(const sql::Expression& literal,
                                               Diagnostics* diagnostics);

// `expression` as `type`, by a cast if it is something else.
BoundExpression CastTo(BoundExpression expression, const Type& type);

}  // namespace millrace
