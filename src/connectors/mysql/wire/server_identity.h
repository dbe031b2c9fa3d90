// Which server a connection leads to, whatever its name and address.
#pragma once

#include <string>

#include "base/status.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

// "server_uuid 3e11fa47-..." of MySQL, "server_id 7" of MariaDB: what differs between the servers
// of a replication.
Result<std::string> ServerIdentity(Connection* connection);

}  // namespace millrace::mysql
