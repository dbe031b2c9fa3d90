#include "connectors/mysql/wire/server_error.h"

#include <doctest/doctest.h>

using namespace millrace::mysql;

TEST_CASE("an error of the server's own state passes") {
  CHECK(IsTransient(6));     // the file layer: "Error on delete of ..."
  CHECK(IsTransient(1021));  // disk full
  CHECK(IsTransient(1040));  // too many connections
  CHECK(IsTransient(1053));  // shutdown
  CHECK(IsTransient(1213));  // deadlock
  CHECK(IsTransient(1969));  // max_statement_time
  CHECK(IsTransient(2013));  // connection lost
}

TEST_CASE("an error of the rights, the names or the data stays") {
  CHECK_FALSE(IsTransient(1045));  // access denied
  CHECK_FALSE(IsTransient(1054));  // unknown column
  CHECK_FALSE(IsTransient(1142));  // no privilege on a table
  CHECK_FALSE(IsTransient(1146));  // no such table
  CHECK_FALSE(IsTransient(1236));  // the binlog is gone; the reader looks at its text
}

TEST_CASE("errors of rights say what to grant") {
  CHECK(HintFor(1045).find("password") != std::string_view::npos);
  CHECK(HintFor(1227).find("GRANT REPLICATION SLAVE") != std::string_view::npos);
  CHECK(HintFor(1021).empty());
}
