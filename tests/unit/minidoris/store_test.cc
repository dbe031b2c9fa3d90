// What survives a restart, piece by piece.
#include <doctest/doctest.h>

#include "minidoris/backend/error_log.h"
#include "minidoris/store/catalog.h"
#include "minidoris/store/staging.h"
#include "minidoris/store/transaction_rows.h"
#include "unit/temporary_folder.h"

namespace millrace::minidoris {
namespace {

using Names = std::vector<std::string>;
using millrace::testing::TemporaryFolder;

Table Named(const std::string& database, const std::string& name) {
  Table table;
  table.database = database;
  table.name = name;
  return table;
}

TEST_CASE(
    "the catalog: sorted databases, case-sensitive names, tables that outlive their removal") {
  Catalog catalog;
  catalog.AddDatabase("b");
  catalog.AddDatabase("a");
  catalog.AddDatabase("b");
  CHECK(catalog.Databases() == Names{"a", "b"});
  CHECK(catalog.HasDatabase("a"));
  CHECK_FALSE(catalog.HasDatabase("A"));
  catalog.AddTable(Named("a", "t"));
  catalog.AddTable(Named("b", "t"));
  const std::shared_ptr<const Table> held = catalog.Find("a", "t");
  REQUIRE(held != nullptr);
  CHECK(catalog.Find("a", "T") == nullptr);
  CHECK(catalog.Tables("a").size() == 1);
  catalog.RemoveTable("a", "t");
  CHECK(catalog.Find("a", "t") == nullptr);
  CHECK(catalog.Find("b", "t") != nullptr);
  CHECK(held->name == "t");
  catalog.RemoveDatabase("b");
  CHECK(catalog.Databases() == Names{"a"});
}

TEST_CASE("staged rows keep their order and their transaction") {
  const TemporaryFolder folder;
  const auto read = [](const Staging& staging, int64_t transaction) {
    std::string all;
    const Status status = staging.Read(transaction, [&](std::string_view rows) {
      all += rows;
      all += ';';
      return Status::Ok();
    });
    CHECK(status.ok());
    return all;
  };
  {
    const auto staging = Staging::Open(folder.path() + "/staged.db");
    REQUIRE(staging.ok());
    REQUIRE((*staging)->Add(1, "b").ok());
    REQUIRE((*staging)->Add(2, "x").ok());
    REQUIRE((*staging)->Add(1, std::string("a\0c", 3)).ok());
    CHECK(read(**staging, 1) == std::string("b;a\0c;", 6));
    const Status stopped =
        (*staging)->Read(1, [](std::string_view) { return Status::Permanent("enough"); });
    CHECK(stopped.message() == "enough");
  }
  const auto staging = Staging::Open(folder.path() + "/staged.db");
  REQUIRE(staging.ok());
  CHECK((*staging)->Transactions().value() == std::vector<int64_t>{1, 2});
  REQUIRE((*staging)->Drop(1).ok());
  CHECK((*staging)->Transactions().value() == std::vector<int64_t>{2});
  CHECK(read(**staging, 1) == "");
}

TEST_CASE("transactions as rows") {
  const TemporaryFolder folder;
  Result<Sqlite> sqlite = Sqlite::Open(folder.path() + "/main.db");
  REQUIRE(sqlite.ok());
  REQUIRE(sqlite->Execute(std::string(TransactionSchemaSql())).ok());
  LoadTransaction saved;
  saved.id = 7;
  saved.database = "db";
  saved.table = "t";
  saved.table_id = 3;
  saved.label = "L";
  saved.state = TransactionState::kPrecommitted;
  saved.two_phase = true;
  saved.prepare_ms = 1;
  saved.precommit_ms = 2;
  saved.timeout_ms = 5;
  saved.counts = {.total = 4, .loaded = 3, .filtered = 1, .bytes = 9};
  saved.client_ip = "127.0.0.1";
  saved.comment = "it's";
  REQUIRE(SaveTransaction(saved, &sqlite.value()).ok());
  CHECK(NeedsStagedRows(7, &sqlite.value()).value());
  CHECK_FALSE(NeedsStagedRows(8, &sqlite.value()).value());
  saved.state = TransactionState::kAborted;
  saved.reason = "User Abort";
  REQUIRE(SaveTransaction(saved, &sqlite.value()).ok());
  CHECK_FALSE(NeedsStagedRows(7, &sqlite.value()).value());
  const auto read = ReadTransactions(&sqlite.value());
  REQUIRE(read.ok());
  REQUIRE(read->size() == 1);
  const LoadTransaction& found = read->front();
  CHECK(found.id == 7);
  CHECK(found.table_id == 3);
  CHECK(found.label == "L");
  CHECK(found.state == TransactionState::kAborted);
  CHECK(found.two_phase);
  CHECK(found.precommit_ms == 2);
  CHECK(found.reason == "User Abort");
  CHECK(found.counts.filtered == 1);
  CHECK(found.counts.bytes == 9);
  CHECK(found.comment == "it's");
  REQUIRE(DeleteTransaction(7, &sqlite.value()).ok());
  CHECK(ReadTransactions(&sqlite.value())->empty());
}

TEST_CASE("transaction ids are never returned twice") {
  const TemporaryFolder folder;
  for (const int64_t expected : {1, 11}) {
    Result<Sqlite> sqlite = Sqlite::Open(folder.path() + "/main.db");
    REQUIRE(sqlite.ok());
    REQUIRE(sqlite->Execute(std::string(TransactionSchemaSql())).ok());
    CHECK(ReserveIds(10, &sqlite.value()).value() == expected);
  }
}

TEST_CASE("error logs are read by name, and nothing else is") {
  const TemporaryFolder folder;
  const std::string name = WriteErrorLog(folder.path(), 12, "Reason: x. src line [y]; \n");
  CHECK(name == "__shard_0/error_log_insert_stmt_12");
  CHECK(ReadErrorLog(folder.path(), name) == "Reason: x. src line [y]; \n");
  CHECK_FALSE(ReadErrorLog(folder.path(), ""));
  CHECK_FALSE(ReadErrorLog(folder.path(), "error_log_insert_stmt_13"));
  CHECK_FALSE(ReadErrorLog(folder.path(), "/etc/passwd"));
  CHECK_FALSE(ReadErrorLog(folder.path(), "../.."));
}

}  // namespace
}  // namespace millrace::minidoris
