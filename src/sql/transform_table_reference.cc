#include <fmt/core.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "sql/transform.h"
#include "sql/unparse.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

void AddAlias(const Transform& transform, P::TableAliasContext* context, TableReference* table) {
  if (context == nullptr) return;
  table->alias = transform.ToName(context->identifier());
  table->column_aliases = transform.ToNames(context->names());
}

// A table with PIVOT or a similar clause, which is never read. The text before its alias is kept as
// written, or all of it where TABLESAMPLE follows the alias.
TableReference ToVerbatim(const Transform& transform, P::TablePrimaryContext* context,
                          const antlr4::ParserRuleContext* tail, P::TableAliasContext* alias) {
  TableReference table;
  table.kind = TableReferenceKind::kVerbatim;
  table.what = ToUpper(transform.source.Text(transform.source.Of(tail->start)));
  if (table.what == "(") table.what = "EXTEND";  // the word is optional
  Span span = transform.SpanOf(context);
  const bool sampled = context->getRuleContext<P::SampleContext>(0) != nullptr;
  if (alias != nullptr && !sampled) {
    const auto at = std::find(context->children.begin(), context->children.end(), alias);
    span.end = transform.SpanOf(&dynamic_cast<antlr4::ParserRuleContext&>(**(at - 1))).end;
    AddAlias(transform, alias, &table);
  }
  table.text = transform.source.Text(span);
  return table;
}

// EXTEND, MATCH_RECOGNIZE, PIVOT, UNPIVOT or TABLESAMPLE, whichever comes first.
const antlr4::ParserRuleContext* TailOf(const P::TablePrimaryContext& context) {
  for (antlr4::tree::ParseTree* child : context.children) {
    if (auto* extend = dynamic_cast<P::ExtendContext*>(child)) return extend;
    if (auto* columns = dynamic_cast<P::AddedColumnsContext*>(child)) return columns;
    if (auto* tail = dynamic_cast<P::VerbatimTailContext*>(child)) return tail;
    if (auto* pivots = dynamic_cast<P::PivotsContext*>(child)) return pivots;
    if (auto* sample = dynamic_cast<P::SampleContext*>(child)) return sample;
  }
  return nullptr;
}

std::string JoinName(P::JoinContext* context) {
  std::string name = context->NATURAL() != nullptr ? "NATURAL " : "";
  name += context->LEFT() != nullptr    ? "LEFT "
          : context->RIGHT() != nullptr ? "RIGHT "
          : context->FULL() != nullptr  ? "FULL "
          : context->CROSS() != nullptr ? "CROSS "
                                        : "";
  return name + "JOIN";
}

TableReference ToNamed(const Transform& transform, P::NamedTableContext* context) {
  TableReference table;
  table.name = transform.ToObjectName(context->objectName());
  table.hints = transform.ToHints(context->hint());
  if (context->systemTime() != nullptr) {
    table.system_time = transform.ToExpression(context->systemTime()->expression());
  }
  return table;
}

// A query, a join, or a query that began with a parenthesis and goes on.
TableReference ToParenthesised(const Transform& transform, P::ParenthesisedTableContext* context) {
  TableReference table;
  table.kind = TableReferenceKind::kQuery;
  table.lateral = context->LATERAL() != nullptr;
  if (context->openQuery() != nullptr) {
    table.query = std::make_shared<const Query>(transform.ToQuery(context->openQuery()));
    return table;
  }
  TableReference inner = transform.ToTable(context->tableReference());
  const bool query = inner.kind == TableReferenceKind::kQuery && !inner.alias && !inner.lateral;
  if (context->queryTail() != nullptr) {
    if (!query) {
      transform.SyntaxError(transform.SpanOf(context->queryTail()->getStart()),
                            fmt::format("{} must follow a query, not a table",
                                        ToUpper(context->queryTail()->getStart()->getText())),
                            "Write SELECT * FROM before the table.");
      return inner;
    }
    QueryBody body;
    body.kind = QueryBodyKind::kQuery;
    body.query = inner.query;
    body.span = inner.span;
    table.query =
        std::make_shared<const Query>(transform.ToQuery(std::move(body), context->queryTail()));
    return table;
  }
  if (query) {
    table.query = inner.query;
    return table;
  }
  if (inner.kind != TableReferenceKind::kJoin) {
    transform.RequireExtension(transform.SpanOf(context), "a single table in parentheses",
                               "Leave the parentheses out.");
  }
  if (table.lateral) {
    transform.SyntaxError(transform.SpanOf(context->LATERAL()),
                          "LATERAL takes a query in parentheses");
  }
  if (context->tableAlias() != nullptr &&
      (inner.alias || inner.kind == TableReferenceKind::kJoin)) {
    transform.SyntaxError(
        transform.SpanOf(context->tableAlias()), "tables in parentheses cannot have an alias",
        "Put the alias inside the parentheses, or write (SELECT * FROM ...) AS name.");
  }
  return inner;
}

TableReference ToFunction(const Transform& transform, P::TableFunctionContext* context) {
  TableReference table;
  table.kind = TableReferenceKind::kFunction;
  table.lateral = context->LATERAL() != nullptr;
  const Span name = transform.SpanOf(context->functionName());
  P::ObjectNameContext* own = context->functionName()->objectName();
  const std::string text = own != nullptr
                               ? transform.ToFunctionName(transform.ToNames(own->identifier()))
                               : ToUpper(transform.TextOf(context->functionName()));
  table.call = transform.ToCall(text, name, context->callArguments(), 0);
  if (context->SPECIFIC() != nullptr) {
    const Span span = {transform.SpanOf(context->SPECIFIC()).begin, table.call->span.end};
    table.call = MakeVerbatim("SPECIFIC", std::string(transform.source.Text(span)), span);
  }
  return table;
}

