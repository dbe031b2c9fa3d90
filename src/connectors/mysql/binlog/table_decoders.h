// Which decoders read the rows of which table, one for each capture that wants them: by the table
// ids of TABLE_MAP events, and by name, so that a table that only got another id keeps its
// decoders. How a table looks there says the history of the capture.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

  struct Capture {
    const SourceRequest* request = nullptr;
    TableHistory* history = nullptr;
    // Begins after this position of the log: what is before it means nothing to the capture.
    std::optional<LogPosition> from = {};
    ZeroDates* zero_dates = nullptr;  // may be null
  };

  struct Config {
    std::vector<Capture> captures;
    const ServerFacts* server = nullptr;
    Log* log = nullptr;
    Describe describe;
  };

  // What the config points to outlives the object.
  explicit TableDecoders(Config config);

  Status Add(const Event& table_map, const LogPosition& here) override;
  const RowDecoders* Find(uint64_t id) const override;
  Status Apply(const QueryText& statement, const LogPosition& here) override;
  void ForgetIds() override { by_id_.clear(); }
  void Trim() override;

  // Whether a statement was applied since the last call.
  bool TakeApplied() { return std::exchange(applied_, false); }

 private:
  struct KnownTable {
    TableMap map;
    TableHistory::Layout layout;
    std::shared_ptr<RowImageDecoder> decoder;  // null: a sequence
  };
  // A capture at work.
  struct Reading {
    Capture capture;
    std::map<TableKey, KnownTable> tables;
  };

  void BeginCaptures(const LogPosition& here);
  Result<std::shared_ptr<RowImageDecoder>> DecoderFor(const TableMap& map, const LogPosition& here,
                                                      Reading* reading) const;
  Result<TableHistory::Layout> LayoutFor(const Capture& capture, const TableMap& map,
                                         const LogPosition& here) const;
  Result<std::shared_ptr<RowImageDecoder>> Make(const Capture& capture, const TableMap& map,
                                                const TableHistory::Layout& layout) const;

  const Config config_;
  std::vector<Reading> readings_;  // as the captures
  bool captures_wait_ = false;     // some of them begin later in the log
  bool applied_ = false;
  std::map<uint64_t, RowDecoders> by_id_;
};

}  // namespace millrace::mysql
