// A small result made of texts: SHOW, DESCRIBE, EXPLAIN, SET, and tables about jobs.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace millrace {

struct ResultTable {
  std::vector<std::string> headings;
  std::vector<std::vector<std::optional<std::string>>> rows;  // nothing: NULL
};

}  // namespace millrace
