#include "plan/compiler.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "plan/planner.h"
#include "plan/table_definition.h"
#include "sql/parser.h"
#include "sql/unparse.h"

namespace millrace {
namespace {

// Remedies for statements that parse and are not run.
std::string WhatInstead(const std::string& statement) {
  if (statement.starts_with("CREATE VIEW") || statement.starts_with("CREATE TEMPORARY VIEW")) {
    return "Write the query of the view into the INSERT.";
  }
  if (statement.starts_with("USE") || statement.starts_with("CREATE CATALOG") ||
      statement.starts_with("CREATE DATABASE")) {
    return "All tables live in default_catalog.default_database.";
  }
  if (statement.starts_with("BEGIN") || statement.starts_with("EXECUTE") || statement == "END") {
    return "Write the INSERTs one after the other; each is a job of its own.";
  }
  return "";
}

ResultTable OneColumn(std::string heading, std::vector<std::string> values) {
  ResultTable table{{std::move(heading)}, {}};
  for (std::string& value : values) table.rows.push_back({std::move(value)});
  return table;
}

}  // namespace

// Runs one parsed statement against a session.
class StatementRunner final {
 public:
  StatementRunner(Session* session, Diagnostics* diagnostics)
      : session_(*session), diagnostics_(diagnostics) {}

  std::optional<Outcome> operator()(const sql::CreateTable& create) {
    const std::optional<std::string> name = FullName(create.name);
    if (!name) return std::nullopt;
    if (session_.tables_.contains(*name)) {
      if (create.if_not_exists) return Outcome{};
      Error(create.name.span, fmt::format("table {} exists already", Quoted(Short(create.name))),
            "Drop it first, or write CREATE TABLE IF NOT EXISTS.");
      return std::nullopt;
    }
    auto table = DefineTable(create, *name, session_.connectors_, session_.settings_, diagnostics_);
    if (!table) return std::nullopt;
    session_.tables_[*name] = std::make_shared<TableDefinition>(std::move(*table));
    return Outcome{};
  }

  std::optional<Outcome> operator()(const sql::DropTable& drop) {
    const std::optional<std::string> name = FullName(drop.name);
    if (!name) return std::nullopt;
    if (session_.tables_.erase(*name) == 0 && !drop.if_exists) {
      NotDefined(drop.name);
      return std::nullopt;
    }
    return Outcome{};
  }

  std::optional<Outcome> operator()(const sql::Set& set) {
    if (!set.setting) {
      ResultTable table{{"key", "value"}, {}};
      for (const auto& [key, value] : session_.settings_.values())
        table.rows.push_back({key, value});
      return Table(std::move(table));
    }
    const sql::OptionPair& setting = *set.setting;
    if (!session_.settings_.Set(setting.key, setting.value, setting.key_span, setting.value_span,
                                diagnostics_)) {
      return std::nullopt;
    }
    return Outcome{};
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
    const TableDefinition* sink = Find(insert.target);
    const std::optional<const TableDefinition*> source = FindSource(insert.query);
    if (sink == nullptr || !source) return std::nullopt;
    return Run(PlanInsert(insert, *sink, *source, Context()), Outcome::Kind::kInsert);
  }

  std::optional<Outcome> operator()(const sql::Select& select) {
    const std::optional<const TableDefinition*> source = FindSource(select.query);
    if (!source) return std::nullopt;
    return Run(PlanSelect(select.query, *source, Context()), Outcome::Kind::kSelect);
  }

  std::optional<Outcome> operator()(const sql::Explain& explain) {
    for (const sql::Name& detail : explain.details) {
      diagnostics_->push_back(
          {detail.span, fmt::format("{} has no effect here", detail.text), "", Severity::kWarning});
    }
    const std::optional<Outcome> outcome = std::visit(*this, explain.statement->node);
    if (!outcome) return std::nullopt;
    return Table(OneColumn("result", {Explain(outcome->plan, session_.connectors_)}));
  }

  std::optional<Outcome> operator()(const sql::ShowTables&) {
    std::vector<std::string> names;
    for (const auto& [name, table] : session_.tables_)
      names.push_back(table->written.name.parts.back().text);
    return Table(OneColumn("table name", std::move(names)));
  }

  std::optional<Outcome> operator()(const sql::ShowCreateTable& show) {
    const TableDefinition* table = Find(show.name);
    if (table == nullptr) return std::nullopt;
    sql::CreateTable written = table->written;
    written.name.parts.clear();
    for (const std::string& part : Split(table->name, '.'))
      written.name.parts.push_back({part, {}});
    sql::Statement statement;
    statement.node = std::move(written);
    const auto is_secret = [&](std::string_view key) {
      return IsSecret(key, table->connector->options);
    };
    return Table(OneColumn("result", {sql::Unparse(statement, is_secret)}));
  }

