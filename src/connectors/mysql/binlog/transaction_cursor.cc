#include "connectors/mysql/binlog/transaction_cursor.h"

#include <fmt/format.h>

namespace millrace::mysql {

void TransactionCursor::Restart(uint64_t offset) {
  here_ = position_;
  file_changed_ = false;
  replayed_until_ = 0;
  if (offset < position_.offset) {
    here_.offset = offset;
    replayed_until_ = position_.offset;
  }
  ForgetTransaction();
}

void TransactionCursor::EnterEvent(uint32_t end) {
  // Events have 32 bits of their offset only, and a large transaction makes a file of any size. A
  // step forward is less than half of what 32 bits hold; all others are taken as they are.
  const uint32_t step = end - static_cast<uint32_t>(here_.offset);
  if (step < uint32_t{1} << 31) {
    here_.offset += step;
  } else {
    here_.offset = (here_.offset & ~uint64_t{UINT32_MAX}) | end;
  }
}

void TransactionCursor::MovePosition() {
  if (file_changed_) position_.file = here_.file;
  file_changed_ = false;
  position_.offset = here_.offset;
}

void TransactionCursor::LeaveEvent() {
  if (!in_transaction_ && !IsReplayed()) MovePosition();
}

Status TransactionCursor::Rotate(const Rotation& rotation, Batch* batch) {
  // The file ends where a transaction began that had come in part. (Of two servers with GTIDs each
  // has files of its own.)
  const bool other_file = rotation.file != position_.file;
  const bool is_gone = other_file && !position_.gtids && emitted_ > 0;
  if (is_gone) MR_RETURN_IF_ERROR(RollBackOpenTransaction(batch));
  if (other_file) replayed_until_ = 0;
  here_.file = rotation.file;
  file_changed_ = true;
  here_.offset = rotation.position;
  LeaveEvent();
  return Status::Ok();
}

void TransactionCursor::Begin(EndsWith ends_with) {
  in_transaction_ = true;
  ends_with_commit_ = ends_with == EndsWith::kCommit;
  changed_rows_ = false;
}

Status TransactionCursor::BeginGtid(Gtid gtid, Batch* batch) {
  const bool is_gone = emitted_ > 0 && gtid_ && *gtid_ != gtid;
  if (is_gone) MR_RETURN_IF_ERROR(RollBackOpenTransaction(batch));
  gtid_ = std::move(gtid);
  Begin(EndsWith::kStatement);  // BEGIN comes next, or the single statement
  return Status::Ok();
}

void TransactionCursor::End() {
  ForgetTransaction();
  emitted_ = 0;
  MovePosition();
  if (gtid_ && position_.gtids) position_.gtids->Add(gtid_->source, gtid_->number);
  gtid_.reset();
}

void TransactionCursor::AddRows(uint32_t count, Batch* batch) {
  seen_ += count;
  if (seen_ <= emitted_) {  // an event comes whole, or not at all
    for (uint32_t i = 0; i < count; ++i) batch->DropLastRow();
    return;
  }
  emitted_ = seen_;
  unverified_ += count;
}

Status TransactionCursor::RollBackOpenTransaction(Batch* batch) {
  if (emitted_ > batch->rows()) {
    return Status::Permanent(fmt::format(
        "the server died in the middle of a large transaction (binlog {}) of which rows were read "
        "already; run the script again with --fresh",
        position_.ToString()));
  }
  for (; emitted_ > 0; --emitted_) batch->DropLastRow();
  ForgetTransaction();
  gtid_.reset();
  return Status::Ok();
}

bool TransactionCursor::DropUnverifiedRows(Batch* batch) {
  if (unverified_ > batch->rows()) return false;
  for (; unverified_ > 0; --unverified_, --emitted_) batch->DropLastRow();
  return true;
}

void TransactionCursor::ForgetTransaction() {
  in_transaction_ = ends_with_commit_ = changed_rows_ = false;
  seen_ = 0;
}

}  // namespace millrace::mysql
