#include "plan/statement_runner.h"

#include "base/quote.h"
#include "plan/definitions.h"
#include "plan/describe.h"
#include "plan/planner.h"
#include "plan/show.h"

namespace millrace {
namespace {

std::optional<Outcome> DoneIf(bool accepted) {
  if (!accepted) return std::nullopt;
  return Done{};
}

// A statement that only yields a plan or a table, as the outcome of that kind.
template <typename What>
std::optional<Outcome> OutcomeOf(std::optional<What> what) {
  if (!what) return std::nullopt;
  return std::move(*what);
}

// Dispatches on the kind of a statement.
class StatementRunner final {
 public:
  StatementRunner(SessionState* session, Span span, Diagnostics* diagnostics)
      : session_(*session),
        catalogs_(session->catalogs),
        span_(span),
        diagnostics_(diagnostics),
        context_{session->connectors, session->catalogs, session->settings, diagnostics},
        definitions_(&session->catalogs, context_, span) {}

  std::optional<Outcome> operator()(const sql::CreateTable& create) {
    std::optional<Plan> job;
    if (!definitions_.CreateTable(create, &job)) return std::nullopt;
    return job ? Outcome(InsertJob{std::move(*job)}) : Outcome(Done{});
  }
  std::optional<Outcome> operator()(const sql::CreateView& create) {
    return DoneIf(definitions_.CreateView(create));
  }
  std::optional<Outcome> operator()(const sql::Drop& drop) {
    switch (drop.object) {
      case sql::ObjectKind::kCatalog:
        return DoneIf(catalogs_.DropCatalog(drop, diagnostics_));
      case sql::ObjectKind::kDatabase:
        return DoneIf(catalogs_.DropDatabase(drop, diagnostics_));
      default:
        return DoneIf(definitions_.Drop(drop));
    }
  }
  std::optional<Outcome> operator()(const sql::Alter& alter) {
    const bool container =
        alter.object == sql::ObjectKind::kCatalog || alter.object == sql::ObjectKind::kDatabase;
    return DoneIf(container ? catalogs_.Alter(alter, diagnostics_) : definitions_.Alter(alter));
  }
  std::optional<Outcome> operator()(const sql::CreateDatabase& create) {
    return DoneIf(catalogs_.Create(create, diagnostics_));
  }
  std::optional<Outcome> operator()(const sql::CreateCatalog& create) {
    return DoneIf(catalogs_.Create(create, diagnostics_));
  }
  std::optional<Outcome> operator()(const sql::Use& use) {
    return DoneIf(catalogs_.Use(use, diagnostics_));
  }

  std::optional<Outcome> operator()(const sql::Set& set) {
    if (!set.setting) return ShowSettings();
    const sql::OptionPair& setting = *set.setting;
    return DoneIf(session_.settings.Set(setting.key, setting.value, setting.key_span,
                                        setting.value_span, diagnostics_));
  }
  std::optional<Outcome> operator()(const sql::Reset& reset) {
    if (reset.key) {
      session_.settings.Reset(reset.key->text);
    } else {
      session_.settings.ResetAll();
    }
    return Done{};
  }

  std::optional<Outcome> operator()(const sql::Insert& insert) {
    if (!session_.statement_set) return InsertOutcome(PlanInserts({&insert, 1}, context_));
    std::optional<MatchedInsert> matched = MatchInsert(insert, context_);
    if (!matched) return std::nullopt;
    session_.statement_set->push_back(std::move(*matched));
    return Done{};
  }
  std::optional<Outcome> operator()(const sql::StatementSet& set) {
    return InsertOutcome(PlanInserts(set.inserts, context_));
  }
  std::optional<Outcome> operator()(const sql::BeginStatementSet&) {
    session_.statement_set.emplace();
    return Done{};
  }
  std::optional<Outcome> operator()(const sql::EndStatementSet&) {
    if (!session_.statement_set) {
      context_.Error(DiagnosticCode::kMisplaced, span_,
                     "No Statement Set to submit, \"END;\" command should be used after \"BEGIN "
                     "STATEMENT SET;\"");
      return std::nullopt;
    }
    std::vector<MatchedInsert> inserts = std::move(*session_.statement_set);
    session_.statement_set.reset();
    if (inserts.empty()) return Done{};
    return InsertOutcome(PlanInserts(std::move(inserts), context_));
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
        context_.Report(NoEffect(detail.span, detail.text));
      }
    }
    std::optional<Plan> plan = PlanOnly(*explain.statement);
    if (!plan) return std::nullopt;
    if (explain.preflight) return CheckSources{std::move(*plan)};
    return ResultTable{{"result"}, {{millrace::Explain(*plan, session_.connectors, details)}}};
  }
  std::optional<Outcome> operator()(const sql::CompilePlan& compile) {
    std::optional<Plan> plan = PlanOnly(*compile.statement);
    if (!plan) return std::nullopt;
    return CompilePlan{std::move(*plan), compile.path, compile.if_not_exists, compile.execute};
  }
  std::optional<Outcome> operator()(const sql::ExecutePlan& execute) {
    return ExecutePlan{execute.path};
  }

  std::optional<Outcome> operator()(const sql::Show& show) {
    if (show.kind == sql::ShowKind::kJobs) return ShowJobs{};
    return OutcomeOf(RunShow(show, span_, context_));
  }
  std::optional<Outcome> operator()(const sql::Describe& describe) {
    if (describe.kind == sql::DescribeKind::kJob) {
      return DescribeJob{describe.name.parts.back().text};
    }
    return OutcomeOf(RunDescribe(describe, context_));
  }
  std::optional<Outcome> operator()(const sql::StopJob& stop) {
    return StopJob{stop.job.text, stop.with_savepoint, stop.with_drain};
  }

  std::optional<Outcome> operator()(const sql::Unsupported& unsupported) {
    context_.Report(NotSupported(span_, unsupported.what, unsupported.hint));
    return std::nullopt;
  }

 private:
  // The plan of the statement in an EXPLAIN or COMPILE PLAN; the session does not change.
  std::optional<Plan> PlanOnly(const sql::Statement& statement) {
    if (const auto* select = std::get_if<sql::Select>(&statement.node)) {
      return PlanSelect(select->query, context_);
    }
    if (const auto* insert = std::get_if<sql::Insert>(&statement.node)) {
      return PlanInserts({insert, 1}, context_);
    }
    if (const auto* set = std::get_if<sql::StatementSet>(&statement.node)) {
      return PlanInserts(set->inserts, context_);
    }
    const auto* create = std::get_if<sql::CreateTable>(&statement.node);
    return create == nullptr ? std::nullopt : definitions_.PlanOfCreateAs(*create);
  }

  static std::optional<Outcome> InsertOutcome(std::optional<Plan> plan) {
    if (!plan) return std::nullopt;
    return InsertJob{std::move(*plan)};
  }

  ResultTable ShowSettings() const {
    ResultTable table{{"key", "value"}, {}};
    for (const auto& [key, value] : session_.settings.values()) {
      table.rows.push_back({key, IsSecret(key, {}) ? std::string(kRedacted) : value});
    }
    return table;
  }

  SessionState& session_;
  Catalogs& catalogs_;
  const Span span_;
  Diagnostics* diagnostics_;
  const PlanContext context_;
  Definitions definitions_;
};

}  // namespace

std::optional<Outcome> RunStatement(const sql::Statement& statement, SessionState* session,
                                    Diagnostics* diagnostics) {
  return std::visit(StatementRunner(session, statement.span, diagnostics), statement.node);
}

}  // namespace millrace
