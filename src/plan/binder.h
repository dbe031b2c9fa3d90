// Names to columns, calls to functions, types to everything: sql::Expression -> BoundExpression.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "expr/expression.h"
#include "plan/column_scope.h"
#include "plan/settings.h"
#include "sql/expression.h"

namespace millrace {

// Binds the expressions of one SELECT or CREATE TABLE. It bounds the size of all it has bound:
// columns of views and queries are put in place of their names, which can grow without end.
class Binder final {
 public:
  // All must outlive the binder. `database` is the current one.
  Binder(const ColumnScope& scope, const Settings& settings, const std::string& database,
         Diagnostics* diagnostics)
      : scope_(scope), settings_(settings), database_(database), diagnostics_(diagnostics) {}

  // Nothing, with an error in the diagnostics, if it means nothing.
  std::optional<BoundExpression> Bind(const sql::Expression& expression);
  // The same, required to be BOOLEAN (WHERE).
  std::optional<BoundExpression> BindCondition(const sql::Expression& expression);
  // The columns of * or t.*.
  std::vector<const ScopeColumn*> ExpandStar(const sql::Expression& star);

  const Settings& settings() const { return settings_; }
  // Only what Flink accepts.
  bool is_strict() const { return settings_.Boolean("millrace.strict-flink"); }
  const std::string& database() const { return database_; }
  Diagnostics* diagnostics() const { return diagnostics_; }

 private:
  std::optional<BoundExpression> BindColumn(const sql::Expression& column);
  std::optional<BoundExpression> BindCast(const sql::Expression& cast);
  std::optional<BoundExpression> BindCase(const sql::Expression& cases);
  std::optional<BoundExpression> FinishCase(std::vector<BoundExpression> children, Span span);
  std::nullopt_t Ambiguous(const std::string& name, Span span);
  void CheckLiteral(const sql::Expression& literal);
  const ScopeColumn* FindColumn(std::string_view name) const;
  bool IsInFrom(std::span<const sql::Name> qualifier) const;
  std::optional<sql::Expression> AsField(const sql::Expression& column) const;
  bool CheckQualifier(const sql::Expression& column);
  bool CheckSize(const BoundExpression& expression, Span span);
  std::nullopt_t Error(DiagnosticCode code, Span span, std::string message, std::string hint = "") {
    diagnostics_->emplace_back(code, span, std::move(message), std::move(hint));
    return std::nullopt;
  }

  const ColumnScope& scope_;
  const Settings& settings_;
  const std::string& database_;
  Diagnostics* diagnostics_;
  size_t nodes_ = 0;  // of all columns that were put in place of their names
};

// `expression` as `type`, by a cast if it has another one.
BoundExpression CastTo(BoundExpression expression, const Type& type);

}  // namespace millrace
