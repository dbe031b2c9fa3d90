// Names to columns, calls to functions, types to everything: sql::Expression -> BoundExpression.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "expr/expression.h"
#include "plan/table_definition.h"
#include "sql/statement.h"

namespace millrace {

// A bound expression's slots are indexes into the table's schema.columns; the planner renumbers
// them.
class Binder final {
 public:
  // `alias` may be null. All must outlive the binder.
  Binder(const TableDefinition& table, const sql::Name* alias, const Settings& settings,
         Diagnostics* diagnostics)
      : table_(table), alias_(alias), settings_(settings), diagnostics_(diagnostics) {}

  // Nothing, with an error in the diagnostics, if it means nothing.
  std::optional<BoundExpression> Bind(const sql::Expression& expression);
  // The same, required to be BOOLEAN (WHERE).
  std::optional<BoundExpression> BindCondition(const sql::Expression& expression);
  // The columns of * or t.*, as column references.
  std::vector<sql::Expression> ExpandStar(const sql::Expression& star);

 private:
  std::optional<BoundExpression> BindLiteral(const sql::Expression& literal);
  std::optional<BoundExpression> BindColumn(const sql::Expression& column);
  std::optional<BoundExpression> BindCall(const sql::Expression& call);
  std::optional<BoundExpression> BindCast(const sql::Expression& cast);
  std::optional<BoundExpression> BindCase(const sql::Expression& branches);
  std::optional<BoundExpression> FinishCase(std::vector<BoundExpression> children, Span span);
  bool CheckQualifier(const sql::Expression& column);
  void Error(Span span, std::string message, std::string hint = "") {
    diagnostics_->push_back({span, std::move(message), std::move(hint)});
  }

  const TableDefinition& table_;
  const sql::Name* alias_;
  const Settings& settings_;
  Diagnostics* diagnostics_;
  bool inside_computed_ = false;
};

// `expression` as `type`, by a cast if it is something else.
BoundExpression CastTo(BoundExpression expression, const Type& type);

}  // namespace millrace
