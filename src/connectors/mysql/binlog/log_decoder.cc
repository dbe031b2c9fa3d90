#include "connectors/mysql/binlog/log_decoder.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "connectors/mysql/binlog/logged_statement.h"

namespace millrace::mysql {
namespace {

constexpr uint8_t kMariaStandalone = 1;
constexpr uint64_t kOffsetMax = UINT32_MAX;  // of COM_BINLOG_DUMP
constexpr uint64_t kFirstOffset = 4;         // of a file, after its magic bytes

bool IsArtificial(const Event& event) { return (event.flags & kArtificialFlag) != 0; }

}  // namespace

LogDecoder::LogDecoder(LogTables* tables, const TimeZone& server_zone, LogPosition start)
    : tables_(*tables), cursor_(std::move(start)), producer_(server_zone) {}

uint64_t LogDecoder::RestartOffset() const {
  return position().offset <= kOffsetMax ? position().offset : kFirstOffset;
}

void LogDecoder::Restart() {
  cursor_.Restart(RestartOffset());
  checksum_.Reset();
  tables_.ForgetIds();
  payload_ = {};
  is_damaged_ = false;
}

Status LogDecoder::Malformed(std::string_view what) const {
  return Status::Permanent(
      fmt::format("{} after {} of the binlog is malformed", what, cursor_.here().ToString()));
}

Status LogDecoder::AtPosition(const Status& status) const {
  const bool is_about_the_event = !status.ok() && !status.transient() && !status.cancelled();
  return is_about_the_event ? status.Annotated("binlog " + cursor_.here().ToString()) : status;
}

Status LogDecoder::Damaged(uint8_t type, std::string_view what) {
  is_damaged_ = true;
  return Status::Transient(
      fmt::format("the binlog event at {} (type {}) {}", event_begin().ToString(), type, what));
}

Status LogDecoder::Decode(std::span<const uint8_t> bytes, Batch* batch) {
  is_damaged_ = false;
  event_begin_ = cursor_.here().offset;
  if (bytes.size() < kEventHeaderBytes) return Malformed("an event");
  const std::optional<size_t> checksum_bytes = checksum_.Check(bytes);
  if (!checksum_bytes) return Damaged(bytes[kEventTypeAt], "fails its checksum");
  const std::optional<Event> event = ParseEvent(bytes, *checksum_bytes);
  if (!event) return Malformed("an event");
  return Handle(*event, batch);
}

Status LogDecoder::Handle(const Event& event, Batch* batch) {
  if (event.timestamp != 0) last_event_second_ = event.timestamp;
  const bool moves =
      event.next_position != 0 && !IsArtificial(event) && event.type != kHeartbeatEvent;
  if (moves) cursor_.EnterEvent(event.next_position);
  const bool is_about_the_file =
      event.type == kRotateEvent || event.type == kFormatDescriptionEvent;
  if (cursor_.IsReplayed() && !is_about_the_file) return Status::Ok();
  if (event.type == kHeartbeatEvent) [[unlikely]]
    PassSkipped(event);
  MR_RETURN_IF_ERROR(Dispatch(event, batch));
  if (moves && event.type != kRotateEvent && !in_payload()) cursor_.LeaveEvent();
  return Status::Ok();
}

// With GTIDs the server passes over transactions that the set has, and says how far it came: no
// event would, if the log ends with them.
void LogDecoder::PassSkipped(const Event& heartbeat) {
  const bool may_be = position().gtids && heartbeat.next_position != 0;
  if (!may_be || cursor_.in_transaction() || in_payload()) return;
  cursor_.EnterEvent(heartbeat.next_position);
  cursor_.LeaveEvent();
}

void LogDecoder::EndTransaction() {
  if (in_payload()) {
    payload_.transaction_ended = true;
    return;
  }
  cursor_.End();
  tables_.Trim();
}

Status LogDecoder::Dispatch(const Event& event, Batch* batch) {
  using EndsWith = TransactionCursor::EndsWith;
  switch (event.type) {
    case kRotateEvent:
      return HandleRotate(event, batch);
    case kFormatDescriptionEvent:
      tables_.ForgetIds();
      return cursor_.in_transaction() ? cursor_.RollBackOpenTransaction(batch) : Status::Ok();
    case kGtidEvent:
    case kGtidTaggedEvent:
      return HandleGtid(event, batch);
    case kAnonymousGtidEvent:
      cursor_.Begin(EndsWith::kStatement);
      return Status::Ok();
    case kMariaGtidEvent: {
      if (event.body.size() < 13) return Malformed("a GTID event");
      const bool is_statement = (event.body[12] & kMariaStandalone) != 0;  // else no BEGIN comes
      cursor_.Begin(is_statement ? EndsWith::kStatement : EndsWith::kCommit);
      return Status::Ok();
    }
    case kQueryEvent:
    case kExecuteLoadQueryEvent:
    case kMariaQueryCompressed:
      return HandleQuery(event);
    case kXidEvent:
      EndTransaction();
      return Status::Ok();
    case kXaPrepareEvent:
      return HandleXaPrepare(event);
    case kTableMapEvent:
      return AtPosition(tables_.Add(event, cursor_.here()));
    case kTransactionPayloadEvent:
      return HandlePayload(event);
    case kIncidentEvent:
      return Status::Permanent(fmt::format(
          "the server reports lost events in its binlog at {}; run the script again with --fresh",
          cursor_.here().ToString()));
    default:
      break;
  }
  if (IsRows(event.type)) return HandleRows(event, batch);
  if (event.type != kPartialUpdateRowsEvent) return Status::Ok();
  const RowDecoders* const decoders = tables_.Find(RowsTableId(event));
  if (decoders != nullptr && !decoders->empty()) {
    return Status::Permanent(
        "the binlog holds partial JSON updates; SET GLOBAL binlog_row_value_options = '' on the "
        "server");
  }
  return Status::Ok();
}

Status LogDecoder::HandleRotate(const Event& event, Batch* batch) {
  const std::optional<Rotation> rotation = ParseRotate(event.body);
  if (!rotation) return Malformed("a ROTATE event");
  return cursor_.Rotate(*rotation, batch);
}

Status LogDecoder::HandleGtid(const Event& event, Batch* batch) {
  std::optional<Gtid> gtid = ParseGtid(event);
  if (!gtid) return Malformed("a GTID event");
  return cursor_.BeginGtid(std::move(*gtid), batch);
}

Status LogDecoder::HandleQuery(const Event& event) {
  std::string unpacked;
  const std::optional<QueryText> query = ParseQuery(event, &unpacked);
  if (!query) return Malformed("a QUERY event");
  const bool is_begin = query->statement == "BEGIN";  // as the server writes it, nearly always
  const std::string word = is_begin ? "BEGIN" : FirstWordOf(query->statement);
  if (word == "BEGIN") {
    cursor_.Begin(TransactionCursor::EndsWith::kCommit);
    return Status::Ok();
  }
  if (word == "SAVEPOINT") return Status::Ok();
  if (word == "COMMIT" || word == "ROLLBACK") return HandleEnd(query->statement, word);
  if (word == "XA") {  // XA START and XA END stand around the rows of what XA_PREPARE ends
    const std::string verb = FirstWordOf(Trim(query->statement).substr(word.size()));
    if (IsOneOf(verb, {"COMMIT", "ROLLBACK"})) EndTransaction();
    return Status::Ok();
  }
  MR_RETURN_IF_ERROR(AtPosition(tables_.Apply(*query, cursor_.here())));
  // CREATE TABLE ... SELECT stands inside of a transaction, before its rows.
  if (!cursor_.ends_with_commit()) EndTransaction();
  return Status::Ok();
}

// COMMIT, ROLLBACK, ROLLBACK TO a savepoint.
Status LogDecoder::HandleEnd(std::string_view statement, std::string_view word) {
  if (word == "ROLLBACK") {
    if (FirstWordOf(Trim(statement).substr(word.size())) == "TO") return Status::Ok();
    // Written only when tables without transactions were changed together with others.
    if (cursor_.changed_rows()) {
      return Status::Permanent(fmt::format(
          "a transaction that changed a captured table was rolled back in part (binlog {}), and "
          "which rows stayed is not known; run the script again with --fresh",
          cursor_.here().ToString()));
    }
  }
  EndTransaction();
  return Status::Ok();
}

Status LogDecoder::HandleXaPrepare(const Event& event) {
  const bool one_phase = !event.body.empty() && event.body[0] != 0;  // a commit
  if (cursor_.changed_rows() && !one_phase) {
    return Status::Permanent(fmt::format(
        "an XA transaction changed a captured table (binlog {}); XA is supported with COMMIT ... "
        "ONE PHASE only, because what was prepared may still be rolled back; when it has ended, "
        "run the script again with --fresh",
        cursor_.here().ToString()));
  }
  EndTransaction();
  return Status::Ok();
}

Status LogDecoder::HandleRows(const Event& event, Batch* batch) {
  const RowDecoders* const decoders = tables_.Find(RowsTableId(event));
  if (decoders == nullptr) return Malformed("a rows event without its TABLE_MAP");
  if (decoders->empty()) return Status::Ok();
  cursor_.NoteChangedRows();
  const uint32_t rows_before = batch->rows();
  for (const std::shared_ptr<RowImageDecoder>& decoder : *decoders) {
    if (row_filter_ && !row_filter_(*decoder, cursor_.here())) continue;
    const Status status = producer_.Add(event, decoder.get(), batch);
    if (status.ok()) [[likely]]
      continue;
    while (batch->rows() > rows_before) batch->DropLastRow();
    return AtPosition(status);
  }
  cursor_.AddRows(batch->rows() - rows_before, batch);
  return Status::Ok();
}

// All of it came, and its sum is right.
Status LogDecoder::HandlePayload(const Event& event) {
  if (in_payload()) return Malformed("a TRANSACTION_PAYLOAD event");
  MR_ASSIGN_OR_RETURN(payload_.cursor, PayloadCursor::Open(event.body));
  payload_.all_came = true;
  return Status::Ok();
}

Status LogDecoder::BeginPayload(std::span<const uint8_t> bytes, Batch* batch) {
  is_damaged_ = false;
  event_begin_ = cursor_.here().offset;
  const std::optional<Event> event = ParseEvent(bytes, 0);
  if (!event || in_payload()) return Malformed("a TRANSACTION_PAYLOAD event");
  payload_.stream.emplace(bytes, checksum_.enabled());
  const std::span<const uint8_t> body = payload_.stream->Add(bytes);
  cursor_.BeginUnverified();
  if (event->next_position != 0) cursor_.EnterEvent(event->next_position);
  if (cursor_.IsReplayed()) return Status::Ok();
  auto cursor = PayloadCursor::Open(body);
  if (!cursor.ok()) return FailUnverified(cursor.status(), batch);
  payload_.cursor = std::move(*cursor);
  return Status::Ok();
}

Status LogDecoder::ContinuePayload(std::span<const uint8_t> bytes, bool is_last, Batch* batch) {
  is_damaged_ = false;
  if (!payload_.stream) return Malformed("a TRANSACTION_PAYLOAD event");
  const std::span<const uint8_t> body = payload_.stream->Add(bytes);
  payload_.all_came = is_last;
  if (!in_payload()) {  // passed over
    if (is_last) payload_ = {};
    return Status::Ok();
  }
  payload_.cursor->Append(body);
  payload_.needs_bytes = false;
  return is_last ? DecodeMore(batch) : Status::Ok();
}

Status LogDecoder::DecodeMore(Batch* batch) {
  is_damaged_ = false;
  const Status status = DecodeInner(batch);
  return status.ok() || !payload_.stream ? status : FailUnverified(status, batch);
}

Status LogDecoder::DecodeInner(Batch* batch) {
  const auto next = payload_.cursor->Next();
  if (!next.ok()) return AtPosition(next.status());
  if (!next.value()) {
    payload_.needs_bytes = true;
    return payload_.all_came ? FinishPayload() : Status::Ok();
  }
  const std::optional<Event> event = ParseEvent(*next.value(), 0);
  if (!event) return Malformed("an event of a compressed transaction");
  return Dispatch(*event, batch);
}

Status LogDecoder::FinishPayload() {
  if (payload_.stream && !payload_.stream->IsValid()) {
    return Damaged(kTransactionPayloadEvent, "fails its checksum");
  }
  if (!payload_.cursor->IsComplete()) return Malformed("a TRANSACTION_PAYLOAD event");
  const bool transaction_ended = payload_.transaction_ended;
  payload_ = {};
  if (transaction_ended) EndTransaction();
  cursor_.LeaveEvent();
  return Status::Ok();
}

// What looks wrong in a payload whose sum has not come yet may be wrong because bytes were changed.
Status LogDecoder::FailUnverified(const Status& status, Batch* batch) {
  payload_ = {};
  if (!cursor_.DropUnverifiedRows(batch)) rows_are_suspect_ = true;
  if (is_damaged_ || status.transient() || status.cancelled() || !checksum_.enabled()) {
    return status;
  }
  return Damaged(kTransactionPayloadEvent, "cannot be decoded: " + status.message());
}

}  // namespace millrace::mysql
