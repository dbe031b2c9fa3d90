// From ANTLR's tree to our Statement. Functions over contexts, a file per family: statements
// (transform.cc, transform_session.cc), tables and views (transform_table.cc, transform_alter.cc),
// INSERT (transform_insert.cc), queries (transform_query.cc, transform_table_reference.cc),
// expressions (transform_expression.cc, transform_predicate.cc, transform_call.cc,
// transform_json.cc, transform_unsupported.cc), literals (transform_literal.cc,
// transform_interval.cc), names (transform_name.cc), types (transform_type.cc).
#pragma once

#include <FlinkSqlParser.h>

#include <string>
#include <string_view>
#include <vector>

#include "sql/make_expression.h"
#include "sql/parser.h"
#include "sql/statement.h"
#include "sql/token_source.h"

namespace millrace::sql {

using grammar::FlinkSqlParser;

inline constexpr size_t kJoinsMax = 1000;  // in one chain; their tree is as deep

// What every transformation needs. Errors that the grammar cannot see are added to `diagnostics`.
struct Transform {
  const SourceText& source;
  Diagnostics* diagnostics;
  ParseOptions options;

  void Error(DiagnosticCode code, Span span, std::string message, std::string hint = "") const;
  // The text is not a statement, although the grammar accepts it.
  void SyntaxError(Span span, std::string message, std::string hint = "") const;
  // The text is Flink SQL that Millrace does not run.
  void NotSupported(Span span, std::string_view what, std::string hint = "") const;
  // Uses an extension of Millrace: an error where only Flink's language is accepted.
  void RequireExtension(Span span, std::string_view what, std::string hint = "") const;
  void NestedTooDeep(Span span, std::string hint) const;
  // A question mark that stands for a value.
  void RejectParameter(Span span) const;

  Statement ToStatement(FlinkSqlParser::StatementContext* context) const;

  // transform_session.cc
  Set ToSet(FlinkSqlParser::SetStatementContext* context) const;
  Reset ToReset(FlinkSqlParser::ResetStatementContext* context) const;
  Statement ToShow(FlinkSqlParser::ShowContext* context) const;
  Statement ToDescribe(FlinkSqlParser::DescribeContext* context) const;
  Explain ToExplain(FlinkSqlParser::ExplainContext* context) const;
  CompilePlan ToCompilePlan(FlinkSqlParser::CompilePlanContext* context) const;
  StopJob ToStopJob(FlinkSqlParser::StopJobContext* context) const;

  // transform_table.cc
  CreateTable ToCreateTable(FlinkSqlParser::CreateTableContext* context) const;
  CreateView ToCreateView(FlinkSqlParser::CreateViewContext* context) const;
  std::vector<OptionPair> ToOptions(FlinkSqlParser::OptionListContext* context) const;
  std::optional<std::string> ToComment(FlinkSqlParser::CommentContext* context) const;
  ColumnDefinition ToColumn(FlinkSqlParser::ColumnContext* context,
                            std::vector<KeyDefinition>* keys) const;
  KeyDefinition ToKey(FlinkSqlParser::TableConstraintContext* context) const;
  Watermark ToWatermark(FlinkSqlParser::WatermarkContext* context) const;
  Distribution ToDistribution(FlinkSqlParser::DistributionContext* context) const;

  // transform_alter.cc
  Alter ToAlterTable(FlinkSqlParser::AlterTableContext* context) const;
  Alter ToAlterView(FlinkSqlParser::AlterViewContext* context) const;
  Alter ToAlterDatabase(FlinkSqlParser::AlterDatabaseContext* context) const;
  Alter ToAlterCatalog(FlinkSqlParser::AlterCatalogContext* context) const;

  // transform_insert.cc
  Insert ToInsert(FlinkSqlParser::InsertContext* context) const;
  StatementSet ToStatementSet(FlinkSqlParser::StatementSetContext* context) const;
  std::vector<PartitionValue> ToPartition(FlinkSqlParser::PartitionSpecContext* context) const;

  // transform_query.cc
  Query ToQuery(FlinkSqlParser::QueryContext* context) const;
  Query ToQuery(FlinkSqlParser::OpenQueryContext* context) const;
  // `left` and the set operations, ORDER BY and LIMIT after it.
  Query ToQuery(QueryBody left, FlinkSqlParser::QueryTailContext* context) const;
  std::vector<OrderItem> ToOrder(FlinkSqlParser::OrderByContext* context) const;
  Window ToWindow(FlinkSqlParser::WindowContext* context) const;
  // transform_table_reference.cc
  TableReference ToTable(FlinkSqlParser::TableReferenceContext* context) const;
  TableReference ToTable(FlinkSqlParser::TablePrimaryContext* context) const;
  std::vector<Hint> ToHints(FlinkSqlParser::HintContext* context) const;

  // transform_expression.cc
  // True, and an error, where a chain is too long. Both operands of its last operator find that
  // out, but it is reported once.
  bool TooLong(Span span, size_t depth) const;
  Expression ToExpression(FlinkSqlParser::ExpressionContext* context, size_t depth = 0) const;
  Expression ToValue(FlinkSqlParser::ValueExpressionContext* context, size_t depth = 0) const;
  Expression ToPrimary(FlinkSqlParser::PrimaryExpressionContext* context, size_t depth) const;
  Expression ToOperand(FlinkSqlParser::OperandContext* context, size_t depth) const;
  // The inside of parentheses: a query as kSubquery, several expressions as kRow, one as itself.
  Expression ToParenthesis(FlinkSqlParser::ListOrQueryContext* context, size_t depth) const;
  std::vector<Expression> ToExpressions(
      const std::vector<FlinkSqlParser::ExpressionContext*>& contexts, size_t depth = 0) const;

