// What a query means before it is compiled: rows of sources as rows of a relation.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "expr/expression.h"
#include "plan/table_definition.h"

namespace millrace {

// The tables that a query or a job reads, each once.
class JobSources final {
 public:
  // The index of the table; the same table with the same options has one index.
  uint32_t Add(std::shared_ptr<const TableDefinition> table);
  const TableDefinition& operator[](size_t index) const { return *tables_[index]; }
  const std::vector<std::shared_ptr<const TableDefinition>>& tables() const { return tables_; }

 private:
  std::vector<std::shared_ptr<const TableDefinition>> tables_;
};

// Rows of one source as rows of a relation. Slots are indexes into the source's schema.
struct Flow {
  uint32_t source = 0;  // index into the JobSources
  std::vector<BoundExpression> columns;
  std::vector<BoundExpression> filters;  // all must be TRUE
};

// The result of a query: the rows of all flows together.
struct Relation {
  std::vector<std::string> names;
  std::vector<Span> spans;  // where each column was written
  std::vector<Flow> flows;
  std::optional<int64_t> limit;
  Span limit_span;
  // For the query that has this relation in its FROM: what may qualify its columns, and which of
  // them * leaves out.
  std::vector<std::string> path;
  std::vector<bool> hidden;  // empty: none

  const Type& type(size_t column) const { return flows.front().columns[column].type; }
  bool InStar(size_t column) const { return hidden.empty() || !hidden[column]; }
};

// The second column of a name that an earlier one has; nothing if all differ.
std::optional<size_t> RepeatedName(const std::vector<std::string>& names);

// Casts a column of all flows to `type`.
void CastColumn(size_t column, const Type& type, Relation* relation);

}  // namespace millrace
