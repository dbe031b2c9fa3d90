#include <fmt/core.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

// The text of an unquoted key or value as written; spaces inside are an error.
std::string BareText(const Transform& transform, antlr4::ParserRuleContext* context) {
  std::string text = transform.TextOf(context);
  if (text.find_first_of(" \t\r\n") != std::string::npos) {
    transform.SyntaxError(transform.SpanOf(context),
                          fmt::format("unexpected space in {}", Quoted(text)),
                          "Put keys and values with spaces in single quotes: SET 'key' = 'value'.");
  }
  return text;
}

// Flink's client takes an unquoted key only where nothing but the statement stands in its text.
void CheckBareKey(const Transform& transform, P::SettingKeyContext* key, std::string_view word) {
  if (key->text() != nullptr || !transform.options.surroundings.has_comment) return;
  transform.RequireExtension(
      transform.SpanOf(key), fmt::format("an unquoted {} after a comment", word),
      word == "SET" ? "Put key and value in single quotes." : "Put the key in single quotes.");
}

template <typename Context>
std::string SettingText(const Transform& transform, Context* context) {
  return context->text() != nullptr ? transform.ToText(context->text())
                                    : BareText(transform, context);
}

void AddLike(const Transform& transform, P::LikeContext* context, Show* show) {
  if (context == nullptr) return;
  show->like = transform.Unquote(context->STRING());
  show->like_span = transform.SpanOf(context);
  show->not_like = context->NOT() != nullptr;
  show->ilike = context->ILIKE() != nullptr;
}

ShowKind KindOf(antlr4::ParserRuleContext* context) {
  if (Has(context, P::CATALOGS)) return ShowKind::kCatalogs;
  if (Has(context, P::JARS)) return ShowKind::kJars;
  if (Has(context, P::JOBS)) return ShowKind::kJobs;
  if (Has(context, P::CONNECTORS)) return ShowKind::kConnectors;
  if (Has(context, P::MODULES)) return ShowKind::kModules;
  if (Has(context, P::CATALOG)) return ShowKind::kCurrentCatalog;
  if (Has(context, P::DATABASE)) return ShowKind::kCurrentDatabase;
  if (Has(context, P::DATABASES)) return ShowKind::kDatabases;
  if (Has(context, P::VIEWS)) return ShowKind::kViews;
  if (Has(context, P::FUNCTIONS)) return ShowKind::kFunctions;
  if (Has(context, P::COLUMNS)) return ShowKind::kColumns;
  return ShowKind::kTables;
}

// The words after SHOW, up to FROM, IN or a name.
std::string ShowWords(antlr4::ParserRuleContext* context) {
  std::string words;
  for (size_t i = 1; i < context->children.size(); ++i) {
    auto* node = dynamic_cast<antlr4::tree::TerminalNode*>(context->children[i]);
    if (node == nullptr) break;
    const size_t type = node->getSymbol()->getType();
    if (type == P::FROM || type == P::IN) break;
    words += (words.empty() ? "" : " ") + ToUpper(node->getText());
  }
  return words;
}

Unsupported NotRun(const Transform& transform, antlr4::ParserRuleContext* context, std::string what,
                   std::string hint = "") {
  return {std::move(what), transform.TextOf(context), std::move(hint)};
}

// In Flink SQL, SHOW TABLES, VIEWS and COLUMNS accept LIKE but not ILIKE.
void CheckLike(const Transform& transform, const Show& show, Span span) {
  const bool like_only = show.kind == ShowKind::kTables || show.kind == ShowKind::kViews ||
                         show.kind == ShowKind::kColumns;
  if (like_only && show.ilike) {
    transform.RequireExtension(show.like_span, "SHOW " + show.words + " with ILIKE", "Write LIKE.");
  }
  const bool no_like = show.kind == ShowKind::kJars || show.kind == ShowKind::kJobs ||
                       show.kind == ShowKind::kModules || show.kind == ShowKind::kCurrentCatalog ||
                       show.kind == ShowKind::kCurrentDatabase;
  if (no_like && show.like) {
    transform.SyntaxError(show.like_span, "SHOW " + show.words + " does not take a pattern");
  }
  if (show.kind == ShowKind::kColumns && !show.name) {
    transform.SyntaxError(span, "SHOW COLUMNS needs a table", "Write SHOW COLUMNS FROM name.");
  }
}

