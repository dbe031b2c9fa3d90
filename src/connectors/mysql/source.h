// The mysql-cdc source: a snapshot of all matching tables, then their changes from the binlog. This
// is the engine's side of it; the work is done by source_run.h in a thread of the source's own, so
// that nothing here waits for the server.
#pragma once

#include <memory>

#include "connectors/connector.h"

namespace millrace::mysql {

Result<std::unique_ptr<Source>> OpenSource(const SourceRequest& request,
                                           const Environment& environment);

}  // namespace millrace::mysql
