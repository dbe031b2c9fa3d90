// The mysql-cdc source: a snapshot of all matching tables, then their changes from the binlog.
//
// The snapshot goes in rounds (docs/decisions/0001-snapshot-rounds.md). P is the place in the log
// up to which everything was given out.
//
//   round ::= open read views that hold everything up to P
//             read parts of tables in these views, until a position is wanted or all is read
//             HIGH = the end of the log now
//             give out the events of (P, HIGH]; P = HIGH; here the source can be resumed
//
// The rows of a part are newer than P, and the events after them repeat what the views already
// held, in order: applied by key, the result is exactly the table at HIGH. When nothing is left to
// read, the same reader of the log just goes on. A checkpoint holds whole rounds, so nothing ever
// goes backwards.
#pragma once

#include <memory>

#include "connectors/connector.h"

namespace millrace::mysql {

Result<std::unique_ptr<Source>> OpenSource(const SourceRequest& request,
                                           const Environment& environment);

}  // namespace millrace::mysql
