// What a session remembers from statement to statement.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "plan/catalog.h"
#include "plan/settings.h"
#include "plan/target_match.h"

namespace millrace {

struct SessionState {
  std::span<const Connector* const> connectors;
  Settings settings;
  Catalogs catalogs;
  // BEGIN STATEMENT SET ... END: the INSERTs so far; nothing outside of it. Catalogs and settings
  // do not change meanwhile.
  std::optional<std::vector<MatchedInsert>> statement_set;
};

}  // namespace millrace
