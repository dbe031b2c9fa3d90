// Calls of functions and operators.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/binder.h"
#include "plan/rewrite.h"

namespace millrace {

// Binds one call; its arguments go back to the binder of the query.
class CallBinder final {
 public:
  explicit CallBinder(Binder* binder) : binder_(*binder) {}

  // Nothing, with an error in the diagnostics, if it means nothing.
  std::optional<BoundExpression> Bind(const sql::Expression& call);
  // ARRAY[...], MAP[...], ROW(...), an element or a field: calls of functions, too.
  std::optional<BoundExpression> BindStructure(const sql::Expression& expression);

 private:
  std::optional<BoundExpression> BindFunction(const sql::Expression& call);
  // A call with arguments that are bound.
  std::optional<BoundExpression> Finish(const sql::Expression& call, const CallName& name,
                                        std::vector<BoundExpression> arguments);
  std::optional<BoundExpression> BindField(const sql::Expression& expression, BoundExpression row,
                                           std::optional<size_t> index);
  std::optional<BoundExpression> BindItem(const sql::Expression& expression);
  std::optional<BoundExpression> BindJsonQuery(const sql::Expression& call);
  std::optional<std::vector<BoundExpression>> BindArguments(const sql::Expression& call);
  std::nullopt_t RejectDetails(const sql::Expression& call);
  std::nullopt_t RejectUnknown(const sql::Expression& call);
  std::nullopt_t Error(DiagnosticCode code, Span span, std::string message, std::string hint = "") {
    binder_.diagnostics()->emplace_back(code, span, std::move(message), std::move(hint));
    return std::nullopt;
  }

  Binder& binder_;
};

}  // namespace millrace
