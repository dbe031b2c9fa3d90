#include "plan/rewrite.h"

#include <utility>

#include "sql/unparse.h"

namespace millrace {
namespace {

// x = a OR x = b OR ..., or another comparison and AND; balanced, so that a long list does not nest
// deeply.
sql::Expression CompareWithList(const sql::Expression& call, std::string_view comparison,
                                std::string_view junction, size_t begin, size_t end) {
  if (end - begin == 1) {
    return MakeCall(std::string(comparison), call, {call.children[0], call.children[begin]});
  }
  const size_t middle = begin + (end - begin) / 2;
  return MakeCall(std::string(junction), call,
                  {CompareWithList(call, comparison, junction, begin, middle),
                   CompareWithList(call, comparison, junction, middle, end)});
}

}  // namespace

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

CallName CallNameOf(std::string_view name) {
  if (name == "TRIM LEADING") return {"LTRIM", "TRIM(LEADING ...)"};
  if (name == "TRIM TRAILING") return {"RTRIM", "TRIM(TRAILING ...)"};
  return {name, name};
}

sql::Expression WithReturningType(const sql::Expression& call) {
  sql::Expression whole = call;
  sql::Expression type;
  type.kind = sql::ExpressionKind::kSymbol;
  type.span = type.text_span = call.type ? call.type->span : call.text_span;
  if (call.type) type.text = sql::Unparse(*call.type);
  whole.children.insert(whole.children.begin() + 2, std::move(type));
  return whole;
}

}  // namespace millrace
