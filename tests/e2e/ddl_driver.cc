// Statements from a pipe through the parser of DDL, for tests that compare it with a server.
//
//   ddl_driver < records
//
// A record is a line of JSON: {"text": ..., "mariadb": true, "version": 101119, "sql_mode":
// "ANSI_QUOTES,..."}. Its answer is a line of JSON: {"kind": "CreateTable", "printed": ...} or
// {"error": ...}. What prints must parse to the same statement; else there is an error too.
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>
#include <variant>

#include "base/ascii.h"
#include "base/json.h"
#include "base/overloaded.h"
#include "connectors/mysql/ddl/parser.h"

namespace {

using namespace millrace;
namespace ddl = mysql::ddl;

ddl::Dialect DialectOf(const Json& record) {
  ddl::Dialect dialect;
  dialect.is_mariadb = record["mariadb"].AsBool().value_or(false);
  dialect.server_version = static_cast<uint32_t>(record["version"].AsUint().value_or(0));
  for (const std::string& mode : Split(record["sql_mode"].AsString().value_or(""), ',')) {
    dialect.ansi_quotes |= mode == "ANSI_QUOTES";
    dialect.no_backslash_escapes |= mode == "NO_BACKSLASH_ESCAPES";
    dialect.real_as_float |= mode == "REAL_AS_FLOAT";
    dialect.oracle |= mode == "ORACLE";
    dialect.mssql |= mode == "MSSQL";
    dialect.maxdb |= mode == "MAXDB";
  }
  return dialect;
}

const char* KindOf(const ddl::Statement& statement) {
  return std::visit(Overloaded{
                        [](const ddl::CreateTable&) { return "CreateTable"; },
                        [](const ddl::AlterTable&) { return "AlterTable"; },
                        [](const ddl::DropTable&) { return "DropTable"; },
                        [](const ddl::RenameTable&) { return "RenameTable"; },
                        [](const ddl::TruncateTable&) { return "TruncateTable"; },
                        [](const ddl::CreateIndex&) { return "CreateIndex"; },
                        [](const ddl::DropIndexOn&) { return "DropIndexOn"; },
                        [](const ddl::CreateSequence&) { return "CreateSequence"; },
                        [](const ddl::DropSequence&) { return "DropSequence"; },
                        [](const ddl::SetDatabaseCharset&) { return "SetDatabaseCharset"; },
                        [](const ddl::DropDatabase&) { return "DropDatabase"; },
                        [](const ddl::WriteRows&) { return "WriteRows"; },
                        [](const ddl::Nothing&) { return "Nothing"; },
                    },
                    statement);
}

Json Answer(const std::string& line) {
  Json answer;
  const Result<Json> record = Json::Parse(line);
  if (!record.ok()) {
    answer.Set("error", "the record is not JSON: " + record.status().message());
    return answer;
  }
  const ddl::Dialect dialect = DialectOf(*record);
  const Result<ddl::Statement> statement =
      ddl::Parse((*record)["text"].AsString().value_or(""), dialect);
  if (!statement.ok()) {
    answer.Set("error", statement.status().message());
    return answer;
  }
  const std::string printed = ddl::Print(*statement);
  const Result<ddl::Statement> again = ddl::Parse(printed, dialect);
  answer.Set("kind", KindOf(*statement));
  answer.Set("printed", printed);
  if (!again.ok()) {
    answer.Set("error", "what it prints does not parse: " + again.status().message());
  } else if (*again != *statement) {
    answer.Set("error", "what it prints is another statement: " + ddl::Print(*again));
  }
  return answer;
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) std::cout << Answer(line).ToText() << std::endl;
}
