// Rows of SQLite as Doris would print them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "minidoris/query/mysql_wire.h"
#include "minidoris/store/sqlite.h"

namespace millrace::minidoris {

// Steps through the result of a statement. Columns of tables have the type they were declared with,
// others what the first row shows.
class ResultReader final {
 public:
  // The statement must outlive the reader.
  explicit ResultReader(SqliteStatement* statement) : statement_(*statement) {}

  // The first call also finds out the columns. False after the last row.
  Result<bool> Next();

  const std::vector<ResultColumn>& columns() const { return columns_; }
  // Views into the row; gone with the next step.
  const std::vector<std::optional<std::string_view>>& Row();

 private:
  void FindColumns(bool has_row);

  SqliteStatement& statement_;
  bool started_ = false;
  std::vector<ResultColumn> columns_;
  std::vector<bool> single_;  // FLOAT, per column
  std::vector<std::optional<std::string_view>> values_;
  std::vector<std::string> numbers_;  // their texts, per column
};

}  // namespace millrace::minidoris
