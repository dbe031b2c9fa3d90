#include "connectors/mysql/wire/server_error.h"

#include <doctest/doctest.h>

using namespace millrace::mysql;

TEST_CASE("an error of the server's own state passes") {
  CHECK(IsPassing(6));     // the file layer: "Error on delete of ..."
  CHECK(IsPassing(1021));  // disk full
  CHECK(IsPassing(1040));  // too many connections
  CHECK(IsPassing(1053));  // shutdown
  CHECK(IsPassing(1213));  // deadlock
  CHECK(IsPassing(1969));  // max_statement_time
  CHECK(IsPassing(2013));  // connection lost
}

TEST_CASE("an error of the rights, the names or the data stays") {
  CHECK_FALSE(IsPassing(1045));  // access denied
  CHECK_FALSE(IsPassing(1054));  // unknown column
  CHECK_FALSE(IsPassing(1142));  // no privilege on a table
  CHECK_FALSE(IsPassing(1146));  // no such table
  CHECK_FALSE(IsPassing(1236));  // the binlog is gone; the reader looks at its text
}

TEST_CASE("errors of rights say what to grant") {
  CHECK(HintFor(1045).find("password") != std::string_view::npos);
  CHECK(HintFor(1227).find("GRANT REPLICATION SLAVE") != std::string_view::npos);
  CHECK(HintFor(1021).empty());
}
