#include <fmt/core.h>

#include "base/ascii.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

// The clauses after the arguments of one JSON function, with the defaults of the function.
struct Clauses {
  std::string on_null;
  std::string on_empty;
  std::string on_error;
  std::optional<Expression> empty_default;
  std::optional<Expression> error_default;
  std::string wrapper = "WITHOUT";
  std::optional<TypeName> returning;
  std::vector<OrderItem> order_by;
};

// Which clauses a function has.
struct KnownClauses {
  bool on_null, on_empty, on_error, wrapper, returning, order_by, passing;
};

KnownClauses KnownClausesOf(const std::string& name) {
  if (name == "JSON_VALUE") return {false, true, true, false, true, false, true};
  if (name == "JSON_QUERY") return {false, true, true, true, true, false, true};
  if (name == "JSON_EXISTS") return {false, false, true, false, false, false, true};
  return {true, false, false, false, false, name == "JSON_ARRAYAGG", false};
}

bool IsBehaviour(const std::string& name, std::string_view behaviour) {
  if (name == "JSON_VALUE") {
    return behaviour == "NULL" || behaviour == "ERROR" || behaviour == "DEFAULT";
  }
  if (name == "JSON_QUERY") {
    return behaviour == "NULL" || behaviour == "ERROR" || behaviour.starts_with("EMPTY ");
  }
  return behaviour == "TRUE" || behaviour == "FALSE" || behaviour == "UNKNOWN" ||
         behaviour == "ERROR";
}

void RejectClause(const Transform& transform, P::JsonClauseContext* clause,
                  const std::string& name) {
  transform.SyntaxError(transform.SpanOf(clause),
                        fmt::format("{} does not have this clause", name));
}

// NULL ON EMPTY, DEFAULT 1 ON ERROR: the word before ON says what, the word after it when.
void AddBehaviour(const Transform& transform, P::JsonClauseContext* clause, const std::string& name,
                  size_t depth, Clauses* clauses) {
  const bool on_error = clause->getStop()->getType() == P::ERROR;
  const bool defaulted = clause->DEFAULT() != nullptr;
  std::string behaviour;
  if (defaulted) {
    behaviour = "DEFAULT";
  } else {
    for (antlr4::tree::ParseTree* child : clause->children) {
      const std::string word = ToUpper(child->getText());
      if (word == "ON") break;
      behaviour += (behaviour.empty() ? "" : " ") + word;
    }
  }
  const KnownClauses known = KnownClausesOf(name);
  if (!IsBehaviour(name, behaviour) || !(on_error ? known.on_error : known.on_empty)) {
    return RejectClause(transform, clause, name);
  }
  (on_error ? clauses->on_error : clauses->on_empty) = behaviour;
  std::optional<Expression>& value = on_error ? clauses->error_default : clauses->empty_default;
  if (defaulted) value = transform.ToExpression(clause->expression(0), depth);
}

// The rank of a clause in the order that Flink requires.
int RankOf(P::JsonClauseContext* clause) {
  if (clause->PASSING() != nullptr) return 0;
  if (clause->RETURNING() != nullptr || clause->orderBy() != nullptr) return 1;
  return clause->WRAPPER() != nullptr || clause->jsonNull() != nullptr ? 2 : 3;
}

// Clauses in any order, and repeated ones, are an extension; in Flink SQL only ON EMPTY and ON
// ERROR may follow each other.
void CheckOrder(const Transform& transform, const std::string& name,
                const std::vector<P::JsonClauseContext*>& clauses) {
  for (size_t i = 1; i < clauses.size(); ++i) {
    const int before = RankOf(clauses[i - 1]);
    const int rank = RankOf(clauses[i]);
    const bool repeats = rank == 3 && name != "JSON_EXISTS";
    if (rank > before || (rank == before && repeats)) continue;
    const std::string_view hint =
        name == "JSON_VALUE"      ? "Write RETURNING, then ON EMPTY and ON ERROR."
        : name == "JSON_QUERY"    ? "Write RETURNING, then WRAPPER, then ON EMPTY and ON ERROR."
        : name == "JSON_ARRAYAGG" ? "Write ORDER BY, then ON NULL."
                                  : "Write it once.";
    transform.RequireExtension(
        transform.SpanOf(clauses[i]),
        fmt::format("{} {}", rank == before ? "a repeated clause in" : "this clause order in",
                    name),
        std::string(rank == before ? "Write it once." : hint));
    return;
  }
}

