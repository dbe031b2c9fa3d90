// Kinds of differences that are meant: Flink is wrong, or ours is documented as better. Each is a
// rule over the expression and the two values, never a list of expressions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/regex.h"
#include "base/status.h"

class Kind final {
 public:
  std::string name;
  std::string documented;  // a sentence of docs/sql.md
  // Patterns that have to be found in the expression, and in the values ("NULL" for NULL); an
  // absent one is found everywhere.
  std::optional<millrace::Regex> expression;
  std::optional<millrace::Regex> flink;
  std::optional<millrace::Regex> ours;
  double relative = 0;  // if not 0: both are numbers that differ by at most that share

  bool Explains(std::string_view text, std::string_view flink_value, std::string_view our_value);
};

// `docs` is the text that has to document them all: an error names the kind that it does not.
millrace::Result<std::vector<Kind>> ReadKinds(const std::string& path, std::string_view docs);
