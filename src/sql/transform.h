// From ANTLR's tree to our Statement. Functions over contexts, a file per family: statements and
// queries (transform.cc), expressions (transform_expression.cc), types (transform_type.cc).
#pragma once

#include <FlinkSqlParser.h>

#include "sql/statement.h"
#include "sql/token_source.h"

namespace millrace::sql {

using grammar::FlinkSqlParser;

// What every transformation needs. Errors that the grammar cannot see are added to `diagnostics`.
struct Transform {
  const Places& places;
  Diagnostics* diagnostics;

  void Error(Span span, std::string message, std::string hint = "") const {
    diagnostics->push_back({span, std::move(message), std::move(hint)});
  }

  Statement ToStatement(FlinkSqlParser::StatementContext* context) const;
  Query ToQuery(FlinkSqlParser::QueryContext* context) const;

  Expression ToExpression(FlinkSqlParser::ExpressionContext* context, size_t depth = 0) const;
  Expression ToBoolean(FlinkSqlParser::BooleanExpressionContext* context, size_t depth) const;
  Expression ToPredicate(FlinkSqlParser::PredicateContext* context, Expression left,
                         size_t depth) const;
  Expression ToValue(FlinkSqlParser::ValueExpressionContext* context, size_t depth) const;
  Expression ToPrimary(FlinkSqlParser::PrimaryExpressionContext* context, size_t depth) const;
  Expression ToCase(FlinkSqlParser::CaseContext* context, size_t depth) const;
  Expression ToCall(FlinkSqlParser::FunctionCallContext* context, size_t depth) const;
  Expression ToLiteral(FlinkSqlParser::LiteralContext* context) const;

  TypeName ToType(FlinkSqlParser::DataTypeContext* context) const;
  TypeName ToTypeBody(FlinkSqlParser::TypeBodyContext* context) const;

  Name ToName(FlinkSqlParser::IdentifierContext* context) const;
  std::vector<Name> ToNames(const std::vector<FlinkSqlParser::IdentifierContext*>& contexts) const;
  TableName ToTableName(FlinkSqlParser::TableNameContext* context) const;

  Span SpanOf(const antlr4::ParserRuleContext* context) const { return places.Of(context); }
  Span SpanOf(const antlr4::Token* token) const { return places.Of(token); }
  Span SpanOf(antlr4::tree::TerminalNode* node) const { return places.Of(node->getSymbol()); }
  std::string TextOf(const antlr4::ParserRuleContext* context) const {
    return std::string(places.Text(places.Of(context)));
  }
  // The text inside the quotes of a STRING, '' undone.
  std::string Unquote(antlr4::tree::TerminalNode* node) const;
};

}  // namespace millrace::sql
