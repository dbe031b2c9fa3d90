// Which decoder reads the rows of which table: by the table ids of TABLE_MAP events, and by
// name, so that a table that only got another id is not described by the server again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_event.h"
#include "connectors/mysql/binlog/row_image.h"
#include "connectors/mysql/schema/server_table.h"

namespace millrace::mysql {

class TableDecoders final {
 public:
  // A table or a sequence as the server has it now; nothing if it has none of that name.
  using DescribeTable = std::function<Result<std::optional<ServerTable>>(
      const std::string& database, const std::string& table)>;

  // The pointers must outlive the object.
  TableDecoders(const SourceRequest* request, const NamePattern* databases,
                const NamePattern* tables, DescribeTable describe, Log* log);

  bool IsCaptured(std::string_view database, std::string_view table) const;

  // Learns from a TABLE_MAP. Asks the server about a captured table whose columns are new.
  Status Add(const Event& table_map);
  // The decoder of a table id: nothing if no TABLE_MAP came for it, null if nobody wants its rows.
  std::optional<RowImageDecoder*> Find(uint64_t id) const;

  // A statement that may have changed the tables it names: they are described again.
  void ForgetTablesIn(std::string_view statement);
  // Another connection or another run of the server has ids of its own.
  void ForgetIds() { by_id_.clear(); }
  // Between two transactions: keeps the number of ids limited. (Not earlier: the rows of a
  // statement need all tables that were named before it.)
  void Trim();

 private:
  struct KnownTable {
    TableMap map;
    std::shared_ptr<RowImageDecoder> decoder;
  };

  // Null if the map is not of a table with rows to copy.
  Result<std::unique_ptr<RowImageDecoder>> Make(const TableMap& map) const;

  const SourceRequest* const request_;
  const NamePattern* const databases_;
  const NamePattern* const tables_;
  const DescribeTable describe_;
  Log* const log_;
  // Decoders are shared between the ids and the name of a table; null: not wanted.
  std::map<uint64_t, std::shared_ptr<RowImageDecoder>> by_id_;
  std::map<std::pair<std::string, std::string>, KnownTable, std::less<>> by_name_;
};

}  // namespace millrace::mysql
