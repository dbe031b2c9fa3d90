// Which decoder reads the rows of which table: by the table ids of TABLE_MAP events, and by name,
// so that a table that only got another id keeps its decoder. How a table looks there says its
// history.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_tables.h"
#include "connectors/mysql/binlog/table_map.h"
#include "connectors/mysql/schema/server_facts.h"
#include "connectors/mysql/schema/server_table.h"
#include "connectors/mysql/schema/table_history.h"

namespace millrace::mysql {

class TableDecoders final : public LogTables {
 public:
  // How a captured table that the history does not know looks after `here`, as far as the server
  // can still tell; nothing if it cannot.
  using Describe = std::function<Result<std::optional<TableLayout>>(const TableKey& table,
                                                                    const LogPosition& here)>;

  struct Config {
    const SourceRequest* request = nullptr;
    TableHistory* history = nullptr;
    const ServerFacts* server = nullptr;
    Log* log = nullptr;
    Describe describe;
  };

  // What the config points to outlives the object.
  explicit TableDecoders(Config config) : config_(std::move(config)) {}

  Status Add(const Event& table_map, const LogPosition& here) override;
  std::optional<RowImageDecoder*> Find(uint64_t id) const override;
  Status Apply(const QueryText& statement, const LogPosition& here) override;
  void ForgetIds() override { by_id_.clear(); }
  void Trim() override;

 private:
  struct KnownTable {
    TableMap map;
    TableHistory::Layout layout;
    std::shared_ptr<RowImageDecoder> decoder;
  };

  Result<TableHistory::Layout> LayoutFor(const TableMap& map, const LogPosition& here);
  Result<std::shared_ptr<RowImageDecoder>> Make(const TableMap& map,
                                                const TableHistory::Layout& layout) const;

  const Config config_;
  // Decoders are shared between the ids and the name of a table; null: not wanted.
  std::map<uint64_t, std::shared_ptr<RowImageDecoder>> by_id_;
  std::map<TableKey, KnownTable> by_name_;
};

}  // namespace millrace::mysql
