// What our tables and MySQL clients expect of SQLite beyond what it has: the collation doris_number
// (DECIMAL and LARGEINT are kept as text), exact addition, and a few MySQL functions.
#pragma once

struct sqlite3;

namespace millrace::minidoris {

void RegisterFunctions(sqlite3* connection);

}  // namespace millrace::minidoris
