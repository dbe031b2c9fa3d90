// Load transactions as rows of SQLite. The connection belongs to the caller's thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "minidoris/store/load_transaction.h"
#include "minidoris/store/sqlite.h"

namespace millrace::minidoris {

// Creates the tables that the functions below use, if they do not exist.
std::string_view TransactionSchemaSql();

Result<std::vector<LoadTransaction>> ReadTransactions(Sqlite* sqlite);
Status SaveTransaction(const LoadTransaction& transaction, Sqlite* sqlite);
Status DeleteTransaction(int64_t id, Sqlite* sqlite);
// Whether the transaction is PRECOMMITTED or COMMITTED: its staged rows are still needed.
Result<bool> NeedsStagedRows(int64_t id, Sqlite* sqlite);
// The first of `count` transaction ids that were never returned before.
Result<int64_t> ReserveIds(int64_t count, Sqlite* sqlite);

}  // namespace millrace::minidoris
