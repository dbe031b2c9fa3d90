// The position of a mysql-cdc source as a checkpoint holds it:
//
//   position ::= {"file": text, "offset": number, "gtids": text?, "phase": "snapshot" |
//   "streaming",
//                 "tables": {"database.table": table, ...}, "runs": {run: "done" | "new", ...}?,
//                 "rows_read": number?,
//                 "emptied": [{"database": text, "table": text}, ...]?, "server": text?,
//                 "history": history?}
//   table    ::= "done" | "new" | {"next": number, "by": text?} |
//                {"after": [text, ...], "by": text?}
//
// "tables", "runs" (of full names, see schema/name_run.h) and "rows_read" are there in the snapshot
// only; a table that is not listed was created in the log and is not in the snapshot. "emptied" are
// tables whose rows the target still has and is to lose, before anything else is read. "server"
// is whose file and offset they are (wire/server_identity.h), missing if an earlier release wrote
// the position. "history"
// (schema/table_history.h) is missing if an earlier release wrote the position: then a table that
// is not listed is one that was not started.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/schema/key_number.h"
#include "connectors/mysql/schema/table_key.h"
#include "row/position.h"

namespace millrace::mysql {

// What the snapshot has read of a table; by default nothing.
struct TablePosition {
  bool done = false;
  std::optional<KeyNumber> next = {};   // integer key: all below it
  std::vector<std::string> after = {};  // other keys: all up to this one, as SQL literals
  std::string by = {};                  // the column that the user chose; empty: the table's key

  bool operator==(const TablePosition&) const = default;
};

struct SourcePosition {
  LogPosition log;                              // every change up to here was emitted
  bool streaming = false;                       // the snapshot is complete
  std::map<std::string, TablePosition> tables;  // by full name
  int64_t rows_read = 0;                        // by the snapshot
  std::string server;                           // whose log it is; empty: unknown
  std::set<TableKey> emptied;                   // their rows are to be deleted from the target
  Json history;                                 // null: none; read only, see ToPosition

  // `shared`: {"history": ...}.
  Position ToPosition(std::shared_ptr<const Json> shared = nullptr) const;
  // Permanent error naming what is wrong with it.
  static Result<SourcePosition> Parse(const Position& position);
};

}  // namespace millrace::mysql
