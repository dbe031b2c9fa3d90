// What CREATE TABLE and ALTER TABLE make of the layout of one table, as MySQL and MariaDB do it.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/status.h"
#include "connectors/mysql/ddl/statement.h"
#include "connectors/mysql/schema/table_layout.h"

namespace millrace::mysql {

struct TableRules {
  std::string database_charset;  // of tables that name none
  std::string default_charset;   // what ALTER TABLE means by DEFAULT
  bool is_mariadb = false;
  bool timestamps_may_be_null = true;  // see DefinitionContext
};

// Without LIKE and SELECT.
TableLayout CreatedLayout(const ddl::CreateTable& create, const TableRules& rules);

// All clauses of one ALTER TABLE at once: they name columns as the table has them before it, except
// for AFTER. Clauses that do not change a layout are passed over. Permanent error that says what
// does not fit.
Result<TableLayout> AlteredLayout(const TableLayout& layout,
                                  std::span<const ddl::Alteration> alterations,
                                  const TableRules& rules);

TableLayout SequenceLayout(const std::string& charset);

}  // namespace millrace::mysql
