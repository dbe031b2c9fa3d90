#include "connectors/mysql/binlog/log_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/ascii.h"
#include "connectors/mysql/binlog/logged_statement.h"

namespace millrace::mysql {
namespace {

constexpr uint8_t kMariaStandalone = 1;
constexpr std::string_view kSequenceColumn = "next_not_cached_value";  // the first of MariaDB's
constexpr size_t kStatementShown = 200;                                // bytes in a message
constexpr size_t kTablesMax = 100'000;                                 // ids kept at a time

}  // namespace

LogDecoder::LogDecoder(LogDecoderConfig config, LogPosition start)
    : config_(std::move(config)),
      boundary_(std::move(start)),
      here_(boundary_),
      writer_(config_.server_zone) {}

void LogDecoder::Restart() {
  here_ = boundary_;
  checksum_bytes_ = 4;
  in_transaction_ = false;
  decoders_.clear();
  seen_in_transaction_ = 0;
}

Status LogDecoder::Malformed(std::string_view what) const {
  return Status::Permanent(
      fmt::format("{} after {} of the binlog is malformed", what, here_.ToString()));
}

bool LogDecoder::Captured(std::string_view database, std::string_view table) const {
  return config_.databases->Matches(std::string(database)) &&
         config_.tables->Matches(std::string(table));
}

Status LogDecoder::Decode(std::span<const uint8_t> bytes, Batch* batch) {
  size_t checksum = checksum_bytes_;
  if (bytes.size() < kEventHeaderBytes) return Malformed("an event");
  const uint8_t type = bytes[4];
  if (type == kRotateEvent) {
    // Artificial ones follow the checksum of the previous file: only a fitting sum is one.
    checksum = 0;
    if (bytes.size() > kEventHeaderBytes + 4) {
      uint32_t stored = 0;
      std::copy_n(bytes.end() - 4, 4, reinterpret_cast<uint8_t*>(&stored));
      if (stored == Checksum(bytes.first(bytes.size() - 4))) checksum = 4;
    }
  } else if (type == kFormatDescriptionEvent) {
    if (bytes.size() < kEventHeaderBytes + 5) return Malformed("a FORMAT_DESCRIPTION event");
    checksum_bytes_ = bytes[bytes.size() - 5] == 1 ? 4 : 0;
    checksum = 4;
  }
  const std::optional<Event> event = ParseEvent(bytes, checksum);
  if (!event) return Malformed("an event");
  if (event->timestamp != 0) last_event_second_ = event->timestamp;
  const bool artificial = (event->flags & kArtificialFlag) != 0;
  if (event->next_position != 0 && !artificial && type != kHeartbeatEvent) {
    here_.offset = event->next_position;
  }
  MR_RETURN_IF_ERROR(Handle(*event, batch));
  if (!in_transaction_ && event->next_position != 0 && !artificial && type != kHeartbeatEvent &&
      type != kRotateEvent) {
    boundary_.file = here_.file;
    boundary_.offset = here_.offset;
  }
  return Status::Ok();
}

void LogDecoder::BeginTransaction(bool ends_by_commit) {
  in_transaction_ = true;
  ends_by_commit_ = ends_by_commit;
  rows_in_transaction_ = false;
}

void LogDecoder::EndTransaction() {
  in_transaction_ = false;
  ends_by_commit_ = false;
  given_in_transaction_ = 0;
  seen_in_transaction_ = 0;
  boundary_.file = here_.file;
  boundary_.offset = here_.offset;
  if (gtid_ && boundary_.gtids) boundary_.gtids->Add(gtid_->source, gtid_->number);
  gtid_.reset();
  // Not earlier: the rows of a statement need all tables that were named in front of it.
  if (decoders_.size() <= kTablesMax) return;
  known_.clear();
  decoders_.clear();
}

Status LogDecoder::Handle(const Event& event, Batch* batch) {
  switch (event.type) {
    case kRotateEvent:
      return HandleRotate(event, batch);
    case kFormatDescriptionEvent:
      decoders_.clear();
      return in_transaction_ ? DropUnfinished(batch) : Status::Ok();
    case kGtidEvent:
    case kGtidTaggedEvent:
      return HandleGtid(event, batch);
    case kAnonymousGtidEvent:
      BeginTransaction(false);
      return Status::Ok();
    case kMariaGtidEvent:
      if (event.body.size() < 13) return Malformed("a GTID event");
      BeginTransaction((event.body[12] & kMariaStandalone) == 0);  // no BEGIN comes
      return Status::Ok();
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
      return HandleTableMap(event);
    case kTransactionPayloadEvent:
      return HandlePayload(event, batch);
    case kIncidentEvent:
      return Status::Permanent(fmt::format(
          "the server reports lost events in its binlog at {}; start the job anew with --fresh",
          here_.ToString()));
    default:
      break;
  }
  if (IsRows(event.type)) return HandleRows(event, batch);
  if (event.type == kPartialUpdateRowsEvent) {
    const auto decoder = decoders_.find(RowsTableId(event));
    if (decoder != decoders_.end() && decoder->second != nullptr) {
      return Status::Permanent(
          "the binlog holds partial JSON updates; SET GLOBAL "
          "binlog_row_value_options = '' on the server");
    }
  }
  return Status::Ok();
}

Status LogDecoder::HandleRotate(const Event& event, Batch* batch) {
  const std::optional<Rotation> rotation = ParseRotate(event.body);
  if (!rotation) return Malformed("a ROTATE event");
  // The file ends where a transaction began that had come in part. (Of two servers with GTIDs each
  // has files of its own.)
  const bool gone = !boundary_.gtids && rotation->file != boundary_.file;
  if (gone && given_in_transaction_ > 0) MR_RETURN_IF_ERROR(DropUnfinished(batch));
  here_.file = rotation->file;
  here_.offset = rotation->position;
  if (!in_transaction_) {
    boundary_.file = here_.file;
    boundary_.offset = here_.offset;
  }
  return Status::Ok();
}

Status LogDecoder::HandleGtid(const Event& event, Batch* batch) {
  std::optional<Gtid> gtid = ParseGtid(event);
  if (!gtid) return Malformed("a GTID event");
  const bool gone = given_in_transaction_ > 0 && gtid_ && *gtid_ != *gtid;
  if (gone) MR_RETURN_IF_ERROR(DropUnfinished(batch));
  gtid_ = std::move(gtid);
  BeginTransaction(false);  // BEGIN comes next, or the single statement
  return Status::Ok();
}

// What follows is no end of the transaction that has come in part: the server died while it wrote
// that one, and has rolled it back.
Status LogDecoder::DropUnfinished(Batch* batch) {
  if (given_in_transaction_ > batch->rows()) {
    return Status::Permanent(fmt::format(
        "the server died in the middle of a large transaction (binlog {}) of which rows were read "
        "already; start the job anew with --fresh",
        boundary_.ToString()));
  }
  for (; given_in_transaction_ > 0; --given_in_transaction_) batch->DropLastRow();
  in_transaction_ = ends_by_commit_ = rows_in_transaction_ = false;
  seen_in_transaction_ = 0;
  gtid_.reset();
  return Status::Ok();
}

Status LogDecoder::HandleQuery(const Event& event) {
  const std::optional<QueryText> query = ParseQuery(event);
  if (!query) return Malformed("a QUERY event");
  const std::string word = FirstWordOf(query->statement);
  if (word == "BEGIN") {
    BeginTransaction(true);
    return Status::Ok();
  }
  if (word == "SAVEPOINT") return Status::Ok();
  if (word == "COMMIT" || word == "ROLLBACK") return HandleEnd(query->statement, word);
  if (word == "XA") {  // XA START and XA END stand around the rows of what XA_PREPARE ends
    const std::string verb = FirstWordOf(Trim(query->statement).substr(word.size()));
    if (IsOneOf(verb, {"COMMIT", "ROLLBACK"})) EndTransaction();
    return Status::Ok();
  }
  // A trigger or a view may lead from any table of a database to a captured one.
  const bool concerns_us =
      config_.databases->Matches(query->database) ||
      NamesTable(query->statement, [this](const auto& database, const auto& table) {
        return Captured(database, table);
      });
  if (concerns_us && WritesRows(query->statement)) {
    return Status::Permanent(
        fmt::format("the binlog holds a statement instead of rows ({}): {}; a session wrote with "
                    "binlog_format=STATEMENT or MIXED, make it ROW and start anew with --fresh",
                    here_.ToString(), query->statement.substr(0, kStatementShown)));
  }
  if (IsOneOf(word, {"ALTER", "CREATE", "DROP", "RENAME", "TRUNCATE"})) {
    ForgetTablesIn(query->statement);
    if (word != "CREATE" && concerns_us) {
      config_.log->Warning("{} at {}: {}", word, here_.ToString(),
                           query->statement.substr(0, kStatementShown));
    }
  }
  // CREATE TABLE ... SELECT stands inside of a transaction, in front of its rows.
  if (!ends_by_commit_) EndTransaction();
  return Status::Ok();
}

// COMMIT, ROLLBACK, ROLLBACK TO a savepoint.
Status LogDecoder::HandleEnd(const std::string& statement, std::string_view word) {
  if (word == "ROLLBACK") {
    if (FirstWordOf(Trim(statement).substr(word.size())) == "TO") return Status::Ok();
    // Written only when tables without transactions were changed together with others.
    if (rows_in_transaction_) {
      return Status::Permanent(
          fmt::format("a transaction that changed a captured table was rolled back in part (binlog "
                      "{}): which rows stayed cannot be told; start the job anew with --fresh",
                      here_.ToString()));
    }
  }
  EndTransaction();
  return Status::Ok();
}

Status LogDecoder::HandleXaPrepare(const Event& event) {
  const bool one_phase = !event.body.empty() && event.body[0] != 0;  // a commit
  if (rows_in_transaction_ && !one_phase) {
    return Status::Permanent(fmt::format(
        "an XA transaction changed a captured table (binlog {}); XA is supported "
        "with COMMIT ... ONE PHASE only, because what was prepared may still be rolled back; when "
        "it has ended, start the job anew with --fresh",
        here_.ToString()));
  }
  EndTransaction();
  return Status::Ok();
}

Result<std::unique_ptr<RowImageDecoder>> LogDecoder::MakeDecoder(const TableMap& map) {
  MR_ASSIGN_OR_RETURN(const std::optional<ServerTable> table,
                      config_.describe(map.database, map.table));
  // One that was dropped since is known by its columns, if the log has their names.
  const bool is_sequence =
      table ? table->is_sequence : !map.names.empty() && map.names.front() == kSequenceColumn;
  if (is_sequence) return std::unique_ptr<RowImageDecoder>();
  if (!table) {
    return Status::Permanent(
        fmt::format("table {}.{} was dropped while its changes were still to be read; start the "
                    "job anew with --fresh",
                    map.database, map.table));
  }
  MR_ASSIGN_OR_RETURN(RowLayout layout, MakeLayout(*table, *config_.request));
  config_.log->Debug("reading changes of {}", table->FullName());
  return RowImageDecoder::Make(map, std::move(layout));
}

void LogDecoder::ForgetTablesIn(std::string_view statement) {
  std::set<std::string> words;
  for (const std::string& word : WordsOf(statement)) words.insert(ToLower(word));
  const auto named = [&](const std::string& table) { return words.contains(ToLower(table)); };
  std::erase_if(known_, [&](const auto& entry) { return named(entry.first.second); });
  std::erase_if(decoders_, [&](const auto& entry) {
    return entry.second != nullptr && named(entry.second->layout().table.name);
  });
}

Status LogDecoder::HandleTableMap(const Event& event) {
  const std::optional<TableMapName> name = ParseTableMapName(event.body);
  if (!name) return Malformed("a TABLE_MAP event");
  if (decoders_.contains(name->id)) return Status::Ok();
  if (!Captured(name->database, name->table)) {
    decoders_[name->id] = nullptr;
    return Status::Ok();
  }
  const std::optional<TableMap> map = ParseTableMap(event.body);
  if (!map) return Malformed("a TABLE_MAP event");
  const auto known = known_.find(std::pair(map->database, map->table));
  if (known != known_.end() && known->second.map.HasColumnsOf(*map)) {
    decoders_[map->id] = known->second.decoder;
    return Status::Ok();
  }
  MR_ASSIGN_OR_RETURN(std::shared_ptr<RowImageDecoder> decoder, MakeDecoder(*map));
  decoders_[map->id] = decoder;
  known_[{map->database, map->table}] = {*map, std::move(decoder)};
  return Status::Ok();
}

Status LogDecoder::HandleRows(const Event& event, Batch* batch) {
  const auto entry = decoders_.find(RowsTableId(event));
  if (entry == decoders_.end()) return Malformed("a rows event without its TABLE_MAP");
  RowImageDecoder* decoder = entry->second.get();
  if (decoder == nullptr) return Status::Ok();
  rows_in_transaction_ = true;
  if (gate_ && !gate_(decoder->layout().table.FullName(), here_)) return Status::Ok();
  const std::optional<RowsEvent> rows = ParseRows(event, &unpacked_);
  if (!rows || rows->columns != decoder->columns()) return Malformed("a rows event");
  return AddRows(*rows, decoder, event.timestamp, batch);
}

Status LogDecoder::AddRows(const RowsEvent& rows, RowImageDecoder* decoder, int64_t second,
                           Batch* batch) {
  // One copy for the whole event; text cells point into it.
  const std::string_view copy =
      batch->arena().Copy({reinterpret_cast<const char*>(rows.rows.data()), rows.rows.size()});
  ByteReader reader({reinterpret_cast<const uint8_t*>(copy.data()), copy.size()});
  const TableNames names = CopyNames(decoder->layout(), &batch->arena());
  writer_.set_arena(&batch->arena());
  const bool update = rows.kind == RowsKind::kUpdate;
  const RowKind first = rows.kind == RowsKind::kWrite ? RowKind::kInsert
                        : update                      ? RowKind::kUpdateBefore
                                                      : RowKind::kDelete;
  const uint32_t rows_before = batch->rows();
  bool second_image = false;
  bool before_was_row = false;
  while (reader.remaining() > 0) {
    const RowKind kind = !second_image    ? first
                         : before_was_row ? RowKind::kUpdateAfter
                                          : RowKind::kInsert;
    Cell* row = batch->AddRow(kind);
    FillMetadata(decoder->layout(), names, kind, second, row);
    if (!decoder->Decode(&reader, second_image ? rows.present_after : rows.present, &writer_,
                         row)) {
      if (decoder->missing_column().empty()) return Malformed("a row");
      return Status::Permanent(
          fmt::format("a row image in the binlog has no column {}; SET GLOBAL "
                      "binlog_row_image = 'FULL' on the server",
                      decoder->missing_column()));
    }
    if (decoder->is_history()) {
      batch->DropLastRow();
      if (second_image && before_was_row) {  // what is logged as an update has ended the row
        const uint32_t ended = batch->rows() - 1;
        batch->set_kind(ended, RowKind::kDelete);
        FillMetadata(decoder->layout(), names, RowKind::kDelete, second, batch->row(ended));
      }
    }
    before_was_row = !decoder->is_history();
    second_image = update && !second_image;
  }
  if (second_image) return Malformed("an update without its second row");
  const uint32_t added = batch->rows() - rows_before;
  seen_in_transaction_ += added;
  if (seen_in_transaction_ <= given_in_transaction_) {  // an event comes whole, or not at all
    for (uint32_t i = 0; i < added; ++i) batch->DropLastRow();
  } else {
    given_in_transaction_ = seen_in_transaction_;
  }
  return writer_.status();
}

Status LogDecoder::HandlePayload(const Event& event, Batch* batch) {
  MR_ASSIGN_OR_RETURN(const std::string payload, UnpackPayload(event.body));
  std::span<const uint8_t> rest(reinterpret_cast<const uint8_t*>(payload.data()), payload.size());
  while (!rest.empty()) {
    if (rest.size() < kEventHeaderBytes) return Malformed("a TRANSACTION_PAYLOAD event");
    uint32_t size = 0;
    std::copy_n(rest.begin() + 9, 4, reinterpret_cast<uint8_t*>(&size));
    if (size < kEventHeaderBytes || size > rest.size())
      return Malformed("a TRANSACTION_PAYLOAD event");
    const std::optional<Event> inner = ParseEvent(rest.first(size), 0);
    if (!inner) return Malformed("a TRANSACTION_PAYLOAD event");
    MR_RETURN_IF_ERROR(Handle(*inner, batch));
    rest = rest.subspan(size);
  }
  return Status::Ok();
}

}  // namespace millrace::mysql
