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

#include <map>
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
    kInsert,       // a job to run
    kSelect,       // a query to run
    kShowJobs,     // the jobs of whoever runs plans
    kDescribeJob,  // one of them: job_id
    kStopJob,      // an end to it: job_id, with_savepoint, with_drain
    kCompilePlan,  // a plan to write to a file: path, if_not_exists, execute, plan
    kExecutePlan,  // a plan to read from a file and to run: path
  };
  Kind kind = Kind::kDone;
  ResultTable table;
  Plan plan;
  std::string job_id;
  bool with_savepoint = false;
  bool with_drain = false;
  std::string path;
  bool if_not_exists = false;
  bool execute = false;  // COMPILE AND EXECUTE PLAN
};

struct TableDefinition;

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

  // The same as SET key = value, for -D and embedders.
  bool SetValue(std::string_view key, std::string_view value, Diagnostics* diagnostics);

  // What can be completed: unqualified names of tables, and of the columns of one ("t", "db.t",
  // "cat.db.t", without quotes) in declared order; none for a table that is not there.
  std::vector<std::string> TableNames() const;
  std::vector<std::string> ColumnNames(std::string_view table) const;

  const Settings& settings() const { return settings_; }
  std::span<const Connector* const> connectors() const { return connectors_; }

 private:
  friend class StatementRunner;

  const std::span<const Connector* const> connectors_;
  Settings settings_;
  std::map<std::string, std::shared_ptr<const TableDefinition>> tables_;  // plans share them
};

inline constexpr std::string_view kCatalog = "default_catalog";
inline constexpr std::string_view kDatabase = "default_database";

}  // namespace millrace
