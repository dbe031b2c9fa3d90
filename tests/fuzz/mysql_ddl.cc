// Any text is refused with a place, or becomes a statement that prints as a text which parses to
// the same statement: whatever the server and its sql_mode.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "connectors/mysql/ddl/parser.h"

namespace {

namespace ddl = millrace::mysql::ddl;

[[noreturn]] void Fail(std::string_view what, std::string_view text, std::string_view printed) {
  std::fprintf(stderr, "%.*s\n--- text\n%.*s\n--- printed\n%.*s\n", static_cast<int>(what.size()),
               what.data(), static_cast<int>(text.size()), text.data(),
               static_cast<int>(printed.size()), printed.data());
  std::abort();
}

void Check(std::string_view text, const ddl::Dialect& dialect) {
  const auto statement = ddl::Parse(text, dialect);
  if (!statement.ok()) {
    if (!statement.status().message().starts_with("line ")) {
      Fail("refused without a place", text, statement.status().message());
    }
    return;
  }
  const std::string printed = ddl::Print(*statement);
  const auto again = ddl::Parse(printed, dialect);
  if (!again.ok()) Fail("what was printed is refused: " + again.status().message(), text, printed);
  if (*again != *statement) Fail("not the same: " + ddl::Print(*again), text, printed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool is_mariadb : {false, true}) {
    for (const bool is_odd : {false, true}) {
      ddl::Dialect dialect;
      dialect.is_mariadb = is_mariadb;
      dialect.server_version = is_mariadb ? 101119 : 90700;
      dialect.ansi_quotes = is_odd;
      dialect.no_backslash_escapes = is_odd;
      dialect.real_as_float = is_odd;
      dialect.oracle = is_odd && is_mariadb;
      dialect.mssql = is_odd && is_mariadb;
      dialect.maxdb = is_odd && !is_mariadb;
      Check(text, dialect);
    }
  }
  return 0;
}
