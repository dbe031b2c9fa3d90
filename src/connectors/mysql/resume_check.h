// Whether a server can go on from a position that another run, perhaps at another server, has left.
#pragma once

#include <string>

#include "base/status.h"
#include "connectors/mysql/position.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

// Ok if the server of `identity` (wire/server_identity.h) has in its log everything after `start`,
// and has itself done everything before. File and offset say that for one server only; a GTID set
// says it for every server that has executed it. Transient error if the server may catch up.
// `of_several`: other servers may be asked.
Status CanResume(Connection* connection, const std::string& identity, const SourcePosition& start,
                 bool of_several);

// Of a position that can be resumed: without file and offset if they are those of another server.
void MoveTo(const std::string& identity, SourcePosition* position);

}  // namespace millrace::mysql
