// Calls of functions and operators.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/binder.h"

namespace millrace {

// Binds one call; its arguments go back to the binder of the query.
class CallBinder final {
 public:
  explicit CallBinder(Binder* binder) : binder_(*binder) {}

  // Nothing, with an error in the diagnostics, if it means nothing.
  std::optional<BoundExpression> Bind(const sql::Expression& call);

 private:
  std::optional<BoundExpression> BindFunction(const sql::Expression& call);
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
