// Draws the rows of a SELECT as they come, until its end or Ctrl-C.
#pragma once

#include "cli/console.h"
#include "engine/cursor.h"
#include "plan/settings.h"

namespace millrace {

// `started_ms` is when the statement began. Exit status.
int PrintQuery(Cursor* cursor, const Settings& settings, int64_t started_ms,
               const Console& console);

}  // namespace millrace
