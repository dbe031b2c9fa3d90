#include "connectors/mysql/wire/server_error.h"

#include <mysqld_error.h>

#include <algorithm>
#include <array>

namespace millrace::mysql {
namespace {

// Below them are the errors of the file layer ("Error writing file ..."), the same on all servers.
constexpr unsigned kServerErrorFirst = 1000;
// The client library's own: the network.
constexpr unsigned kClientErrorFirst = 2000;
constexpr unsigned kClientErrorEnd = 3000;

constexpr std::array kTransient = {
    static_cast<unsigned>(ER_DISK_FULL),
    static_cast<unsigned>(ER_GET_ERRNO),  // of the storage engine
    static_cast<unsigned>(ER_OUTOFMEMORY),
    static_cast<unsigned>(ER_OUT_OF_SORTMEMORY),
    static_cast<unsigned>(ER_CON_COUNT_ERROR),
    static_cast<unsigned>(ER_OUT_OF_RESOURCES),
    static_cast<unsigned>(ER_SERVER_SHUTDOWN),
    static_cast<unsigned>(ER_ABORTING_CONNECTION),
    static_cast<unsigned>(ER_NET_READ_ERROR),
    static_cast<unsigned>(ER_NET_READ_INTERRUPTED),
    static_cast<unsigned>(ER_NET_ERROR_ON_WRITE),
    static_cast<unsigned>(ER_NET_WRITE_INTERRUPTED),
    static_cast<unsigned>(ER_TOO_MANY_USER_CONNECTIONS),
    static_cast<unsigned>(ER_LOCK_WAIT_TIMEOUT),
    static_cast<unsigned>(ER_LOCK_DEADLOCK),
    static_cast<unsigned>(ER_USER_LIMIT_REACHED),
    static_cast<unsigned>(ER_QUERY_INTERRUPTED),
    static_cast<unsigned>(ER_TABLE_DEF_CHANGED),
    1927u,  // MariaDB: the connection was killed
    1969u,  // MariaDB: max_statement_time
    3024u,  // MySQL: max_execution_time
};

}  // namespace

bool IsTransient(unsigned code) {
  if (code == 0) return false;
  if (code < kServerErrorFirst) return true;
  if (code >= kClientErrorFirst && code < kClientErrorEnd) return true;
  return std::find(kTransient.begin(), kTransient.end(), code) != kTransient.end();
}

std::string_view HintFor(unsigned code) {
  switch (code) {
    case ER_ACCESS_DENIED_ERROR:
      return "; check the options username and password";
    case ER_DBACCESS_DENIED_ERROR:
    case ER_TABLEACCESS_DENIED_ERROR:
    case ER_COLUMNACCESS_DENIED_ERROR:
      return "; GRANT SELECT on the tables to this user";
    case ER_SPECIFIC_ACCESS_DENIED_ERROR:
      return "; GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* to this user";
    default:
      return "";
  }
}

}  // namespace millrace::mysql
