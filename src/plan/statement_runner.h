// One parsed statement against a session.
#pragma once

#include <optional>

#include "plan/compiler.h"
#include "plan/session_state.h"
#include "sql/statement.h"

namespace millrace {

// Binds and applies the statement. It applies wholly or, with an error in the diagnostics and
// nothing returned, not at all.
std::optional<Outcome> RunStatement(const sql::Statement& statement, SessionState* session,
                                    Diagnostics* diagnostics);

}  // namespace millrace
