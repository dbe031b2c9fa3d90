// What a LogDecoder has to know about the tables of the log: whose rows are wanted, and how they
// are read. TableDecoders reads them; LogSurvey only looks at statements.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/status.h"
#include "connectors/mysql/binlog/log_event.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/binlog/row_image.h"

namespace millrace::mysql {

// One for each capture that wants the rows of a table; empty: none does.
using RowDecoders = std::vector<std::shared_ptr<RowImageDecoder>>;

class LogTables {
 public:
  virtual ~LogTables() = default;

  // Learns from a TABLE_MAP that ends at `here`.
  virtual Status Add(const Event& table_map, const LogPosition& here) = 0;
  // The decoders of a table id; null if no TABLE_MAP came for it.
  virtual const RowDecoders* Find(uint64_t id) const = 0;
  // A statement that neither begins nor ends a transaction, up to `here`. The same statement may
  // come again after a lost connection.
  virtual Status Apply(const QueryText& statement, const LogPosition& here) = 0;
  // Another connection or another run of the server has ids of its own.
  virtual void ForgetIds() = 0;
  // Between two transactions: keeps the number of ids limited. (Not earlier: the rows of a
  // statement need all tables that were named before it.)
  virtual void Trim() = 0;
};

}  // namespace millrace::mysql
