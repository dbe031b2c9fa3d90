// Which tables a statement of the log is about.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "connectors/mysql/binlog/statement_context.h"
#include "connectors/mysql/ddl/statement.h"
#include "connectors/mysql/schema/table_key.h"

namespace millrace::mysql {

// With the default database where none is written.
TableKey KeyOf(const ddl::TableName& name, const LoggedStatement& logged);

// The tables that a statement creates, drops, renames (both names) or makes look otherwise.
std::vector<TableKey> TablesChangedBy(const ddl::Statement& statement,
                                      const LoggedStatement& logged);

using WantsTable = std::function<bool(const TableKey& table)>;

// Whether a statement that is not understood has a name in it, with or without its database, that
// is wanted.
bool MayName(const LoggedStatement& logged, const WantsTable& wants);

}  // namespace millrace::mysql
