// From the events of a binlog to rows in batches: keeps track of transactions, of the place in the
// log, and of what the tables look like. No network; log_reader.h brings the events.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_event.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/binlog/row_image.h"
#include "connectors/mysql/schema/server_table.h"
#include "connectors/mysql/values/cell_writer.h"

namespace millrace::mysql {

struct LogDecoderConfig {
  const SourceRequest* request = nullptr;
  const NamePattern* databases = nullptr;
  const NamePattern* tables = nullptr;
  TimeZone server_zone;
  Log* log = nullptr;
  // A table or a sequence as the server has it now; nothing if it has none of that name.
  std::function<Result<std::optional<ServerTable>>(const std::string& database,
                                                   const std::string& table)>
      describe;
};

class LogDecoder final {
 public:
  // Whether the rows of an event that ends at a position of the log are wanted.
  using Gate = std::function<bool(const std::string& table, const LogPosition& event_end)>;

  LogDecoder(LogDecoderConfig config, LogPosition start);

  void set_gate(Gate gate) { gate_ = std::move(gate); }

  // One event with header and checksum, as the server sends it; rows are added to the batch.
  Status Decode(std::span<const uint8_t> bytes, Batch* batch);
  // The next event comes from position() again; rows behind it that were given out are passed over.
  void Restart();

  // Between two transactions: position() is a place to go on from, and no row behind it was given
  // out (after a restart some may have been).
  bool at_boundary() const { return !in_transaction_ && given_in_transaction_ == 0; }
  // The end of the last whole transaction.
  const LogPosition& position() const { return boundary_; }
  int64_t last_event_second() const { return last_event_second_; }

 private:
  Status Handle(const Event& event, Batch* batch);
  Status DropUnfinished(Batch* batch);
  Status HandleRotate(const Event& event, Batch* batch);
  Status HandleGtid(const Event& event, Batch* batch);
  Status HandleQuery(const Event& event);
  Status HandleEnd(const std::string& statement, std::string_view word);
  Status HandleXaPrepare(const Event& event);
  Status HandleTableMap(const Event& event);
  Status HandleRows(const Event& event, Batch* batch);
  Status HandlePayload(const Event& event, Batch* batch);
  Status AddRows(const RowsEvent& rows, RowImageDecoder* decoder, int64_t second, Batch* batch);
  // Null if what the map tells of is no table.
  Result<std::unique_ptr<RowImageDecoder>> MakeDecoder(const TableMap& map);
  // A statement that may have changed the tables it names.
  void ForgetTablesIn(std::string_view statement);
  void BeginTransaction(bool ends_by_commit);
  void EndTransaction();
  bool Captured(std::string_view database, std::string_view table) const;
  Status Malformed(std::string_view what) const;

  const LogDecoderConfig config_;
  Gate gate_;
  LogPosition boundary_;
  LogPosition here_;  // end of the last event
  size_t checksum_bytes_ = 4;
  bool in_transaction_ = false;
  // Only COMMIT, ROLLBACK or XID ends the transaction; otherwise it is a single statement, which
  // ends itself.
  bool ends_by_commit_ = false;
  std::optional<Gtid> gtid_;
  bool rows_in_transaction_ = false;
  uint64_t given_in_transaction_ = 0;  // rows handed out since the boundary
  uint64_t seen_in_transaction_ = 0;   // and those that came since the last restart
  // A table gets a new id whenever the server opens it anew, which need not mean that it is
  // another.
  struct KnownTable {
    TableMap map;
    std::shared_ptr<RowImageDecoder> decoder;
  };
  std::map<std::pair<std::string, std::string>, KnownTable, std::less<>> known_;  // by name
  std::map<uint64_t, std::shared_ptr<RowImageDecoder>> decoders_;  // by id; null: not captured
  CellWriter writer_;
  std::string unpacked_;
  int64_t last_event_second_ = 0;
};

}  // namespace millrace::mysql