Clauses ToClauses(const Transform& transform, const std::string& name,
                  P::JsonArgumentsContext* context, size_t depth) {
  Clauses clauses;
  const bool array = name.starts_with("JSON_ARRAY");
  clauses.on_null = array ? "ABSENT" : "NULL";
  clauses.on_empty = "NULL";
  clauses.on_error = name == "JSON_EXISTS" ? "FALSE" : "NULL";
  const KnownClauses known = KnownClausesOf(name);
  CheckOrder(transform, name, context->jsonClause());
  for (P::JsonClauseContext* clause : context->jsonClause()) {
    if (clause->PASSING() != nullptr) {  // Flink reads it and uses it nowhere
      if (!known.passing) RejectClause(transform, clause, name);
      transform.ToExpressions(clause->expression(), depth);
    } else if (clause->dataType() != nullptr) {
      if (!known.returning) RejectClause(transform, clause, name);
      clauses.returning = transform.ToTarget(clause->dataType(), "RETURNING");
    } else if (clause->jsonNull() != nullptr) {
      if (!known.on_null) RejectClause(transform, clause, name);
      clauses.on_null = clause->jsonNull()->ABSENT() != nullptr ? "ABSENT" : "NULL";
    } else if (clause->orderBy() != nullptr) {
      if (!known.order_by) RejectClause(transform, clause, name);
      clauses.order_by = transform.ToOrder(clause->orderBy());
    } else if (clause->WRAPPER() != nullptr) {
      if (!known.wrapper) RejectClause(transform, clause, name);
      clauses.wrapper = clause->WITHOUT() != nullptr       ? "WITHOUT"
                        : clause->CONDITIONAL() != nullptr ? "CONDITIONAL"
                                                           : "UNCONDITIONAL";
    } else {
      AddBehaviour(transform, clause, name, depth, &clauses);
    }
  }
  return clauses;
}

Expression OrNull(std::optional<Expression> value, Span span) {
  if (value) return std::move(*value);
  Expression null;
  null.span = null.text_span = span;
  return null;
}

// Keys and values of JSON_OBJECT and JSON_OBJECTAGG come in pairs, everything else alone.
void AddEntries(const Transform& transform, const std::string& name,
                P::JsonArgumentsContext* context, size_t depth, Expression* call) {
  const bool pairs = name.starts_with("JSON_OBJECT");
  for (P::JsonEntryContext* entry : context->jsonEntry()) {
    std::vector<Expression> parts = transform.ToExpressions(entry->expression(), depth);
    if (pairs != (parts.size() == 2)) {
      transform.SyntaxError(transform.SpanOf(entry),
                            pairs ? fmt::format("{} takes key-value pairs", name)
                                  : fmt::format("{} takes values, not key-value pairs", name),
                            pairs ? "Write KEY 'name' VALUE x." : "");
    }
    for (Expression& part : parts) call->children.push_back(std::move(part));
  }
}

void CheckCount(const Transform& transform, const std::string& name, size_t count,
                const Expression& call) {
  const size_t wanted = name == "JSON_ARRAYAGG"                         ? 1
                        : name == "JSON_OBJECT" || name == "JSON_ARRAY" ? count
                        : name == "JSON_OBJECTAGG"                      ? 1
                                                                        : 2;
  if (count == wanted) return;
  transform.Error(
      DiagnosticCode::kInvalidArgument, call.span,
      fmt::format("{} takes {} argument{}, not {}", name, wanted, wanted == 1 ? "" : "s", count));
}

}  // namespace

Expression Transform::ToJsonCall(P::JsonContext* context, size_t depth) const {
  const Span span = SpanOf(context);
  const Span word = SpanOf(context->getStart());
  const std::string name = ToUpper(source.Text(word));
  P::JsonArgumentsContext* arguments = context->jsonArguments();
  Clauses clauses = ToClauses(*this, name, arguments, depth);
  Expression call = MakeCall(name, word, span, {});
  const bool null_first = KnownClausesOf(name).on_null;
  if (null_first) call.children.push_back(MakeSymbol(clauses.on_null, word));
  AddEntries(*this, name, arguments, depth, &call);
  CheckCount(*this, name, arguments->jsonEntry().size(), call);
  if (name == "JSON_VALUE") {
    call.children.push_back(MakeSymbol(clauses.on_empty, word));
    call.children.push_back(OrNull(std::move(clauses.empty_default), word));
    call.children.push_back(MakeSymbol(clauses.on_error, word));
    call.children.push_back(OrNull(std::move(clauses.error_default), word));
  } else if (name == "JSON_QUERY") {
    call.children.push_back(MakeSymbol(clauses.wrapper, word));
    call.children.push_back(MakeSymbol(clauses.on_empty, word));
    call.children.push_back(MakeSymbol(clauses.on_error, word));
  } else if (name == "JSON_EXISTS") {
    call.children.push_back(MakeSymbol(clauses.on_error, word));
  }
  call.type = std::move(clauses.returning);
  if (!clauses.order_by.empty()) {
    CallDetails details;
    details.within_group = std::move(clauses.order_by);
    details.span = span;
    call.details = std::make_shared<const CallDetails>(std::move(details));
  }
  AddTail(context->callTail(), &call, depth);
  return call;
}

}  // namespace millrace::sql
