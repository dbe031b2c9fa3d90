// When a server began to write a file of its binlog, which is when it stopped writing the one
// before: from then on counts the time for which it keeps that.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

// Seconds since 1970. Uses up the connection, on which the server begins to send the file.
Result<int64_t> FileBegan(Connection* connection, const std::string& file);

}  // namespace millrace::mysql