// Newer Flink calls a table function without TABLE(...) around it.
TableReference ToImplicit(const Transform& transform, P::ImplicitFunctionContext* context) {
  TableReference table;
  table.kind = TableReferenceKind::kFunction;
  const Span name = transform.SpanOf(context->objectName());
  Expression call =
      MakeCall(transform.ToFunctionName(transform.ToNames(context->objectName()->identifier())),
               name, {name.begin, transform.SpanOf(context->RIGHT_PAREN()).end}, {});
  call.children = transform.ToArguments(context->queryArgument(), context->argument(), 0);
  transform.ResolveSymbols(&call);
  table.call = std::move(call);
  return table;
}

std::string HintArgument(const Transform& transform, P::HintArgumentContext* context) {
  const std::vector<P::IdentifierContext*> parts = context->identifier();
  if (parts.empty()) {
    return context->number() != nullptr ? Words(context)
                                        : QuoteText(transform.ToText(context->text(0)));
  }
  std::string text;
  for (const Name& part : transform.ToNames(parts)) {
    text += (text.empty() ? "" : ".") + QuoteIdentifier(part.text);
  }
  return text;
}

OptionPair HintOption(const Transform& transform, P::HintArgumentContext* context) {
  OptionPair pair;
  const bool named = context->key == nullptr;
  pair.key = named ? transform.ToName(context->identifier(0)).text : transform.ToText(context->key);
  pair.key_span = named ? transform.SpanOf(context->identifier(0)) : transform.SpanOf(context->key);
  pair.value = transform.ToText(context->value);
  pair.value_span = transform.SpanOf(context->value);
  return pair;
}

}  // namespace

TableReference Transform::ToTable(P::TableReferenceContext* context) const {
  TableReference table = ToTable(context->tablePrimary());
  const std::vector<P::JoinContext*> joins = context->join();
  if (joins.size() > kJoinsMax) {
    Error(DiagnosticCode::kTooComplex, SpanOf(joins[kJoinsMax]),
          fmt::format("more than {} joins in a chain", kJoinsMax));
    return table;
  }
  for (P::JoinContext* node : joins) {
    TableReference join;
    join.kind = TableReferenceKind::kJoin;
    join.join = JoinName(node);
    join.join_span = {SpanOf(node).begin, SpanOf(node->JOIN()).end};
    join.span = {table.span.begin, SpanOf(node).end};
    join.left = std::make_shared<const TableReference>(std::move(table));
    join.right = std::make_shared<const TableReference>(ToTable(node->tablePrimary()));
    if (node->expression() != nullptr) join.on = ToExpression(node->expression());
    join.using_columns = ToNames(node->names());
    table = std::move(join);
  }
  return table;
}

TableReference Transform::ToTable(P::TablePrimaryContext* context) const {
  TableReference table;
  P::TableAliasContext* alias = nullptr;
  const antlr4::ParserRuleContext* const tail = TailOf(*context);
  if (auto* named = dynamic_cast<P::NamedTableContext*>(context)) {
    table = ToNamed(*this, named);
    alias = named->tableAlias();
  } else if (auto* parenthesised = dynamic_cast<P::ParenthesisedTableContext*>(context)) {
    table = ToParenthesised(*this, parenthesised);
    alias = parenthesised->tableAlias();
  } else if (auto* function = dynamic_cast<P::TableFunctionContext*>(context)) {
    table = ToFunction(*this, function);
    alias = function->tableAlias();
  } else if (auto* implicit = dynamic_cast<P::ImplicitFunctionContext*>(context)) {
    table = ToImplicit(*this, implicit);
    alias = implicit->tableAlias();
  } else if (auto* unnest = dynamic_cast<P::UnnestContext*>(context)) {
    table.kind = TableReferenceKind::kUnnest;
    table.call = ToParenthesis(unnest->listOrQuery(), 0);
    table.with_ordinality = unnest->ORDINALITY() != nullptr;
    alias = unnest->tableAlias();
  }
  if (tail != nullptr) {
    table = ToVerbatim(*this, context, tail, alias);
  } else {
    AddAlias(*this, alias, &table);
  }
  table.span = SpanOf(context);
  return table;
}

std::vector<Hint> Transform::ToHints(P::HintContext* context) const {
  std::vector<Hint> hints;
  if (context == nullptr) return hints;
  for (P::HintItemContext* item : context->hintItem()) {
    Hint hint;
    hint.name = ToName(item->identifier());
    hint.span = SpanOf(item);
    for (P::HintArgumentContext* argument : item->hintArgument()) {
      if (argument->EQUAL() != nullptr) {
        hint.options.push_back(HintOption(*this, argument));
      } else {
        hint.arguments.push_back(HintArgument(*this, argument));
      }
    }
    if (!hint.options.empty() && !hint.arguments.empty()) {
      SyntaxError(hint.span, "a hint takes either options or arguments, not both");
    }
    hints.push_back(std::move(hint));
  }
  return hints;
}

}  // namespace millrace::sql
