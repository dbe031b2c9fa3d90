// Where a reader of the binlog is: in which transaction, and how many rows of it were emitted.
//
//                     Begin
//   between two  ---------------->  in a transaction  --- Restart: its events come again from the
//   transactions <----------------                        start; rows that were emitted are dropped
//                 End, RollBackOpenTransaction            until the first new one
//
// Invariants:
//   - position() is the end of a whole transaction. It moves when a transaction ends, and with
//     events between two transactions, and at no other time.
//   - at_boundary() is true only if no row after position() was emitted.
//   - A transaction that comes again in the same order emits no row twice: rows come by whole
//     events, and of an event all rows or none are dropped.
//   - Rows of an event whose checksum is not known yet can be taken back as long as they are in the
//     batch in hand (DropUnverifiedRows), and position() does not move meanwhile.
#pragma once

#include <cstdint>
#include <optional>

#include "base/status.h"
#include "connectors/mysql/binlog/log_event.h"
#include "connectors/mysql/binlog/log_position.h"
#include "row/batch.h"

namespace millrace::mysql {

class TransactionCursor final {
 public:
  // What ends a transaction: the statement that comes next, or COMMIT, ROLLBACK or XID.
  enum class EndsWith : uint8_t { kStatement, kCommit };

  explicit TransactionCursor(LogPosition start) : position_(std::move(start)), here_(position_) {}

  // The end of the last whole transaction: where to go on from.
  const LogPosition& position() const { return position_; }
  // The end of the latest event.
  const LogPosition& here() const { return here_; }
  bool in_transaction() const { return in_transaction_; }
  bool at_boundary() const { return !in_transaction_ && emitted_ == 0; }
  // Whether the transaction changed a captured table.
  bool changed_rows() const { return changed_rows_; }
  bool ends_with_commit() const { return ends_with_commit_; }

  // The events come again: from position(), or from `offset` in its file if that is lower. Those up
  // to position() are then to be skipped.
  void Restart(uint64_t offset);
  // Whether the event in hand ends at or before position(), because of such a Restart.
  bool IsReplayed() const { return replayed_until_ > 0 && here_.offset <= replayed_until_; }

  // An event comes that ends at `end`, the low 32 bits of its offset.
  void EnterEvent(uint32_t end);
  // The event was handled.
  void LeaveEvent();
  // The log goes on in another file or at another offset. Error: see RollBackOpenTransaction.
  Status Rotate(const Rotation& rotation, Batch* batch);

  void Begin(EndsWith ends_with);
  // The transaction of this GTID begins. Error: see RollBackOpenTransaction.
  Status BeginGtid(Gtid gtid, Batch* batch);
  void End();

  void NoteChangedRows() { changed_rows_ = true; }
  // An event has added its `count` rows to the end of the batch. They are dropped again if they
  // were emitted before the latest Restart.
  void AddRows(uint32_t count, Batch* batch);
  // What follows is not the end of the transaction in hand: the server died while it wrote it, and
  // has rolled it back. Takes its rows out of the batch; a permanent error if some of them were
  // handed on in an earlier one.
  Status RollBackOpenTransaction(Batch* batch);

  // The rows that are added now are of an event whose checksum comes after them ...
  void BeginUnverified() { unverified_ = 0; }
  // ... and was wrong: takes them out of the batch. False if some were handed on before.
  [[nodiscard]] bool DropUnverifiedRows(Batch* batch);

 private:
  void MovePosition();  // to here()
  void ForgetTransaction();

  LogPosition position_;
  LogPosition here_;
  bool file_changed_ = false;    // here_ is in another file than position_
  uint64_t replayed_until_ = 0;  // offset in the file of position_
  bool in_transaction_ = false;
  bool ends_with_commit_ = false;
  bool changed_rows_ = false;
  std::optional<Gtid> gtid_;
  uint64_t emitted_ = 0;     // rows after position_, over all connections
  uint64_t seen_ = 0;        // and those that came since the latest Restart
  uint64_t unverified_ = 0;  // new ones since BeginUnverified
};

}  // namespace millrace::mysql
