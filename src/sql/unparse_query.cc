// Queries and hints back as SQL.
#include <fmt/core.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "sql/unparse_parts.h"

namespace millrace::sql {
namespace {

std::string Alias(const TableReference& table) {
  if (!table.alias) return {};
  std::string text = " AS " + QuoteIdentifier(table.alias->text);
  if (!table.column_aliases.empty()) text += " (" + QuoteNames(table.column_aliases) + ")";
  return text;
}

std::string TableText(const TableReference& table, const SecretPredicate& is_secret);

std::string JoinText(const TableReference& join, const SecretPredicate& is_secret) {
  std::string right = TableText(*join.right, is_secret);
  if (join.right->kind == TableReferenceKind::kJoin) right = "(" + right + ")";
  std::string left = TableText(*join.left, is_secret);
  // A comma binds weaker than a join.
  const bool comma_inside =
      join.left->kind == TableReferenceKind::kJoin && join.left->join == "," && join.join != ",";
  if (comma_inside) left = "(" + left + ")";
  if (join.join == ",") return left + ", " + right;
  std::string text = fmt::format("{} {} {}", left, join.join, right);
  if (join.on) text += " ON " + Unparse(*join.on);
  if (!join.using_columns.empty()) text += " USING (" + QuoteNames(join.using_columns) + ")";
  return text;
}

std::string TableText(const TableReference& table, const SecretPredicate& is_secret) {
  std::string text = table.lateral ? "LATERAL " : "";
  switch (table.kind) {
    case TableReferenceKind::kTable:
      text += QuoteNames(table.name.parts, ".") + Unparse(table.hints, is_secret);
      if (table.system_time) text += " FOR SYSTEM_TIME AS OF " + Unparse(*table.system_time);
      break;
    case TableReferenceKind::kQuery:
      text += "(" + Unparse(*table.query, is_secret) + ")";
      break;
    case TableReferenceKind::kJoin:
      return JoinText(table, is_secret);
    case TableReferenceKind::kFunction:
      text += "TABLE(" + Unparse(*table.call) + ")";
      break;
    case TableReferenceKind::kUnnest:
      text += "UNNEST(" + Unparse(*table.call) + ")";
      if (table.with_ordinality) text += " WITH ORDINALITY";
      break;
    case TableReferenceKind::kVerbatim:
      text += table.text;
      break;
  }
  return text + Alias(table);
}

std::string GroupBy(const SelectCore& select) {
  std::string text = " GROUP BY ";
  if (!select.group_quantifier.empty()) text += select.group_quantifier + " ";
  return text + PrintList(select.group_by, [](const Expression& element) {
           if (element.kind == ExpressionKind::kRow && element.children.empty()) {
             return std::string("()");
           }
           return Unparse(element);
         });
}

std::string SelectText(const SelectCore& select, const SecretPredicate& is_secret) {
  std::string text = "SELECT" + Unparse(select.hints, is_secret) + " ";
  if (select.stream_span) text += "STREAM ";
  if (!select.quantifier.empty()) text += select.quantifier + " ";
  text += PrintList(select.items, [](const SelectItem& item) {
    return Unparse(item.expression) +
           (item.alias ? " AS " + QuoteIdentifier(item.alias->text) : "");
  });
  if (select.from) text += " FROM " + TableText(*select.from, is_secret);
  if (select.where) text += " WHERE " + Unparse(*select.where);
  if (!select.group_by.empty()) text += GroupBy(select);
  if (select.having) text += " HAVING " + Unparse(*select.having);
  if (!select.windows.empty()) {
    text += " WINDOW " + PrintList(select.windows, [](const std::pair<Name, Window>& window) {
              return QuoteIdentifier(window.first.text) + " AS " + Unparse(window.second);
            });
  }
  if (select.qualify) text += " QUALIFY " + Unparse(*select.qualify);
  return text;
}

// A row of one value keeps its parentheses out of the value: VALUES (1), (2).
std::string ValuesText(const std::vector<std::vector<Expression>>& rows) {
  return "VALUES " + PrintList(rows, [](const std::vector<Expression>& row) {
           const std::string items =
               PrintList(row, [](const Expression& value) { return Unparse(value); });
           const bool plain = row.size() != 1 || row[0].kind != ExpressionKind::kSubquery;
           return (row.empty() ? "ROW(" : plain ? "(" : "ROW(") + items + ")";
         });
}

std::string BodyText(const QueryBody& body, const SecretPredicate& is_secret) {
  switch (body.kind) {
    case QueryBodyKind::kSelect:
      return SelectText(*body.select, is_secret);
    case QueryBodyKind::kValues:
      return ValuesText(body.values);
    case QueryBodyKind::kQuery:
      return "(" + Unparse(*body.query, is_secret) + ")";
    case QueryBodyKind::kTable:
      return "TABLE " + QuoteNames(body.table.parts, ".");
    case QueryBodyKind::kSetOperation:
      break;
  }
  return fmt::format("{} {} {}", BodyText(*body.left, is_secret), body.operation,
                     BodyText(*body.right, is_secret));
}

std::string CommonTablesText(const Query& query, const SecretPredicate& is_secret) {
  std::string text = query.recursive ? "WITH RECURSIVE " : "WITH ";
  text += PrintList(query.with, [&](const CommonTable& table) {
    return fmt::format("{}{} AS ({})", QuoteIdentifier(table.name.text),
                       table.columns.empty() ? "" : " (" + QuoteNames(table.columns) + ")",
                       Unparse(*table.query, is_secret));
  });
  return text + " ";
}

}  // namespace

std::string Unparse(const Query& query, const SecretPredicate& is_secret) {
  std::string text = query.with.empty() ? "" : CommonTablesText(query, is_secret);
  text += BodyText(query.body, is_secret);
  if (!query.order_by.empty()) text += " " + Unparse(query.order_by);
  if (query.limit && !query.offset) text += fmt::format(" LIMIT {}", *query.limit);
  if (query.limit && query.offset) {
    text += fmt::format(" LIMIT {} OFFSET {}", *query.limit, *query.offset);
  }
  if (!query.limit && query.offset) text += fmt::format(" OFFSET {}", *query.offset);
  return text;
}

std::string Unparse(const std::vector<Hint>& hints, const SecretPredicate& is_secret) {
  if (hints.empty()) return {};
  return " /*+ " +
         PrintList(hints,
                   [&](const Hint& hint) {
                     std::string text = QuoteIdentifier(hint.name.text);
                     if (!hint.options.empty()) {
                       text += "(" +
                               PrintList(hint.options,
                                         [&](const OptionPair& option) {
                                           return OptionText(option, is_secret);
                                         }) +
                               ")";
                     } else if (!hint.arguments.empty()) {
                       text += "(" + Join(hint.arguments, ", ") + ")";
                     }
                     return text;
                   }) +
         " */";
}

}  // namespace millrace::sql
