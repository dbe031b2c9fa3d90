#include "plan/compiler.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "plan/catalog.h"
#include "plan/definitions.h"
#include "plan/planner.h"
#include "plan/query.h"
#include "plan/show.h"
#include "sql/parser.h"
#include "sql/unparse.h"

namespace millrace {

const Plan* PlanOf(const Outcome& outcome) {
  if (const auto* insert = std::get_if<InsertJob>(&outcome)) return &insert->plan;
  if (const auto* select = std::get_if<SelectQuery>(&outcome)) return &select->plan;
  if (const auto* compile = std::get_if<CompilePlan>(&outcome)) return &compile->plan;
  return nullptr;
}

// Runs one parsed statement against a session.
class StatementRunner final {
 public:
  StatementRunner(Session* session, Span span, Diagnostics* diagnostics)
      : session_(*session),
        catalogs_(*session->catalogs_),
        span_(span),
        diagnostics_(diagnostics),
        context_{session->connectors_, *session->catalogs_, session->settings_, diagnostics},
        definitions_(session->catalogs_.get(), context_, span) {}

  std::optional<Outcome> operator()(const sql::CreateTable& create) {
    std::optional<Plan> job;
    if (!definitions_.CreateTable(create, &job)) return std::nullopt;
    return job ? Outcome{InsertJob{std::move(*job)}} : Outcome{};
  }
  std::optional<Outcome> operator()(const sql::CreateView& create) {
    return Done(definitions_.CreateView(create));
  }
  std::optional<Outcome> operator()(const sql::Drop& drop) {
    switch (drop.object) {
      case sql::ObjectKind::kCatalog:
        return Done(catalogs_.DropCatalog(drop, diagnostics_));
      case sql::ObjectKind::kDatabase:
        return Done(catalogs_.DropDatabase(drop, diagnostics_));
      default:
        return Done(definitions_.Drop(drop));
    }
  }
  std::optional<Outcome> operator()(const sql::Alter& alter) {
    const bool container =
        alter.object == sql::ObjectKind::kCatalog || alter.object == sql::ObjectKind::kDatabase;
    return Done(container ? catalogs_.Alter(alter, diagnostics_) : definitions_.Alter(alter));
  }
  std::optional<Outcome> operator()(const sql::CreateDatabase& create) {
    return Done(catalogs_.Create(create, diagnostics_));
  }
  std::optional<Outcome> operator()(const sql::CreateCatalog& create) {
    return Done(catalogs_.Create(create, diagnostics_));
  }
  std::optional<Outcome> operator()(const sql::Use& use) {
    return Done(catalogs_.Use(use, diagnostics_));
  }

  std::optional<Outcome> operator()(const sql::Set& set) {
    if (!set.setting) {
      ResultTable table{{"key", "value"}, {}};
      for (const auto& [key, value] : session_.settings_.values()) {
        const bool secret = IsSecret(key, {});
        table.rows.push_back({key, secret ? std::string(kRedacted) : value});
      }
      return table;
    }
    const sql::OptionPair& setting = *set.setting;
    return Done(session_.settings_.Set(setting.key, setting.value, setting.key_span,
                                       setting.value_span, diagnostics_));
  }

  std::optional<Outcome> operator()(const sql::Reset& reset) {
    if (reset.key) {
      session_.settings_.Reset(reset.key->text);
    } else {
      session_.settings_.ResetAll();
    }
    return Outcome{};
  }

  std::optional<Outcome> operator()(const sql::Insert& insert) {
    if (session_.statement_set_) {
      // Planned now to tell its errors here, and once more with the others.
      if (!PlanInserts({&insert, 1}, context_)) return std::nullopt;
      session_.statement_set_->push_back(insert);
      return Outcome{};
    }
    return RunInserts({&insert, 1});
  }

  std::optional<Outcome> operator()(const sql::StatementSet& set) {
    return RunInserts(set.inserts);
  }

  std::optional<Outcome> operator()(const sql::BeginStatementSet&) {
    session_.statement_set_.emplace();
    return Outcome{};
  }

  std::optional<Outcome> operator()(const sql::EndStatementSet&) {
    if (!session_.statement_set_) {
      Error(span_,
            "No Statement Set to submit, \"END;\" command should be used after \"BEGIN "
            "STATEMENT SET;\"");
      return std::nullopt;
    }
    const std::vector<sql::Insert> inserts = std::move(*session_.statement_set_);
    session_.statement_set_.reset();
    if (inserts.empty()) return Outcome{};
    return RunInserts(inserts);
  }

  std::optional<Outcome> operator()(const sql::Select& select) {
    std::optional<Plan> plan = PlanSelect(select.query, context_);
    if (!plan) return std::nullopt;
    return SelectQuery{std::move(*plan)};
  }

  std::optional<Outcome> operator()(const sql::Explain& explain) {
    ExplainDetails details;
    for (const sql::Name& detail : explain.details) {
      if (detail.text == "CHANGELOG_MODE") {
        details.changelog_mode = true;
      } else if (detail.text == "JSON_EXECUTION_PLAN") {
        details.json = true;
      } else {
        diagnostics_->push_back({detail.span, fmt::format("{} has no effect here", detail.text), "",
                                 Severity::kWarning});
      }
    }
    std::optional<Plan> plan;
    if (const auto* select = std::get_if<sql::Select>(&explain.statement->node)) {
      plan = PlanSelect(select->query, context_);
    } else if (const auto* insert = std::get_if<sql::Insert>(&explain.statement->node)) {
      plan = PlanInserts({insert, 1}, context_);
    } else if (const auto* set = std::get_if<sql::StatementSet>(&explain.statement->node)) {
      plan = PlanInserts(set->inserts, context_);
    } else if (const auto* create = std::get_if<sql::CreateTable>(&explain.statement->node)) {
      plan = definitions_.PlanCreateAs(*create);
    }
    if (!plan) return std::nullopt;
    return ResultTable{{"result"}, {{millrace::Explain(*plan, session_.connectors_, details)}}};
  }

