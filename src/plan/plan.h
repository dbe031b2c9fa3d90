// A physical plan: everything a run needs and nothing else. Plain immutable data: printable
// (Explain), comparable, fingerprinted, JSON in and out. One plan per job: an INSERT, a statement
// set, or a SELECT.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "connectors/connector.h"
#include "expr/program.h"
#include "row/schema.h"

namespace millrace {

struct PlanTable {
  // Without quotes: default_catalog.default_database.t
  std::string name;
  std::string connector;                       // 'connector' = '...'
  std::map<std::string, std::string> options;  // checked texts, defaults and secrets included
  Schema schema;                               // as declared: physical and metadata columns

  // The source of SELECT without FROM and of VALUES: one row without columns. It needs no connector
  // to run; plan files and fingerprints have always shown it as a table of connector `values`,
  // which no CREATE TABLE can make, because that needs columns.
  static constexpr std::string_view kSingleRowConnector = "values";
  static PlanTable SingleRow();
  bool is_single_row() const;

  bool operator==(const PlanTable&) const = default;
};

// A table that is read: once, even if several flows need its rows.
struct PlanSource {
  PlanTable table;
  std::vector<uint32_t> columns;  // slot i holds table.schema.columns[columns[i]]
  int64_t limit = -1;             // rows that are enough (LIMIT without a filter)
  bool operator==(const PlanSource&) const = default;
};

// Where rows go. INSERT: a table. SELECT: nowhere, connector and options are empty; the names in
// schema.columns are the headings of the result.
struct PlanSink {
  PlanTable table;
  std::vector<uint32_t> columns;  // written columns: indexes into table.schema.columns
  std::vector<uint32_t> slots;    // slot that holds columns[i], whichever flow the row comes from
  std::vector<Type> types;        // type of slots[i]
  bool updates = false;           // rows other than +I may come
  int64_t limit = -1;             // rows it writes at most; -1: all
  bool operator==(const PlanSink&) const = default;
};

// Rows from a source to a sink: a projection with a filter. Every source and every sink has at
// least one flow: UNION ALL has several flows into one sink, a statement set several from one
// source.
struct PlanFlow {
  uint32_t source = 0;  // index into Plan::sources
  uint32_t sink = 0;    // index into Plan::sinks
  Program program;
  // As SQL, for EXPLAIN: what is selected, and the condition if there is one.
  std::vector<std::string> select;
  std::string where;
  bool operator==(const PlanFlow&) const = default;
};

// What happens after a transient failure.
struct RestartStrategy {
  int64_t attempts = -1;  // restarts before the job fails; -1: no limit
  int64_t window_ms = 0;  // in which failures are counted; 0: since the latest checkpoint
  int64_t delay_ms = 1'000;
  int64_t delay_max_ms = 60'000;
  double multiplier = 2;  // of the delay, at every restart
  bool operator==(const RestartStrategy&) const = default;
};

struct Plan {
  static constexpr int kVersion = 2;

  std::string job;  // pipeline.name or insert-into_<catalog>.<database>.<table>
  bool is_select = false;
  std::vector<PlanSource> sources;
  std::vector<PlanFlow> flows;
  std::vector<PlanSink> sinks;  // a SELECT has one

  // Settings that a run needs.
  int64_t checkpoint_interval_ms = 10'000;
  std::string checkpoint_dir;  // empty: the default
  int checkpoints_retained = 3;
  int parallelism = 1;
  std::string time_zone;  // table.local-time-zone; empty: the system's
  RestartStrategy restart;

  // Cells of a row of that source: its columns and the widest of its programs.
  uint32_t StrideOf(size_t source) const;

  bool operator==(const Plan&) const = default;
};

// The plan as JSON (schema: docs/plan.md). Secrets are written as "***" unless `with_secrets`.
std::string ToJson(const Plan& plan, bool with_secrets = false);
Result<Plan> PlanFromJson(std::string_view json, std::span<const Connector* const> connectors);

// A fingerprint of what a checkpoint depends on (source, columns, program, target; not passwords,
// host names, interval or parallelism): 16 hex digits, the same on every machine.
std::string Fingerprint(const Plan& plan);
// What the fingerprint covers, as readable lines "source.options.table-name: employees_[0-9]+"; a
// checkpoint keeps them so that a mismatch can be shown as a difference.
std::vector<std::string> FingerprintLines(const Plan& plan);
// Whether a checkpoint with these lines fits the plan, though its fingerprint is another one: what
// an option without a value says does not count, nor one that may change, nor which tables are
// captured by a source that is to read those that were added ('scan.newly-added-table.enabled').
bool FitsLines(const Plan& plan, const std::vector<std::string>& lines);

struct ExplainDetails {
  bool changelog_mode = false;  // CHANGELOG_MODE: which kinds of rows leave an operator
  bool json = false;            // JSON_EXECUTION_PLAN: the plan as JSON at the end
};

// The text of EXPLAIN: Flink's headings and trees, our operator names.
std::string Explain(const Plan& plan, std::span<const Connector* const> connectors,
                    const ExplainDetails& details = {});

}  // namespace millrace
