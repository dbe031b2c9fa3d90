#include "sql/unparse.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace millrace::sql {
namespace {

template <typename Items, typename Print>
std::string List(const Items& items, Print print, std::string_view separator = ", ") {
  std::string text;
  for (const auto& item : items) {
    if (&item != &items.front()) text += separator;
    text += print(item);
  }
  return text;
}

std::string Names(const std::vector<Name>& names) {
  return List(names, [](const Name& name) { return QuoteName(name.text); });
}

std::string Dotted(const std::vector<Name>& names) {
  return List(
      names, [](const Name& name) { return QuoteName(name.text); }, ".");
}

std::string Literal(const Expression& literal) {
  switch (literal.literal) {
    case LiteralKind::kNull:
      return "NULL";
    case LiteralKind::kString:
      return QuoteText(literal.text);
    case LiteralKind::kBinary:
      return "X'" + literal.text + "'";
    case LiteralKind::kDate:
      return "DATE " + QuoteText(literal.text);
    case LiteralKind::kTime:
      return "TIME " + QuoteText(literal.text);
    case LiteralKind::kTimestamp:
      return "TIMESTAMP " + QuoteText(literal.text);
    default:
      return literal.text;
  }
}

std::string Case(const Expression& expression) {
  std::string text = "CASE";
  size_t i = 0;
  if (expression.has_operand) text += " " + Unparse(expression.children[i++]);
  const size_t branches_end = expression.children.size() - (expression.has_else ? 1 : 0);
  for (; i < branches_end; i += 2) {
    text += fmt::format(" WHEN {} THEN {}", Unparse(expression.children[i]),
                        Unparse(expression.children[i + 1]));
  }
  if (expression.has_else) text += " ELSE " + Unparse(expression.children.back());
  return text + " END";
}

bool IsInfix(std::string_view name) {
  constexpr std::array<std::string_view, 17> kInfix = {"+",
                                                       "-",
                                                       "*",
                                                       "/",
                                                       "%",
                                                       "||",
                                                       "=",
                                                       "<>",
                                                       "!=",
                                                       "<",
                                                       "<=",
                                                       ">",
                                                       ">=",
                                                       "AND",
                                                       "OR",
                                                       "IS DISTINCT FROM",
                                                       "IS NOT DISTINCT FROM"};
  return std::find(kInfix.begin(), kInfix.end(), name) != kInfix.end();
}

std::string Predicate(const Expression& call) {
  const auto child = [&](size_t i) { return Unparse(call.children[i]); };
  const std::string& name = call.text;
  if (name.find("BETWEEN") != std::string::npos) {
    return fmt::format("({} {} {} AND {})", child(0), name, child(1), child(2));
  }
  if (name == "IN" || name == "NOT IN") {
    const std::vector<Expression> items(call.children.begin() + 1, call.children.end());
    return fmt::format("({} {} ({}))", child(0), name,
                       List(items, [](const Expression& item) { return Unparse(item); }));
  }
  if (name == "LIKE" || name == "NOT LIKE") {
    return fmt::format("({} {} {}{})", child(0), name, child(1),
                       call.children.size() > 2 ? " ESCAPE " + child(2) : "");
  }
  return {};
}

std::string CallText(const Expression& call) {
  const auto child = [&](size_t i) { return Unparse(call.children[i]); };
  const std::string& name = call.text;
  if (call.children.size() == 2 && IsInfix(name)) {
    return fmt::format("({} {} {})", child(0), name, child(1));
  }
  if (call.children.size() == 1) {
    if (name == "NOT") return fmt::format("(NOT {})", child(0));
    if (name == "-" || name == "+") return fmt::format("({} {})", name, child(0));
    if (name.starts_with("IS ")) return fmt::format("({} {})", child(0), name);
  }
  const std::string predicate = call.children.size() >= 2 ? Predicate(call) : "";
  if (!predicate.empty()) return predicate;
  if (call.children.empty() && (name.starts_with("CURRENT_") || name.starts_with("LOCALTIME"))) {
    return name;
  }
  return fmt::format("{}({})", name,
                     List(call.children, [](const Expression& item) { return Unparse(item); }));
}

std::string QueryText(const Query& query) {
  if (!query.values.empty()) {
    return "VALUES " + List(query.values, [](const std::vector<Expression>& row) {
             return "(" + List(row, [](const Expression& value) { return Unparse(value); }) + ")";
           });
  }
  std::string text =
      "SELECT " + List(query.items, [](const SelectItem& item) {
        return Unparse(item.expression) + (item.alias ? " AS " + QuoteName(item.alias->text) : "");
      });
  if (query.from) {
    text += " FROM " + Dotted(query.from->name.parts);
    if (query.from->alias) text += " AS " + QuoteName(query.from->alias->text);
  }
  if (query.where) text += " WHERE " + Unparse(*query.where);
  if (query.limit) text += fmt::format(" LIMIT {}", *query.limit);
  return text;
}

std::string ColumnText(const ColumnDefinition& column) {
  std::string text = QuoteName(column.name.text);
  if (column.kind == ColumnKind::kComputed) {
    text += " AS " + Unparse(*column.computed);
  } else {
    text += " " + Unparse(column.type);
  }
  if (column.kind == ColumnKind::kMetadata) {
    text += " METADATA";
    if (column.metadata_key) text += " FROM " + QuoteText(*column.metadata_key);
    if (column.is_virtual) text += " VIRTUAL";
  }
  if (column.comment) text += " COMMENT " + QuoteText(*column.comment);
  return text;
}

std::string CreateText(const CreateTable& table, const SecretPredicate& is_secret) {
  std::string text =
      fmt::format("CREATE {}TABLE {}{}", table.temporary ? "TEMPORARY " : "",
                  table.if_not_exists ? "IF NOT EXISTS " : "", Dotted(table.name.parts));
  std::vector<std::string> lines;
  for (const ColumnDefinition& column : table.columns) lines.push_back("  " + ColumnText(column));
  for (const PrimaryKey& key : table.primary_keys) {
    lines.push_back(fmt::format("  PRIMARY KEY ({}) {}ENFORCED", Names(key.columns),
                                key.enforced ? "" : "NOT "));
  }
  if (!lines.empty()) text += " (\n" + Join(lines, ",\n") + "\n)";
  if (table.comment) text += "\nCOMMENT " + QuoteText(*table.comment);
  if (!table.partitioned_by.empty())
    text += "\nPARTITIONED BY (" + Names(table.partitioned_by) + ")";
  lines.clear();
  for (const OptionPair& option : table.options) {
    const bool secret = is_secret && is_secret(option.key);
    lines.push_back(fmt::format("  {} = {}", QuoteText(option.key),
                                QuoteText(secret ? kRedacted : std::string_view(option.value))));
  }
  if (!lines.empty()) text += "\nWITH (\n" + Join(lines, ",\n") + "\n)";
  return text;
}

struct StatementText {
  const SecretPredicate& is_secret;

