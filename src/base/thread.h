// What every thread of ours begins with: a name that `top` and `perf` show, and a net for
// exceptions.
#pragma once

#include <functional>

#include "base/status.h"

namespace millrace {

// Names the calling thread; only the first 15 characters are shown. Literals only.
void NameThread(const char* name);

// Runs `body`. An exception becomes a Permanent status ("internal error: ..."), running out of
// memory or of threads a Transient one: it fails what the thread works for, and nothing else.
Status CatchExceptions(const std::function<Status()>& body);

}  // namespace millrace