void CheckCatalogName(const Transform& transform, const ObjectName& name) {
  if (name.parts.size() <= 1) return;
  transform.Error(DiagnosticCode::kInvalidValue, name.span, "a catalog name has one part");
}

Statement StatementOf(const Transform& transform, P::InsertContext* insert,
                      P::StatementSetContext* set) {
  Statement statement;
  if (insert != nullptr) {
    statement.span = transform.SpanOf(insert);
    statement.node = transform.ToInsert(insert);
  } else {
    statement.span = transform.SpanOf(set);
    statement.node = transform.ToStatementSet(set);
  }
  return statement;
}

}  // namespace

Set Transform::ToSet(P::SetStatementContext* context) const {
  if (context->settingKey() == nullptr) return {};
  OptionPair pair;
  pair.key_span = SpanOf(context->settingKey());
  pair.value_span = SpanOf(context->settingValue());
  pair.key = SettingText(*this, context->settingKey());
  pair.value = SettingText(*this, context->settingValue());
  CheckBareKey(*this, context->settingKey(), "SET");
  if (context->settingKey()->text() != nullptr && context->settingValue()->text() == nullptr) {
    RequireExtension(pair.value_span, "an unquoted value after a quoted key",
                     "Put the value in single quotes.");
  }
  return {std::move(pair)};
}

Reset Transform::ToReset(P::ResetStatementContext* context) const {
  if (context->settingKey() == nullptr) return {};
  CheckBareKey(*this, context->settingKey(), "RESET");
  return {Name{SettingText(*this, context->settingKey()), SpanOf(context->settingKey())}};
}

Statement Transform::ToShow(P::ShowContext* context) const {
  Statement statement;
  Show show;
  show.words = ShowWords(context);
  show.kind = KindOf(context);
  if (auto* plain = dynamic_cast<P::ShowPlainContext*>(context)) {
    AddLike(*this, plain->like(), &show);
    if (show.kind == ShowKind::kConnectors) RequireExtension(SpanOf(context), "SHOW CONNECTORS");
  } else if (auto* list = dynamic_cast<P::ShowListContext*>(context)) {
    if (Has(list, P::MODELS) || Has(list, P::PROCEDURES) || Has(list, P::CONNECTIONS) ||
        Has(list, P::MATERIALIZED)) {
      statement.node = NotRun(*this, context, "SHOW " + show.words);
      return statement;
    }
    if (list->objectName() != nullptr) show.name = ToObjectName(list->objectName());
    show.in = list->IN() != nullptr;
    AddLike(*this, list->like(), &show);
  } else if (auto* create = dynamic_cast<P::ShowCreateContext*>(context)) {
    if (Has(create, P::MODEL) || Has(create, P::CONNECTION) || Has(create, P::MATERIALIZED)) {
      statement.node = NotRun(*this, context, "SHOW " + show.words);
      return statement;
    }
    show.kind = Has(create, P::TABLE)  ? ShowKind::kCreateTable
                : Has(create, P::VIEW) ? ShowKind::kCreateView
                                       : ShowKind::kCreateCatalog;
    show.name = ToObjectName(create->objectName());
    if (show.kind == ShowKind::kCreateCatalog) CheckCatalogName(*this, *show.name);
  } else if (auto* partitions = dynamic_cast<P::ShowPartitionsContext*>(context)) {
    show.kind = ShowKind::kPartitions;
    show.words = "PARTITIONS";
    show.name = ToObjectName(partitions->objectName());
    if (partitions->partitionSpec() != nullptr) {
      show.partition = ToPartition(partitions->partitionSpec());
    }
  }
  CheckLike(*this, show, SpanOf(context));
  statement.node = std::move(show);
  return statement;
}

