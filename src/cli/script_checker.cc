#include "cli/script_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text_file.h"
#include "cli/exit_status.h"
#include "cli/findings.h"
#include "engine/plan_file.h"

namespace millrace {
namespace {

std::string_view TextOf(const ScriptStep& step) {
  return std::string_view(step.script.text)
      .substr(step.piece.begin, step.piece.end - step.piece.begin);
}

// Goes through scripts as a run would, up to the first error.
class TrialRun final {
 public:
  TrialRun(StatementCompiler compiler, const Console& console)
      : compiler_(std::move(compiler)), console_(console) {}

  std::string FirstError(const std::vector<Script>& scripts) {
    for (const Script& script : scripts) {
      const bool whole = WalkScript(script, [this](const ScriptStep& step) { return Try(step); });
      if (!whole) return error_;
    }
    if (!compiler_.session().in_statement_set()) return {};
    return fmt::format("error: {}\n", kOpenStatementSet);
  }

 private:
  // False: the walk ends, at QUIT or at an error.
  bool Try(const ScriptStep& step) {
    if (!step.error.empty())
      return Fail({{DiagnosticCode::kFileError, step.span(), step.error}}, step.script);
    if (step.command) return step.command->kind != ShellCommandKind::kQuit;
    Diagnostics diagnostics;
    const std::optional<Outcome> outcome =
        compiler_.Compile(step.script.text, step.piece, &diagnostics);
    if (!outcome) return Fail(diagnostics, step.script);
    if (const auto* compile = std::get_if<CompilePlan>(&*outcome)) {
      written_.insert(PathOf(compile->path));
    }
    const auto* execute = std::get_if<ExecutePlan>(&*outcome);
    if (execute == nullptr || written_.contains(PathOf(execute->path))) return true;
    const Result<Plan> plan = ReadPlanFile(execute->path, compiler_.session().connectors());
    if (plan.ok()) return true;
    error_ = fmt::format("error: {}\n", plan.status().message());
    return false;
  }

  bool Fail(const Diagnostics& diagnostics, const Script& script) {
    error_ = console_.Draw(diagnostics, script.name, script.text);
    return false;
  }

  StatementCompiler compiler_;
  const Console& console_;
  std::set<std::string> written_;  // plan files of COMPILE PLAN statements
  std::string error_;
};

}  // namespace

std::string FirstError(const std::vector<Script>& scripts, StatementCompiler compiler,
                       const Console& console) {
  return TrialRun(std::move(compiler), console).FirstError(scripts);
}

int ScriptChecker::Check(const Script& script) {
  int status = kExitOk;
  WalkScript(script, [&](const ScriptStep& step) {
    if (step.command && step.error.empty()) return true;
    Diagnostics diagnostics;
    if (!step.error.empty()) {
      diagnostics.push_back({DiagnosticCode::kFileError, step.span(), step.error});
      status = kExitSql;
    } else {
      const bool accepted =
          compiler_.Compile(step.script.text, step.piece, &diagnostics).has_value();
      if (!accepted) status = kExitSql;
      follow_on_errors_.Note(TextOf(step), accepted);
      follow_on_errors_.Suppress(step.script.text, &diagnostics);
    }
    console_.Show(diagnostics, step.script.name, step.script.text);
    return true;
  });
  return status;
}

bool ScriptChecker::ForEachPlan(const Script& script, const std::function<void(const Plan&)>& use) {
  return WalkScript(script, [&](const ScriptStep& step) {
    Diagnostics diagnostics;
    std::optional<Outcome> outcome;
    if (!step.error.empty()) {
      diagnostics.push_back({DiagnosticCode::kFileError, step.span(), step.error});
    } else if (step.command) {
      return true;
    } else {
      outcome = compiler_.Compile(step.script.text, step.piece, &diagnostics);
    }
    console_.Show(diagnostics, step.script.name, step.script.text);
    if (!outcome) return false;
    if (const Plan* plan = PlanOf(*outcome)) use(*plan);
    return true;
  });
}

int ScriptChecker::Explain(const Script& script) {
  const bool whole = ForEachPlan(script, [this](const Plan& plan) {
    console_.Print(console_.options().json
                       ? ToJson(plan)
                       : millrace::Explain(plan, compiler_.session().connectors()) + "\n");
  });
  return whole ? kExitOk : kExitSql;
}

int ScriptChecker::Preflight(const Script& script, const JobEnvironment& environment) {
  std::vector<Finding> findings;
  const bool whole = ForEachPlan(script, [&](const Plan& plan) {
    for (Finding& finding : CheckPlanSources(plan, environment)) {
      const bool is_new = std::find(findings.begin(), findings.end(), finding) == findings.end();
      if (is_new) findings.push_back(std::move(finding));
    }
  });
  console_.Print(FindingsText(findings, console_.options().json));
  return whole ? StatusOf(findings) : kExitSql;
}

int ScriptChecker::CheckEnd() const {
  if (!compiler_.session().in_statement_set()) return kExitOk;
  return console_.Fail(kExitSql, std::string(kOpenStatementSet));
}

}  // namespace millrace
