// The mysql-cdc source: a snapshot of all matching tables, then their changes from the binlog. All
// tables of a job that are on one server share one source, and so one position in its binlog
// (decision 0004). This is the engine's side of it; the work is done by source_run.h in a thread of
// the source's own, so that nothing here waits for the server.
#pragma once

#include <memory>
#include <span>

#include "connectors/connector.h"

namespace millrace::mysql {

// The options of all requests have the same ReaderKey.
Result<std::unique_ptr<Source>> OpenSharedSource(std::span<const SourceRequest> requests,
                                                 const Environment& environment);
Result<std::unique_ptr<Source>> OpenSource(const SourceRequest& request,
                                           const Environment& environment);

}  // namespace millrace::mysql
