// The SQLite table that holds the rows of a Doris table, and how staged rows get into it.
//
// UNIQUE and AGGREGATE tables have a unique key. If all key columns are NOT NULL it is the primary
// key of a table without rowid; else it is a unique index in which an empty blob represents
// NULL, because NULLs are different in SQL's unique indexes and equal in Doris.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "minidoris/store/sqlite.h"
#include "minidoris/table/table.h"

namespace millrace::minidoris {

std::string PhysicalTableSql(const Table& table);

// Statements that make the information_schema tables, named `information_schema.<table>`, if they
// do not exist; and the rows a table has in `columns` ("\N" stands for NULL).
std::string InformationSchemaSql();
std::vector<std::vector<std::string>> InformationSchemaColumns(const Table& table);

// Applies rows in the form of row_code.h by the rules of the table's model.
class RowApplier final {
 public:
  // Both must outlive the applier.
  static Result<RowApplier> Make(const Table& table, Sqlite* sqlite);
  Status Apply(std::string_view rows);

 private:
  RowApplier(const Table& table, SqliteStatement upsert, SqliteStatement remove)
      : column_count_(table.columns.size()),
        key_count_(table.key_count),
        upsert_(std::move(upsert)),
        remove_(std::move(remove)) {}

  const size_t column_count_;
  const size_t key_count_;
  SqliteStatement upsert_;
  SqliteStatement remove_;
};

}  // namespace millrace::minidoris