  std::string operator()(const CreateTable& create) const { return CreateText(create, is_secret); }
  std::string operator()(const DropTable& drop) const {
    return fmt::format("DROP {}TABLE {}{}", drop.temporary ? "TEMPORARY " : "",
                       drop.if_exists ? "IF EXISTS " : "", Dotted(drop.name.parts));
  }
  std::string operator()(const Set& set) const {
    if (!set.setting) return "SET";
    return fmt::format("SET {} = {}", QuoteText(set.setting->key), QuoteText(set.setting->value));
  }
  std::string operator()(const Reset& reset) const {
    return reset.key ? "RESET " + QuoteText(reset.key->text) : "RESET";
  }
  std::string operator()(const Insert& insert) const {
    return fmt::format("INSERT INTO {}{}\n{}", Dotted(insert.target.parts),
                       insert.columns ? " (" + Names(*insert.columns) + ")" : "",
                       QueryText(insert.query));
  }
  std::string operator()(const Select& select) const { return QueryText(select.query); }
  std::string operator()(const Explain& explain) const {
    std::string details = List(explain.details, [](const Name& detail) { return detail.text; });
    if (!details.empty()) details += " ";
    return "EXPLAIN " + details + Unparse(*explain.statement, is_secret);
  }
  std::string operator()(const ShowTables&) const { return "SHOW TABLES"; }
  std::string operator()(const ShowCreateTable& show) const {
    return "SHOW CREATE TABLE " + Dotted(show.name.parts);
  }
  std::string operator()(const Describe& describe) const {
    return "DESCRIBE " + Dotted(describe.name.parts);
  }
  std::string operator()(const Unsupported& unsupported) const { return unsupported.what; }
};

}  // namespace

std::string QuoteName(std::string_view name) {
  std::string text = "`";
  for (const char c : name) text.append(c == '`' ? 2 : 1, c);
  return text + "`";
}

std::string QuoteText(std::string_view value) {
  std::string text = "'";
  for (const char c : value) text.append(c == '\'' ? 2 : 1, c);
  return text + "'";
}

std::string Unparse(const TypeName& type) {
  std::string text = type.name;
  if (!type.parameters.empty()) {
    text +=
        "(" + List(type.parameters, [](int64_t value) { return fmt::format("{}", value); }) + ")";
  }
  if (!type.elements.empty()) {
    text +=
        "<" + List(type.elements, [](const TypeName& element) { return Unparse(element); }) + ">";
  }
  return text + (type.nullable ? "" : " NOT NULL");
}

std::string Unparse(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kLiteral:
      return Literal(expression);
    case ExpressionKind::kColumn:
      return (expression.qualifier.empty() ? "" : Dotted(expression.qualifier) + ".") +
             QuoteName(expression.text);
    case ExpressionKind::kStar:
      return (expression.qualifier.empty() ? "" : Dotted(expression.qualifier) + ".") + "*";
    case ExpressionKind::kCall:
      return CallText(expression);
    case ExpressionKind::kCast:
      return fmt::format("{}({} AS {})", expression.text, Unparse(expression.children[0]),
                         Unparse(*expression.type));
    case ExpressionKind::kCase:
      return Case(expression);
    case ExpressionKind::kUnsupported:
      break;
  }
  return expression.text;
}

std::string Unparse(const Statement& statement, const SecretPredicate& is_secret) {
  return std::visit(StatementText{is_secret}, statement.node);
}

}  // namespace millrace::sql