  // transform_call.cc
  Expression ToCall(std::string name, Span name_span, FlinkSqlParser::CallArgumentsContext* context,
                    size_t depth) const;
  void AddTail(FlinkSqlParser::CallTailContext* context, Expression* call, size_t depth) const;
  Expression ToArgument(FlinkSqlParser::ArgumentContext* context, size_t depth) const;
  // The arguments of a call: `others`, or `query` and the arguments after it.
  std::vector<Expression> ToArguments(FlinkSqlParser::QueryArgumentContext* query,
                                      const std::vector<FlinkSqlParser::ArgumentContext*>& others,
                                      size_t depth) const;
  // Turns names such as DAY into symbols where the function takes a time unit; elsewhere a symbol
  // is an error.
  void ResolveSymbols(Expression* call) const;
  Expression ToSpecialCall(FlinkSqlParser::OperandContext* context, size_t depth) const;

  // transform_predicate.cc
  // A value with its predicates, or NOT and the expression it negates.
  Expression ToTest(FlinkSqlParser::ExpressionContext* context, size_t depth) const;
  // `right` is the right operand of a comparison with the tests that bind tighter than it:
  // a = b LIKE c is a = (b LIKE c).
  Expression ToPredicate(FlinkSqlParser::PredicateContext* context, Expression left,
                         Expression right, size_t depth) const;
  // `left` IN (...), `left` = ANY (...): a kSubquery or a kCall named `name`.
  Expression AddListOrQuery(std::string name, Span word, Expression left,
                            FlinkSqlParser::ListOrQueryContext* context, size_t depth) const;

  // transform_unsupported.cc
  // An operand that is parsed and not run, or nothing.
  std::optional<Expression> ToUnsupportedOperand(FlinkSqlParser::OperandContext* context,
                                                 size_t depth) const;
  // (a - b) DAY, or what is in parentheses.
  Expression ToDifference(FlinkSqlParser::ParenthesisContext* context, size_t depth) const;
  // left FORMAT JSON [ENCODING UTF8].
  Expression ToFormat(FlinkSqlParser::FormatJsonContext* context, Expression left, Span span) const;
  // DAY, or WEEK(MONDAY).
  std::string ToFrame(FlinkSqlParser::TimeFrameContext* context) const;
  // transform_json.cc
  Expression ToJsonCall(FlinkSqlParser::JsonContext* context, size_t depth) const;

  // transform_literal.cc, transform_interval.cc, transform_name.cc
  Expression ToLiteral(FlinkSqlParser::LiteralContext* context) const;
  Interval ToInterval(FlinkSqlParser::IntervalQualifierContext* context) const;
  // INTERVAL 3 DAY is the literal, INTERVAL a DAY is a * INTERVAL '1' DAY.
  Expression ToIntervalOf(FlinkSqlParser::IntervalOfValueContext* context, size_t depth) const;
  std::string ToText(FlinkSqlParser::TextContext* context) const;
  // The inside of U&'...' or U&"..." with its escapes decoded; `uescape` is the string after
  // UESCAPE, or null.
  std::string DecodeUnicode(const std::string& text, antlr4::tree::TerminalNode* uescape,
                            Span span) const;
  // In the singular; `plural` says whether the plural (DAYS) is accepted.
  std::string ToUnit(FlinkSqlParser::TimeUnitContext* context, bool plural = false) const;
  // The text inside the quotes of a STRING, with '' as one quote.
  std::string Unquote(antlr4::tree::TerminalNode* node) const;
  // The number of an INTEGER; beyond 64 bits is an error at the number.
  int64_t ToNumber(antlr4::tree::TerminalNode* node) const;
  // The number after `word`; one that is not whole, or a parameter, is an error at the number.
  int64_t ToCount(FlinkSqlParser::CountContext* context, std::string_view word) const;
  Name ToName(FlinkSqlParser::IdentifierContext* context) const;
  Name ToName(FlinkSqlParser::CallableNameContext* context) const;
  std::vector<Name> ToNames(const std::vector<FlinkSqlParser::IdentifierContext*>& contexts) const;
  std::vector<Name> ToNames(FlinkSqlParser::NamesContext* context) const;
  std::vector<Name> ToNames(FlinkSqlParser::ColumnNameContext* context) const;
  // The name of a function: upper case if it has one part, quoted where it must be.
  std::string ToFunctionName(const std::vector<Name>& parts) const;
  ObjectName ToObjectName(FlinkSqlParser::ObjectNameContext* context) const;
  // A column name where only one part makes sense.
  Name ToSimpleName(FlinkSqlParser::ColumnNameContext* context) const;

  // transform_type.cc
  TypeName ToType(FlinkSqlParser::DataTypeContext* context) const;
  // The target type of `what` (CAST, RETURNING), which in Flink SQL has no NULL or NOT NULL.
  TypeName ToTarget(FlinkSqlParser::DataTypeContext* context, std::string_view what) const;
  TypeName ToType(FlinkSqlParser::CastTypeContext* context) const;
  TypeName ToTypeBody(FlinkSqlParser::TypeBodyContext* context) const;

  Span SpanOf(const antlr4::ParserRuleContext* context) const { return source.Of(context); }
  Span SpanOf(const antlr4::Token* token) const { return source.Of(token); }
  Span SpanOf(antlr4::tree::TerminalNode* node) const { return source.Of(node->getSymbol()); }
  std::string TextOf(const antlr4::ParserRuleContext* context) const;
};

// True if `context` itself has a token of this type.
bool Has(antlr4::ParserRuleContext* context, size_t type);

// The tokens of a tree separated by one space, in upper case except for quoted ones.
std::string Words(antlr4::tree::ParseTree* tree);

}  // namespace millrace::sql
