// Calls, operators and predicates back as SQL.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/quote.h"
#include "sql/unparse_parts.h"

namespace millrace::sql {
namespace {

// How strongly an operator binds. The left operand of an operator of the same strength needs no
// parentheses, so that a chain of a thousand of them does not nest a thousand deep.
enum class Strength : unsigned char { kNone, kOr, kAnd, kPredicate, kAdditive, kMultiplicative };

Strength InfixStrength(std::string_view name) {
  constexpr std::array<std::string_view, 15> kComparisons = {"=",
                                                             "<>",
                                                             "<",
                                                             "<=",
                                                             ">",
                                                             ">=",
                                                             "OVERLAPS",
                                                             "CONTAINS",
                                                             "EQUALS",
                                                             "PRECEDES",
                                                             "SUCCEEDS",
                                                             "IMMEDIATELY PRECEDES",
                                                             "IMMEDIATELY SUCCEEDS",
                                                             "IS DISTINCT FROM",
                                                             "IS NOT DISTINCT FROM"};
  if (name == "OR") return Strength::kOr;
  if (name == "AND") return Strength::kAnd;
  if (name == "+" || name == "-") return Strength::kAdditive;
  if (name == "*" || name == "/" || name == "%" || name == "||") return Strength::kMultiplicative;
  const bool comparison =
      std::find(kComparisons.begin(), kComparisons.end(), name) != kComparisons.end();
  return comparison ? Strength::kPredicate : Strength::kNone;
}

std::string_view WithoutNot(std::string_view name) {
  constexpr std::string_view kNot = "NOT ";
  if (name.starts_with(kNot)) name.remove_prefix(kNot.size());
  return name;
}

bool IsMatching(std::string_view name) {
  name = WithoutNot(name);
  return name == "LIKE" || name == "ILIKE" || name == "RLIKE" || name == "SIMILAR TO";
}

bool IsList(std::string_view name) {
  return name == "IN" || name == "NOT IN" || name.ends_with(" ANY") || name.ends_with(" ALL");
}

bool IsBetween(const Expression& call) {
  const std::string_view name = WithoutNot(call.text);
  return (name == "BETWEEN" || name == "BETWEEN SYMMETRIC") && call.children.size() == 3;
}

Strength StrengthOf(const Expression& call) {
  if (call.kind != ExpressionKind::kCall || call.details != nullptr) return Strength::kNone;
  const size_t count = call.children.size();
  if (count == 1) return call.text.starts_with("IS ") ? Strength::kPredicate : Strength::kNone;
  if (count == 2 && InfixStrength(call.text) != Strength::kNone) return InfixStrength(call.text);
  if (count < 2) return Strength::kNone;
  const bool words = IsBetween(call) || IsList(call.text) || IsMatching(call.text);
  return words ? Strength::kPredicate : Strength::kNone;
}

// An operator without its first operand: " + 1", " IS NULL", " BETWEEN 1 AND 2".
std::string AfterLeft(const Expression& call) {
  const auto child = [&](size_t i) { return Unparse(call.children[i]); };
  const std::string& name = call.text;
  if (call.children.size() == 1) return " " + name;
  if (IsBetween(call)) return fmt::format(" {} {} AND {}", name, child(1), child(2));
  if (IsList(name)) return fmt::format(" {} ({})", name, ItemsText(call.children, 1));
  return fmt::format(" {} {}{}", name, child(1),
                     call.children.size() > 2 ? " ESCAPE " + child(2) : "");
}

// (a = b) LIKE c needs its parentheses: without them the comparison is the outer one.
bool NeedsParentheses(const Expression& left, const Expression& call) {
  const bool words = IsBetween(call) || IsList(call.text) || IsMatching(call.text);
  return words && InfixStrength(left.text) == Strength::kPredicate;
}

// An operator and those of its strength to its left, without recursion: there can be thousands.
std::string OperatorText(const Expression& call) {
  std::vector<const Expression*> chain = {&call};
  while (StrengthOf(chain.back()->children[0]) == StrengthOf(call) &&
         !NeedsParentheses(chain.back()->children[0], *chain.back())) {
    chain.push_back(&chain.back()->children[0]);
  }
  std::string text = "(" + Unparse(chain.back()->children[0]);
  for (size_t i = chain.size(); i-- > 0;) text += AfterLeft(*chain[i]);
  return text + ")";
}

// Arguments of calls with a syntax of their own, without the parentheses; nothing for all others.
std::optional<std::string> SpecialArguments(const Expression& call) {
  const auto child = [&](size_t i) { return Unparse(call.children[i]); };
  const std::string& name = call.text;
  const size_t count = call.children.size();
  if (name == "EXTRACT" && count == 2) return fmt::format("{} FROM {}", child(0), child(1));
  if (name == "POSITION" && count >= 2) {
    return fmt::format("{} IN {}{}", child(0), child(1), count > 2 ? " FROM " + child(2) : "");
  }
  if (name == "OVERLAY" && count >= 3) {
    return fmt::format("{} PLACING {} FROM {}{}", child(0), child(1), child(2),
                       count > 3 ? " FOR " + child(3) : "");
  }
  const bool round = name == "CEIL" || name == "CEILING" || name == "FLOOR";
  if (round && count == 2) return fmt::format("{} TO {}", child(0), child(1));
  return std::nullopt;
}

// TRIM and its variants with the words that Flink has between the parentheses.
std::optional<std::string> TrimText(const Expression& call) {
  constexpr std::string_view kTrim = "TRIM";
  const std::string_view name = call.text;
  const size_t count = call.children.size();
  if (name == kTrim && count < 2) return std::nullopt;
  if (name != kTrim && name != "TRIM LEADING" && name != "TRIM TRAILING") return std::nullopt;
  const std::string_view side = name == kTrim ? "BOTH" : name.substr(kTrim.size() + 1);
  return fmt::format("TRIM({} {}FROM {})", side, count > 1 ? Unparse(call.children[1]) + " " : "",
                     Unparse(call.children[0]));
}

std::string Returning(const Expression& call) {
  return call.type ? " RETURNING " + Unparse(*call.type) : "";
}

std::string Behaviour(const Expression& behaviour, const std::string& value,
                      std::string_view fallback, std::string_view when) {
  if (behaviour.text == fallback) return {};
  const std::string operand = behaviour.text == "DEFAULT" ? " " + value : "";
  return fmt::format(" {}{} ON {}", behaviour.text, operand, when);
}

bool IsFormat(const Expression& expression) {
  return expression.kind == ExpressionKind::kCall && expression.text == "FORMAT JSON" &&
         expression.children.size() == 1;
}

std::string FormatText(const Expression& call) {
  return Unparse(call.children[0]) + " FORMAT JSON";
}

// The arguments of JSON functions without the clauses that only state the default.
std::optional<std::string> JsonArguments(const Expression& call) {
  const std::vector<Expression>& children = call.children;
  const auto child = [&](size_t i) {
    const Expression& one = children[i];
    return IsFormat(one) ? FormatText(one) : Unparse(one);
  };
  const std::string& name = call.text;
  if (!name.starts_with("JSON_") || children.empty()) return std::nullopt;
  if (name == "JSON_VALUE" && children.size() == 6) {
    return fmt::format("{}, {}{}{}{}", child(0), child(1), Returning(call),
                       Behaviour(children[2], child(3), "NULL", "EMPTY"),
                       Behaviour(children[4], child(5), "NULL", "ERROR"));
  }
  if (name == "JSON_QUERY" && children.size() == 5) {
    const std::string& wrapper = children[2].text;
    const std::string with =
        wrapper == "WITHOUT" ? "" : fmt::format(" WITH {} ARRAY WRAPPER", wrapper);
    return fmt::format("{}, {}{}{}{}{}", child(0), child(1), Returning(call), with,
                       Behaviour(children[3], "", "NULL", "EMPTY"),
                       Behaviour(children[4], "", "NULL", "ERROR"));
  }
  if (name == "JSON_EXISTS" && children.size() == 3) {
    return fmt::format("{}, {}{}", child(0), child(1),
                       Behaviour(children[2], "", "FALSE", "ERROR"));
  }
  if (children[0].kind != ExpressionKind::kSymbol) return std::nullopt;
  const bool array = name.starts_with("JSON_ARRAY");
  const std::string_view fallback = array ? "ABSENT" : "NULL";
  std::string text;
  for (size_t i = 1; i < children.size(); i += array ? 1 : 2) {
    if (i > 1) text += ", ";
    text += array ? child(i) : fmt::format("KEY {} VALUE {}", child(i), child(i + 1));
  }
  if (children[0].text != fallback) {
    text += fmt::format("{}{} ON NULL", text.empty() ? "" : " ", children[0].text);
  }
  return text;
}

std::string Arguments(const Expression& call) {
  if (const auto special = SpecialArguments(call)) return *special;
  if (const auto json = JsonArguments(call)) return *json;
  if (call.details == nullptr) return ItemsText(call.children);
  if (call.details->star) return "*";
  const std::string& quantifier = call.details->quantifier;
  return (quantifier.empty() ? "" : quantifier + " ") + ItemsText(call.children);
}

std::string Tail(const CallDetails& details) {
  std::string text;
  if (!details.nulls.empty()) text += " " + details.nulls;
  if (!details.within_group.empty()) {
    text += fmt::format(" WITHIN GROUP ({})", Unparse(details.within_group));
  }
  if (!details.filter.empty()) {
    text += fmt::format(" FILTER (WHERE {})", Unparse(details.filter[0]));
  }
  if (details.over_name) text += " OVER " + QuoteIdentifier(details.over_name->text);
  if (details.over) text += " OVER " + Unparse(*details.over);
  return text;
}

bool IsVariable(std::string_view name) {
  constexpr std::array<std::string_view, 14> kVariables = {
      "CURRENT_DATE",      "CURRENT_TIME",
      "CURRENT_TIMESTAMP", "LOCALTIME",
      "LOCALTIMESTAMP",    "CURRENT_DEFAULT_TRANSFORM_GROUP",
      "CURRENT_PATH",      "CURRENT_ROLE",
      "CURRENT_CATALOG",   "CURRENT_USER",
      "CURRENT_SCHEMA",    "SESSION_USER",
      "SYSTEM_USER",       "USER"};
  return std::find(kVariables.begin(), kVariables.end(), name) != kVariables.end();
}

}  // namespace

std::string CallText(const Expression& call) {
  const std::string& name = call.text;
  if (StrengthOf(call) != Strength::kNone) return OperatorText(call);
  if (call.details == nullptr && call.children.size() == 1) {
    const Expression& operand = call.children[0];
    if (name == "NOT" || name == "-" || name == "+") {
      return fmt::format("({} {})", name, Unparse(operand));
    }
    if (IsFormat(call)) return "(" + FormatText(call) + ")";
  }
  if (call.children.empty() && call.details == nullptr && IsVariable(name)) return name;
  if (const auto trim = TrimText(call)) return *trim;
  return fmt::format("{}({}){}", name, Arguments(call),
                     call.details == nullptr ? "" : Tail(*call.details));
}

std::string ItemsText(const std::vector<Expression>& items, size_t first) {
  std::string text;
  for (size_t i = first; i < items.size(); ++i) text += (i > first ? ", " : "") + Unparse(items[i]);
  return text;
}

}  // namespace millrace::sql
