// From the events of a binlog to rows in batches. What an event means for the transaction in hand
// is transaction_cursor.h, whose rows it holds log_tables.h, and how they become rows of a
// batch row_producer.h; here each event finds its way to them. No network; log_reader.h brings the
// events.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/status.h"
#include "base/time_zone.h"
#include "connectors/mysql/binlog/event_checksum.h"
#include "connectors/mysql/binlog/log_event.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/binlog/log_tables.h"
#include "connectors/mysql/binlog/payload_cursor.h"
#include "connectors/mysql/binlog/row_producer.h"
#include "connectors/mysql/binlog/transaction_cursor.h"

namespace millrace::mysql {

class LogDecoder final {
 public:
  // Whether the rows of an event that ends at a position of the log are wanted.
  using RowFilter = std::function<bool(const RowImageDecoder& table, const LogPosition& event_end)>;

  // `tables` outlives the decoder.
  LogDecoder(LogTables* tables, const TimeZone& server_zone, LogPosition start);

  void set_row_filter(RowFilter filter) { row_filter_ = std::move(filter); }

  // One event with header and checksum, as the server sends it; rows are added to the batch. Of a
  // compressed transaction only as much as is unpacked for one event: see has_more. A Transient
  // status may mean that bytes of the event were changed (is_damaged); nothing of it is then in the
  // batch.
  Status Decode(std::span<const uint8_t> bytes, Batch* batch);

  // A compressed transaction that is decoded while it arrives: its first bytes, then the others in
  // order, each time after has_more has become false. Its checksum is compared with the last ones.
  // If that fails, rows of it may be on their way already; then rows_are_suspect is true.
  Status BeginPayload(std::span<const uint8_t> bytes, Batch* batch);
  Status ContinuePayload(std::span<const uint8_t> bytes, bool is_last, Batch* batch);

  // Whether DecodeMore has events of a compressed transaction to decode; only then it may be
  // called.
  bool has_more() const { return payload_.cursor != nullptr && !payload_.needs_bytes; }
  // The next event of a compressed transaction.
  Status DecodeMore(Batch* batch);

  // The connection was lost: the events come again from RestartOffset() of position().file on; rows
  // after position() that were emitted are dropped when they come again.
  void Restart();
  // The offset to ask the server for: that of position() unless the protocol has no room for it.
  uint64_t RestartOffset() const;

  // What follows position() cannot be read: takes the rows of the open transaction out of the
  // batch. False if some of them were handed on in an earlier one.
  [[nodiscard]] bool DropOpenTransaction(Batch* batch) {
    return cursor_.RollBackOpenTransaction(batch).ok();
  }

  // Between two transactions: position() is a place to go on from, and no row after it was emitted
  // (after a restart some may have been).
  bool at_boundary() const { return cursor_.at_boundary(); }
  // The end of the last whole transaction.
  const LogPosition& position() const { return cursor_.position(); }
  // The end of the latest event.
  const LogPosition& here() const { return cursor_.here(); }
  int64_t last_event_second() const { return last_event_second_; }

  // Whether the latest call failed because bytes of the event in hand were changed on their way.
  bool is_damaged() const { return is_damaged_; }
  // Where the event in hand begins.
  LogPosition event_begin() const { return {cursor_.here().file, event_begin_, std::nullopt}; }
  // Whether the event in hand is a compressed transaction of which more is to be decoded.
  bool in_payload() const { return payload_.cursor != nullptr; }
  // Rows of an event whose checksum turned out to be wrong were handed on in an earlier batch. They
  // must not be committed: the job has to go on from its latest checkpoint.
  bool rows_are_suspect() const { return rows_are_suspect_; }

 private:
  // A compressed transaction while it is decoded.
  struct Payload {
    std::unique_ptr<PayloadCursor> cursor;  // null: there is none
    std::optional<StreamedEvent> stream;    // it comes in pieces, and its sum is not known yet
    bool needs_bytes = false;               // the cursor has used all that came
    bool all_came = false;
    bool transaction_ended = false;  // by an event in it; position() moves when all is decoded
  };

  Status Handle(const Event& event, Batch* batch);
  Status Dispatch(const Event& event, Batch* batch);
  Status HandleRotate(const Event& event, Batch* batch);
  Status HandleGtid(const Event& event, Batch* batch);
  Status HandleQuery(const Event& event);
  Status HandleEnd(std::string_view statement, std::string_view word);
  Status HandleXaPrepare(const Event& event);
  Status HandleRows(const Event& event, Batch* batch);
  Status HandlePayload(const Event& event);
  Status DecodeInner(Batch* batch);
  Status FinishPayload();
  Status FailUnverified(const Status& status, Batch* batch);
  void PassSkipped(const Event& heartbeat);
  void EndTransaction();
  Status Damaged(uint8_t type, std::string_view what);
  Status AtPosition(const Status& status) const;
  Status Malformed(std::string_view what) const;

  LogTables& tables_;
  RowFilter row_filter_;
  EventChecksum checksum_;
  TransactionCursor cursor_;
  RowProducer producer_;
  Payload payload_;
  int64_t last_event_second_ = 0;
  uint64_t event_begin_ = 0;  // offset of the event in hand
  bool is_damaged_ = false;
  bool rows_are_suspect_ = false;
};

}  // namespace millrace::mysql