Statement Transform::ToDescribe(P::DescribeContext* context) const {
  Statement statement;
  if (context->MODEL() != nullptr || context->CONNECTION() != nullptr) {
    statement.node = NotRun(*this, context,
                            context->MODEL() != nullptr ? "DESCRIBE MODEL" : "DESCRIBE CONNECTION");
    return statement;
  }
  if (context->TABLE() != nullptr) {
    statement.node = NotRun(*this, context, "DESCRIBE TABLE", "Leave TABLE out.");
    return statement;
  }
  if (context->query() != nullptr || context->insert() != nullptr) {
    statement.node = NotRun(*this, context, "DESCRIBE of a statement", "Write EXPLAIN.");
    return statement;
  }
  Describe describe;
  describe.extended = context->EXTENDED() != nullptr;
  describe.kind = context->CATALOG() != nullptr     ? DescribeKind::kCatalog
                  : context->DATABASE() != nullptr  ? DescribeKind::kDatabase
                  : context->FUNCTION() != nullptr  ? DescribeKind::kFunction
                  : context->JOB() != nullptr       ? DescribeKind::kJob
                  : context->CONNECTOR() != nullptr ? DescribeKind::kConnector
                                                    : DescribeKind::kTable;
  if (context->objectName() != nullptr) {
    describe.name = ToObjectName(context->objectName());
    if (describe.kind == DescribeKind::kCatalog) CheckCatalogName(*this, describe.name);
  } else {
    const Span span = SpanOf(context->STRING());
    describe.name = {{{Unquote(context->STRING()), span}}, span};
  }
  if (describe.kind == DescribeKind::kConnector)
    RequireExtension(SpanOf(context), "DESCRIBE CONNECTOR");
  statement.node = std::move(describe);
  return statement;
}

Explain Transform::ToExplain(P::ExplainContext* context) const {
  Explain explain;
  explain.plan_for = context->PLAN() != nullptr;
  explain.preflight = context->PREFLIGHT() != nullptr;
  if (explain.preflight) RequireExtension(SpanOf(context->PREFLIGHT()), "EXPLAIN PREFLIGHT");
  for (P::ExplainDetailContext* detail : context->explainDetail()) {
    const Name name = {ToUpper(TextOf(detail)), SpanOf(detail)};
    for (const Name& other : explain.details) {
      if (other.text == name.text) SyntaxError(name.span, name.text + " is given twice");
    }
    explain.details.push_back(name);
  }
  auto inner = std::make_shared<Statement>();
  if (context->query() != nullptr) {
    inner->span = SpanOf(context->query());
    inner->node = Select{ToQuery(context->query())};
  } else if (context->createTable() != nullptr) {
    inner->span = SpanOf(context->createTable());
    CreateTable table = ToCreateTable(context->createTable());
    if (table.query == nullptr) {
      SyntaxError(inner->span, "EXPLAIN takes a query, not a table definition",
                  "CREATE TABLE ... AS SELECT can be explained.");
    }
    inner->node = std::move(table);
  } else {
    *inner = StatementOf(*this, context->insert(), context->statementSet());
  }
  explain.statement = std::move(inner);
  return explain;
}

CompilePlan Transform::ToCompilePlan(P::CompilePlanContext* context) const {
  CompilePlan compile;
  compile.path = ToText(context->text());
  compile.path_span = SpanOf(context->text());
  compile.if_not_exists = context->ifNotExists() != nullptr;
  compile.execute = context->EXECUTE() != nullptr;
  compile.statement = std::make_shared<const Statement>(
      StatementOf(*this, context->insert(), context->statementSet()));
  return compile;
}

StopJob Transform::ToStopJob(P::StopJobContext* context) const {
  StopJob stop;
  stop.job = {Unquote(context->STRING()), SpanOf(context->STRING())};
  stop.with_savepoint = context->SAVEPOINT() != nullptr;
  stop.with_drain = context->DRAIN() != nullptr;
  if (stop.with_drain && !stop.with_savepoint) {
    SyntaxError(SpanOf(context->DRAIN()), "WITH DRAIN needs WITH SAVEPOINT before it",
                "Write STOP JOB 'id' WITH SAVEPOINT WITH DRAIN.");
  }
  return stop;
}

}  // namespace millrace::sql
