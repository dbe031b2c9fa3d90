#include "plan/compiler.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "plan/session_state.h"
#include "plan/statement_runner.h"
#include "sql/parser.h"

namespace millrace {

const Plan* PlanOf(const Outcome& outcome) {
  if (const auto* insert = std::get_if<InsertJob>(&outcome)) return &insert->plan;
  if (const auto* select = std::get_if<SelectQuery>(&outcome)) return &select->plan;
  if (const auto* check = std::get_if<CheckSources>(&outcome)) return &check->plan;
  if (const auto* compile = std::get_if<CompilePlan>(&outcome)) return &compile->plan;
  return nullptr;
}

Session::Session(std::span<const Connector* const> connectors)
    : state_(std::make_unique<SessionState>()) {
  state_->connectors = connectors;
}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session::Session(const Session& other) : state_(std::make_unique<SessionState>(*other.state_)) {}

std::optional<Outcome> Session::Execute(std::string_view statement, size_t offset,
                                        Diagnostics* diagnostics, sql::Surroundings surroundings) {
  const auto before = static_cast<std::ptrdiff_t>(diagnostics->size());
  std::optional<Outcome> outcome;
  try {
    outcome = ExecuteChecked(statement, offset, diagnostics, surroundings);
  } catch (const std::exception& error) {  // out of memory, or a mistake of ours
    diagnostics->emplace_back(DiagnosticCode::kInternalError, Span{offset, offset + 1},
                              fmt::format("the statement cannot be compiled: {}", error.what()));
  }
  // Names are resolved in another order than they are written in: FROM before SELECT.
  std::stable_sort(
      diagnostics->begin() + before, diagnostics->end(),
      [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin < b.span.begin; });
  return outcome;
}

std::optional<Outcome> Session::ExecuteChecked(std::string_view statement, size_t offset,
                                               Diagnostics* diagnostics,
                                               sql::Surroundings surroundings) {
  const sql::ParseOptions options{state_->settings.Boolean("millrace.strict-flink"), surroundings};
  const std::optional<sql::Statement> parsed = sql::Parse(statement, offset, diagnostics, options);
  if (!parsed) return std::nullopt;
  const bool in_set = std::holds_alternative<sql::Insert>(parsed->node) ||
                      std::holds_alternative<sql::EndStatementSet>(parsed->node);
  if (state_->statement_set && !in_set) {
    diagnostics->emplace_back(DiagnosticCode::kMisplaced, parsed->span,
                              "Only INSERT statement is allowed in Statement Set",
                              "Write END; first.");
    return std::nullopt;
  }
  return RunStatement(*parsed, state_.get(), diagnostics);
}

bool Session::SetValue(std::string_view key, std::string_view value, Diagnostics* diagnostics) {
  return state_->settings.Fix(key, value, diagnostics);
}

const Settings& Session::settings() const { return state_->settings; }
bool Session::in_statement_set() const { return state_->statement_set.has_value(); }
std::span<const Connector* const> Session::connectors() const { return state_->connectors; }

std::vector<std::string> Session::TableNames() const { return state_->catalogs.NamesOf(true); }

std::vector<std::string> Session::ColumnNames(std::string_view table) const {
  sql::ObjectName name;
  for (std::string part : Split(table, '.')) {
    std::erase(part, '`');
    name.parts.push_back({std::move(part), {}});
  }
  Diagnostics ignored;
  const CatalogObject* object = state_->catalogs.FindObject(name, &ignored);
  if (object == nullptr) return {};
  if (!object->is_view()) return object->table->ColumnNames();
  std::vector<std::string> names;
  for (const Column& column : object->view->schema.columns) names.push_back(column.name);
  return names;
}

}  // namespace millrace
