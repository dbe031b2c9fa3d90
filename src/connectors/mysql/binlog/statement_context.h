// A statement of the binlog in the terms of those who follow it: its text in UTF-8, and how and
// where the session read it.
#pragma once

#include <string>

#include "base/status.h"
#include "connectors/mysql/binlog/log_event.h"
#include "connectors/mysql/ddl/parser.h"
#include "connectors/mysql/schema/server_facts.h"
#include "connectors/mysql/schema/table_catalog.h"

namespace millrace::mysql {

struct LoggedStatement {
  std::string text;
  ddl::Dialect dialect;
  StatementContext context;
  bool names_in_small_letters = false;  // of tables and databases, on this server
};

// Permanent error if the character set of its text cannot be converted.
Result<LoggedStatement> InContext(const QueryText& query, const ServerFacts& server);

}  // namespace millrace::mysql
