// Which columns a job reads of its sources, and in which slots of a row its sinks find theirs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/relation.h"

namespace millrace {

// A flow of a job: rows of a source into a sink, everything resolved.
struct JobFlow {
  Flow flow;                       // its source is an index into JobParts::sources
  std::vector<std::string> names;  // of the columns
  uint32_t sink = 0;               // index into JobParts::targets
  Span span;                       // of the target's name in an INSERT
};

// A table that a job writes.
struct JobTarget {
  std::shared_ptr<const TableDefinition> table;  // null: the result of a SELECT
  PlanSink sink;
};

// What a job is made of before it is compiled.
struct JobParts {
  JobSources sources;
  std::vector<JobTarget> targets;
  std::vector<JobFlow> flows;
};

// What a plan says about a table.
PlanTable ToPlanTable(const TableDefinition& definition);

// The sources of the plan, each with the columns that some flow needs.
std::vector<PlanSource> NeededSources(const JobParts& job);

// Fills slots and types of the sinks that several flows lead to: they find their columns in the
// same slots of all rows, after the columns of the widest of these sources.
void PlaceSharedSinks(const std::vector<PlanSource>& sources, JobParts* job);

// Turns the slots of an expression from indexes into the source's schema to slots of a row, of
// which slot i holds columns[i].
void RenumberSlots(BoundExpression* expression, const std::vector<uint32_t>& columns);

}  // namespace millrace
