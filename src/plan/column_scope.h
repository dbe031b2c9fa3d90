// What column names mean inside of a query: the columns of the relation in FROM, each with the
// expression over the columns of a source that it stands for.
#pragma once

#include <string>
#include <vector>

#include "expr/expression.h"

namespace millrace {

struct ScopeColumn {
  std::string name;
  BoundExpression value;  // its slots are indexes into the schema of a source
  bool in_star = true;    // * stands for it too
  bool visible = true;    // false for a computed column while another one is bound
};

struct ColumnScope {
  // What may qualify a column: the alias alone, or the table's name of one to three parts.
  std::vector<std::string> path;
  std::vector<ScopeColumn> columns;
};

}  // namespace millrace