  std::optional<Outcome> operator()(const sql::Describe& describe) {
    const TableDefinition* table = Find(describe.name);
    if (table == nullptr) return std::nullopt;
    std::vector<std::string> key;
    for (const uint32_t column : table->schema.key)
      key.push_back(table->schema.columns[column].name);
    ResultTable result{{"name", "type", "null", "key", "extras", "watermark"}, {}};
    for (const DeclaredColumn& column : table->columns) {
      const bool in_key = std::find(key.begin(), key.end(), column.name) != key.end();
      std::optional<std::string> extras;
      if (column.computed) {
        extras = "AS " + sql::Unparse(*column.computed);
      } else if (!table->schema.columns[*column.column].metadata_key.empty()) {
        extras =
            fmt::format("METADATA FROM '{}'{}", table->schema.columns[*column.column].metadata_key,
                        column.is_virtual ? " VIRTUAL" : "");
      }
      result.rows.push_back({column.name, ToString(column.type.Nullable()),
                             column.type.nullable ? "TRUE" : "FALSE",
                             in_key ? std::optional("PRI(" + Join(key, ", ") + ")") : std::nullopt,
                             extras, std::nullopt});
    }
    return Table(std::move(result));
  }

  std::optional<Outcome> operator()(const sql::Unsupported& unsupported) {
    Error(statement_span_, fmt::format("{} is not supported by this engine", unsupported.what),
          WhatInstead(unsupported.what));
    return std::nullopt;
  }

  void set_statement_span(Span span) { statement_span_ = span; }

 private:
  static std::string Short(const sql::TableName& name) { return name.parts.back().text; }

  static std::optional<Outcome> Table(ResultTable table) {
    Outcome outcome;
    outcome.kind = Outcome::Kind::kTable;
    outcome.table = std::move(table);
    return outcome;
  }

  static std::optional<Outcome> Run(std::optional<Plan> plan, Outcome::Kind kind) {
    if (!plan) return std::nullopt;
    Outcome outcome;
    outcome.kind = kind;
    outcome.plan = std::move(*plan);
    return outcome;
  }

  PlanContext Context() { return {session_.connectors_, session_.settings_, diagnostics_}; }

  void Error(Span span, std::string message, std::string hint = "") {
    diagnostics_->push_back({span, std::move(message), std::move(hint)});
  }

  // catalog.database.table; an error if catalog or database is not the one there is.
  std::optional<std::string> FullName(const sql::TableName& name) {
    const size_t parts = name.parts.size();
    const std::string_view expected[] = {kCatalog, kDatabase};
    for (size_t i = 0; i + 1 < parts; ++i) {
      const std::string_view wanted = expected[i + (parts == 2 ? 1 : 0)];
      if (name.parts[i].text != wanted) {
        Error(name.parts[i].span,
              fmt::format("{} {} is not known", parts == 3 && i == 0 ? "catalog" : "database",
                          Quoted(name.parts[i].text)),
              fmt::format("There is only {}.", wanted));
        return std::nullopt;
      }
    }
    return fmt::format("{}.{}.{}", kCatalog, kDatabase, Short(name));
  }

  void NotDefined(const sql::TableName& name) {
    std::vector<std::string> names;
    for (const auto& [full, table] : session_.tables_)
      names.push_back(table->written.name.parts.back().text);
    Error(name.span, fmt::format("table {} is not defined", Quoted(Short(name))),
          DidYouMean(Short(name), names));
  }

  const TableDefinition* Find(const sql::TableName& name) {
    const std::optional<std::string> full = FullName(name);
    if (!full) return nullptr;
    const auto entry = session_.tables_.find(*full);
    if (entry != session_.tables_.end()) return entry->second.get();
    NotDefined(name);
    return nullptr;
  }

  // Null for a query without FROM; nothing, with an error, for a table that is not there.
  std::optional<const TableDefinition*> FindSource(const sql::Query& query) {
    for (const sql::UnsupportedClause& clause : query.unsupported) {
      Error(clause.span, fmt::format("{} is not supported by this engine", clause.what));
    }
    if (!query.unsupported.empty()) return std::nullopt;
    if (!query.from) return nullptr;
    const TableDefinition* table = Find(query.from->name);
    if (table == nullptr) return std::nullopt;
    return table;
  }

  Session& session_;
  Diagnostics* diagnostics_;
  Span statement_span_;
};

Session::Session(std::span<const Connector* const> connectors) : connectors_(connectors) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;

std::optional<Outcome> Session::Execute(std::string_view statement, size_t offset,
                                        Diagnostics* diagnostics) {
  const std::optional<sql::Statement> parsed = sql::Parse(statement, offset, diagnostics);
  if (!parsed) return std::nullopt;
  StatementRunner runner(this, diagnostics);
  runner.set_statement_span(parsed->span);
  return std::visit(runner, parsed->node);
}

std::vector<std::string> Session::TableNames() const {
  std::vector<std::string> names;
  for (const auto& [full, table] : tables_) names.push_back(table->written.name.parts.back().text);
  return names;
}

std::vector<std::string> Session::ColumnNames(std::string_view table) const {
  for (const auto& [full, definition] : tables_) {
    const bool same = full == table || (full.ends_with(table) && full.size() > table.size() &&
                                        full[full.size() - table.size() - 1] == '.');
    if (!same) continue;
    std::vector<std::string> names;
    for (const DeclaredColumn& column : definition->columns) names.push_back(column.name);
    return names;
  }
  return {};
}

bool Session::SetValue(std::string_view key, std::string_view value, Diagnostics* diagnostics) {
  return settings_.Set(key, value, {}, {}, diagnostics);
}

}  // namespace millrace