  std::optional<Outcome> operator()(const sql::Show& show) {
    if (show.kind == sql::ShowKind::kJobs) return ShowJobs{};
    std::optional<ResultTable> table = RunShow(show, span_, context_);
    if (!table) return std::nullopt;
    return std::move(*table);
  }

  std::optional<Outcome> operator()(const sql::Describe& describe) {
    if (describe.kind == sql::DescribeKind::kJob) {
      return DescribeJob{describe.name.parts.back().text};
    }
    std::optional<ResultTable> table = RunDescribe(describe, span_, context_);
    if (!table) return std::nullopt;
    return std::move(*table);
  }

  std::optional<Outcome> operator()(const sql::StopJob& stop) {
    return StopJob{stop.job.text, stop.with_savepoint, stop.with_drain};
  }

  std::optional<Outcome> operator()(const sql::CompilePlan& compile) {
    std::optional<Plan> plan;
    if (const auto* insert = std::get_if<sql::Insert>(&compile.statement->node)) {
      plan = PlanInserts({insert, 1}, context_);
    } else {
      plan = PlanInserts(std::get<sql::StatementSet>(compile.statement->node).inserts, context_);
    }
    if (!plan) return std::nullopt;
    return CompilePlan{std::move(*plan), compile.path, compile.if_not_exists, compile.execute};
  }

  std::optional<Outcome> operator()(const sql::ExecutePlan& execute) {
    return ExecutePlan{execute.path};
  }

  std::optional<Outcome> operator()(const sql::Unsupported& unsupported) {
    Error(span_, fmt::format("{} is not supported by this engine", unsupported.what),
          unsupported.hint);
    return std::nullopt;
  }

 private:
  static std::optional<Outcome> Done(bool accepted) {
    if (!accepted) return std::nullopt;
    return Outcome{};
  }

  std::optional<Outcome> RunInserts(std::span<const sql::Insert> inserts) {
    std::optional<Plan> plan = PlanInserts(inserts, context_);
    if (!plan) return std::nullopt;
    return InsertJob{std::move(*plan)};
  }

  void Error(Span span, std::string message, std::string hint = "") {
    diagnostics_->push_back({span, std::move(message), std::move(hint)});
  }

  Session& session_;
  Catalogs& catalogs_;
  const Span span_;
  Diagnostics* diagnostics_;
  const PlanContext context_;
  Definitions definitions_;
};

Session::Session(std::span<const Connector* const> connectors)
    : connectors_(connectors), catalogs_(std::make_unique<Catalogs>()) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;

std::optional<Outcome> Session::Execute(std::string_view statement, size_t offset,
                                        Diagnostics* diagnostics) {
  const auto told_before = static_cast<std::ptrdiff_t>(diagnostics->size());
  std::optional<Outcome> outcome;
  try {
    outcome = ExecuteChecked(statement, offset, diagnostics);
  } catch (const std::exception& error) {  // memory running out, and what nobody thought of
    diagnostics->push_back({{offset, offset + 1},
                            fmt::format("the statement cannot be compiled: {}", error.what()),
                            ""});
  }
  // Names are resolved in another order than they are written in: FROM before SELECT.
  std::stable_sort(
      diagnostics->begin() + told_before, diagnostics->end(),
      [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin < b.span.begin; });
  return outcome;
}

std::optional<Outcome> Session::ExecuteChecked(std::string_view statement, size_t offset,
                                               Diagnostics* diagnostics) {
  const sql::ParseOptions options{settings_.Boolean("millrace.strict-flink")};
  const std::optional<sql::Statement> parsed = sql::Parse(statement, offset, diagnostics, options);
  if (!parsed) return std::nullopt;
  const bool in_set = std::holds_alternative<sql::Insert>(parsed->node) ||
                      std::holds_alternative<sql::EndStatementSet>(parsed->node);
  if (statement_set_ && !in_set) {
    diagnostics->push_back(
        {parsed->span, "Only INSERT statement is allowed in Statement Set", "Write END; first."});
    return std::nullopt;
  }
  return std::visit(StatementRunner(this, parsed->span, diagnostics), parsed->node);
}

bool Session::SetValue(std::string_view key, std::string_view value, Diagnostics* diagnostics) {
  return settings_.Fix(key, value, diagnostics);
}

std::vector<std::string> Session::TableNames() const { return catalogs_->NamesOf(true); }

std::vector<std::string> Session::ColumnNames(std::string_view table) const {
  sql::ObjectName name;
  for (std::string part : Split(table, '.')) {
    std::erase(part, '`');
    name.parts.push_back({std::move(part), {}});
  }
  Diagnostics ignored;
  const auto path = catalogs_->Resolve(name, &ignored);
  const CatalogObject* object = path ? catalogs_->Find(*path) : nullptr;
  std::vector<std::string> names;
  if (object == nullptr) return names;
  if (object->is_view()) {
    for (const Column& column : object->view->schema.columns) names.push_back(column.name);
  } else {
    for (const DeclaredColumn& column : object->table->columns) names.push_back(column.name);
  }
  return names;
}

}  // namespace millrace
