// Errors that only follow from another one: that a table, view, catalog or database is missing
// whose own CREATE was refused.
#pragma once

#include <set>
#include <string_view>

#include "base/diagnostic.h"
#include "cli/shell_command.h"

namespace millrace {

class FollowOnErrors final {
 public:
  // Remembers whether a statement was accepted, in case it creates something.
  void Note(std::string_view statement, bool accepted);
  // Removes them from the diagnostics of a statement of `script`.
  void Suppress(std::string_view script, Diagnostics* diagnostics) const;

 private:
  std::set<CreatedObject> refused_;  // what refused CREATE statements would have defined
};

}  // namespace millrace
