// The face of the compiler library: SQL statements in, plans and results out. It opens no socket
// and starts no thread; the connectors it is given may be records that only describe themselves.
//
//   millrace::Session session(connectors);
//   millrace::Diagnostics diagnostics;
//   auto outcome = session.Execute("INSERT INTO t SELECT * FROM s", 0, &diagnostics);
//   if (outcome && outcome->kind == millrace::Outcome::Kind::kInsert) Run(outcome->plan);
//
// A Session is used by one thread at a time; several sessions are independent of each other. No
// exception leaves it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "connectors/connector.h"
#include "plan/plan.h"
#include "plan/settings.h"
#include "sql/statement.h"

namespace millrace {

// A small result that the session itself gives: SHOW, DESCRIBE, EXPLAIN, SET.
struct ResultTable {
  std::vector<std::string> headings;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

struct Outcome {
  enum class Kind : unsigned char {
    kDone,         // the session changed (or nothing had to be done)
    kTable,        // rows to show
    kInsert,       // a job to run: plan
    kSelect,       // a query to run: plan
    kShowJobs,     // what follows is for whoever runs the jobs
    kDescribeJob,  // job_id
    kStopJob,      // job_id, with_savepoint, with_drain
    kCompilePlan,  // plan to be written to path; if_not_exists; and to be run, if execute
    kExecutePlan,  // the plan at path to be run
  };
  Kind kind = Kind::kDone;
  ResultTable table;
  Plan plan;
  std::string job_id;
  bool with_savepoint = false;
  bool with_drain = false;
  std::string path;
  bool if_not_exists = false;
  bool execute = false;
};

class Catalogs;

class Session final {
 public:
  // `connectors` must outlive the session.
  explicit Session(std::span<const Connector* const> connectors);
  ~Session();
  Session(Session&&) noexcept;

  // Parses, binds and applies one statement; `offset` is where it begins in its script, so that
  // diagnostics have places in the script. A statement applies wholly or, with an error in
  // `diagnostics` and nothing returned, not at all. Warnings are added either way.
  std::optional<Outcome> Execute(std::string_view statement, size_t offset,
                                 Diagnostics* diagnostics);

  // A value from outside of the script, such as -D: checked as SET does, and SET and RESET in the
  // script do not change it (a SET that would warns once).
  bool SetValue(std::string_view key, std::string_view value, Diagnostics* diagnostics);

  const Settings& settings() const { return settings_; }
  // Behind BEGIN STATEMENT SET and before its END.
  bool in_statement_set() const { return statement_set_.has_value(); }
  std::span<const Connector* const> connectors() const { return connectors_; }
  // Tables and views of the current database, for completion.
  std::vector<std::string> TableNames() const;
  // Of a table or view as a user would write its name; empty if there is none.
  std::vector<std::string> ColumnNames(std::string_view table) const;

 private:
  friend class StatementRunner;

  std::optional<Outcome> ExecuteChecked(std::string_view statement, size_t offset,
                                        Diagnostics* diagnostics);

  const std::span<const Connector* const> connectors_;
  Settings settings_;
  std::unique_ptr<Catalogs> catalogs_;
  // BEGIN STATEMENT SET ... END: the INSERTs so far; nothing outside of it.
  std::optional<std::vector<sql::Insert>> statement_set_;
};

}  // namespace millrace
