#include "sql/transform.h"

#include <fmt/core.h>

#include "base/ascii.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

CreateDatabase ToCreateDatabase(const Transform& transform, P::CreateDatabaseContext* context) {
  CreateDatabase create;
  create.name = transform.ToObjectName(context->objectName());
  create.if_not_exists = context->ifNotExists() != nullptr;
  create.comment = transform.ToComment(context->comment());
  if (context->withOptions() != nullptr) {
    create.options = transform.ToOptions(context->withOptions()->optionList());
  }
  return create;
}

CreateCatalog ToCreateCatalog(const Transform& transform, P::CreateCatalogContext* context) {
  CreateCatalog create;
  create.name = transform.ToName(context->identifier());
  create.if_not_exists = context->ifNotExists() != nullptr;
  create.comment = transform.ToComment(context->comment());
  create.options_span = create.name.span;
  if (context->withOptions() != nullptr) {
    create.options = transform.ToOptions(context->withOptions()->optionList());
    create.options_span = transform.SpanOf(context->withOptions());
  }
  return create;
}

Drop ToDrop(const Transform& transform, P::DropContext* context) {
  Drop drop;
  drop.object = context->TABLE() != nullptr      ? ObjectKind::kTable
                : context->VIEW() != nullptr     ? ObjectKind::kView
                : context->DATABASE() != nullptr ? ObjectKind::kDatabase
                                                 : ObjectKind::kCatalog;
  drop.name = transform.ToObjectName(context->objectName());
  drop.temporary = context->TEMPORARY() != nullptr;
  drop.if_exists = context->ifExists() != nullptr;
  drop.cascade = context->CASCADE() != nullptr;
  return drop;
}

Use ToUse(const Transform& transform, P::UseContext* context) {
  if (context->objectName() != nullptr) {
    return {ObjectKind::kDatabase, transform.ToObjectName(context->objectName())};
  }
  const Name name = transform.ToName(context->identifier());
  return {ObjectKind::kCatalog, {{name}, name.span}};
}

// "CREATE FUNCTION": the verb and the kind of object, without the words between them.
Unsupported ToUnsupported(const Transform& transform, P::UnsupportedStatementContext* context) {
  std::string what = ToUpper(context->getStart()->getText());
  for (const size_t object :
       {P::FUNCTION, P::MODEL, P::CONNECTION, P::JAR, P::MODULE, P::MODULES}) {
    if (Has(context, object)) {
      what += " " + ToUpper(context->getToken(object, 0)->getText());
      break;
    }
  }
  if (Has(context, P::MATERIALIZED)) what += " MATERIALIZED TABLE";
  if (what == "ALTER") what += Has(context, P::SYSTEM) ? " SYSTEM" : " SESSION";
  if (what == "TRUNCATE" || what == "ANALYZE") what += " TABLE";
  return {std::move(what), transform.TextOf(context), ""};
}

}  // namespace

bool Has(antlr4::ParserRuleContext* context, size_t type) {
  return context != nullptr && context->getToken(type, 0) != nullptr;
}

std::string Transform::TextOf(const antlr4::ParserRuleContext* context) const {
  return std::string(source.Text(source.Of(context)));
}

void Transform::Error(DiagnosticCode code, Span span, std::string message, std::string hint) const {
  diagnostics->emplace_back(code, span, std::move(message), std::move(hint));
}

void Transform::SyntaxError(Span span, std::string message, std::string hint) const {
  Error(DiagnosticCode::kSyntaxError, span, std::move(message), std::move(hint));
}

void Transform::RequireExtension(Span span, std::string_view what, std::string hint) const {
  if (!options.strict) return;
  Error(DiagnosticCode::kNotFlinkSql, span, fmt::format("{} is not part of Flink SQL", what),
        std::move(hint));
}

void Transform::NotSupported(Span span, std::string_view what, std::string hint) const {
  Error(DiagnosticCode::kNotSupported, span, fmt::format("Millrace does not support {}", what),
        std::move(hint));
}

void Transform::NestedTooDeep(Span span, std::string hint) const {
  Error(DiagnosticCode::kTooComplex, span,
        fmt::format("the statement is nested more than {} levels deep", kNestingMax),
        std::move(hint));
}

void Transform::RejectParameter(Span span) const {
  NotSupported(span, "parameters", "Write the value itself.");
}

Statement Transform::ToStatement(P::StatementContext* context) const {
  Statement statement;
  if (auto* create = context->createTable()) {
    statement.node = ToCreateTable(create);
  } else if (auto* view = context->createView()) {
    statement.node = ToCreateView(view);
  } else if (auto* database = context->createDatabase()) {
    statement.node = ToCreateDatabase(*this, database);
  } else if (auto* catalog = context->createCatalog()) {
    statement.node = ToCreateCatalog(*this, catalog);
  } else if (auto* drop = context->drop()) {
    statement.node = ToDrop(*this, drop);
  } else if (auto* alter_table = context->alterTable()) {
    if (dynamic_cast<P::CompactContext*>(alter_table->tableChange()) != nullptr) {
      statement.node = Unsupported{"ALTER TABLE ... COMPACT", TextOf(context), ""};
    } else {
      statement.node = ToAlterTable(alter_table);
    }
  } else if (auto* alter_view = context->alterView()) {
    statement.node = ToAlterView(alter_view);
  } else if (auto* alter_database = context->alterDatabase()) {
    statement.node = ToAlterDatabase(alter_database);
  } else if (auto* alter_catalog = context->alterCatalog()) {
    statement.node = ToAlterCatalog(alter_catalog);
  } else if (auto* use = context->use()) {
    statement.node = ToUse(*this, use);
  } else if (auto* set = context->setStatement()) {
    statement.node = ToSet(set);
  } else if (auto* reset = context->resetStatement()) {
    statement.node = ToReset(reset);
  } else if (auto* insert = context->insert()) {
    statement.node = ToInsert(insert);
  } else if (auto* query = context->query()) {
    statement.node = Select{ToQuery(query)};
  } else if (auto* inserts = context->statementSet()) {
    statement.node = ToStatementSet(inserts);
  } else if (context->BEGIN() != nullptr) {
    statement.node = BeginStatementSet{};
  } else if (context->END() != nullptr) {
    statement.node = EndStatementSet{};
  } else if (auto* explain = context->explain()) {
    statement.node = ToExplain(explain);
  } else if (auto* show = context->show()) {
    statement = ToShow(show);
  } else if (auto* describe = context->describe()) {
    statement = ToDescribe(describe);
  } else if (auto* stop = context->stopJob()) {
    statement.node = ToStopJob(stop);
  } else if (auto* compile = context->compilePlan()) {
    statement.node = ToCompilePlan(compile);
  } else if (auto* execute = context->executePlan()) {
    statement.node = ExecutePlan{ToText(execute->text()), SpanOf(execute->text())};
  } else {
    statement.node = ToUnsupported(*this, context->unsupportedStatement());
  }
  statement.span = SpanOf(context);
  return statement;
}

}  // namespace millrace::sql
