// The face of the compiler library: SQL statements in, plans and results out. It opens no socket
// and starts no thread; the connectors it is given may be records that only describe themselves.
//
//   millrace::Session session(connectors);
//   millrace::Diagnostics diagnostics;
//   auto outcome = session.Execute("INSERT INTO t SELECT * FROM s", 0, &diagnostics);
//   if (auto* job = outcome ? std::get_if<millrace::InsertJob>(&*outcome) : nullptr)
//   Run(job->plan);
//
// A Session is used by one thread at a time; several sessions are independent of each other. No
// exception leaves it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/diagnostic.h"
#include "connectors/connector.h"
#include "plan/plan.h"
#include "plan/result_table.h"
#include "plan/settings.h"
#include "sql/splitter.h"

namespace millrace {

// What a statement comes to. The session itself runs those that end as Done or as a table; the rest
// is for the caller to run.
struct Done {};  // the session changed, or nothing had to be done
struct InsertJob {
  Plan plan;  // to be run as a job
};
struct SelectQuery {
  Plan plan;  // to be run, its rows are the result
};
struct CheckSources {
  Plan plan;  // whose servers are to be looked at; nothing is run
};
struct ShowJobs {};
struct DescribeJob {
  std::string job;  // id or name
};
struct StopJob {
  std::string job;  // id or name
  bool with_savepoint = false;
  bool with_drain = false;
};
struct CompilePlan {
  Plan plan;  // to be written to `path`
  std::string path;
  bool if_not_exists = false;
  bool execute = false;  // and to be run
};
struct ExecutePlan {
  std::string path;  // of the plan to be run
};
using Outcome = std::variant<Done, ResultTable, InsertJob, SelectQuery, CheckSources, ShowJobs,
                             DescribeJob, StopJob, CompilePlan, ExecutePlan>;

// The plan in an outcome; null if it has none.
const Plan* PlanOf(const Outcome& outcome);

struct SessionState;

// Catalogs with tables and views, settings, and the statements that change them.
class Session final {
 public:
  // `connectors` must outlive the session.
  explicit Session(std::span<const Connector* const> connectors);
  ~Session();
  Session(Session&&) noexcept;
  Session(const Session& other);  // a session of its own that is like the other one now

  // Parses, binds and applies one statement; `offset` is where it begins in its script, so that
  // spans of diagnostics are those of the script, and `surroundings` what the splitter says of it
  // (only where `millrace.strict-flink` is set does it matter). A statement applies wholly or, with
  // an error in `diagnostics` and nothing returned, not at all. Warnings are added either way.
  std::optional<Outcome> Execute(std::string_view statement, size_t offset,
                                 Diagnostics* diagnostics, sql::Surroundings surroundings = {});

  // A value from outside of the script, such as -D: checked as SET does, and SET and RESET in the
  // script do not change it (a SET that would warns once).
  bool SetValue(std::string_view key, std::string_view value, Diagnostics* diagnostics);

  const Settings& settings() const;
  // After BEGIN STATEMENT SET and before its END.
  bool in_statement_set() const;
  std::span<const Connector* const> connectors() const;
  // Tables and views of the current database, for completion.
  std::vector<std::string> TableNames() const;
  // Columns of a table or view, named as in SQL; empty if there is none.
  std::vector<std::string> ColumnNames(std::string_view table) const;

 private:
  std::optional<Outcome> ExecuteChecked(std::string_view statement, size_t offset,
                                        Diagnostics* diagnostics, sql::Surroundings surroundings);

  std::unique_ptr<SessionState> state_;
};

}  // namespace millrace
