#include "connectors/mysql/binlog/log_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "base/backoff.h"
#include "base/bytes.h"
#include "connectors/mysql/wire/server_identity.h"

namespace millrace::mysql {
namespace {

constexpr uint8_t kComBinlogDump = 0x12;
constexpr uint8_t kComBinlogDumpGtid = 0x1e;
constexpr uint16_t kUseGtidSet = 4;
constexpr uint64_t kFirstOffset = 4;
constexpr int kReconnectsMax = 12;
constexpr int kReconnectsOfSeveralMax = 3;
constexpr Backoff kReconnectPause = {.first_ms = 100, .max_ms = 5'000, .multiplier = 2};
constexpr int64_t kReadTimeoutMinMs = 10'000;
constexpr uint32_t kServerIdFirst = 1'000'000'000;  // far from the ids people give to servers
constexpr uint32_t kServerIdCount = 1'000'000'000;
constexpr size_t kEventBytesMax = (1024u + 1) * 1024 * 1024;  // max_allowed_packet and some more

constexpr uint8_t kErrorByte = 0xff;
constexpr uint8_t kEndByte = 0xfe;
constexpr size_t kEndPacketMax = 8;

// 1236 is every fatal error of a dump; only its text says what to do.
Status ExplainDumpError(const Status& status) {
  const std::string& text = status.message();
  const bool collision = text.find("same server_uuid") != std::string::npos ||
                         text.find("same server_id") != std::string::npos ||
                         text.find("error 4052") != std::string::npos;
  if (collision) {
    return Status::Transient(text + "; another reader uses the same server-id: give each its own");
  }
  if (text.find("error 1236") != std::string::npos) {
    return Status::Permanent(text +
                             "; the binlog the job needs is no longer there: run the script again "
                             "with --fresh, and keep binlogs longer");
  }
  return status;
}

}  // namespace

LogReader::LogReader(const LogReaderConfig& config, LogPosition start)
    : config_(config), decoder_(config.tables, config.server_zone, std::move(start)) {}

bool LogReader::DataIsWaiting() const {
  return decoder_.has_more() || (connection_ != nullptr && connection_->DataIsWaiting());
}

// COM_BINLOG_DUMP      ::= offset (4 bytes) flags (2) server-id (4) file
// COM_BINLOG_DUMP_GTID ::= flags (2) server-id (4) length-of-file (4) file offset (8)
//                          length-of-data (4) gtid-set
// (MySQL internals manual, "Replication Protocol")
Status LogReader::Dump() {
  const LogPosition& start = decoder_.position();
  std::random_device random;
  const uint32_t server_id =
      config_.server_id != 0 ? config_.server_id : kServerIdFirst + random() % kServerIdCount;
  ByteWriter payload;
  if (start.gtids && !start.gtids->has_tags()) {
    const std::string data = start.gtids->Encode();
    payload.U16(kUseGtidSet);
    payload.U32(server_id);
    payload.U32(0);  // no file
    payload.U64(kFirstOffset);
    payload.U32(static_cast<uint32_t>(data.size()));
    payload.Bytes(data);
    return connection_->SendCommand(kComBinlogDumpGtid, payload.bytes());
  }
  payload.U32(static_cast<uint32_t>(decoder_.RestartOffset()));
  payload.U16(0);
  payload.U32(server_id);
  payload.Bytes(start.file);
  return connection_->SendCommand(kComBinlogDump, payload.bytes());
}

Status LogReader::Open() {
  Endpoint endpoint = config_.endpoint;
  endpoint.read_timeout_ms = std::max(3 * config_.heartbeat_ms, kReadTimeoutMinMs);
  MR_ASSIGN_OR_RETURN(connection_, Connection::Connect(endpoint, &stopped_));
  MR_RETURN_IF_ERROR(CheckServer());
  MR_RETURN_IF_ERROR(connection_->Execute("SET @master_binlog_checksum = 'CRC32'"));
  if (connection_->is_mariadb()) {
    MR_RETURN_IF_ERROR(connection_->Execute("SET @mariadb_slave_capability = 4"));
  }
  MR_RETURN_IF_ERROR(connection_->Execute(
      fmt::format("SET @master_heartbeat_period = {}", config_.heartbeat_ms * 1'000'000)));
  decoder_.Restart();
  in_event_ = false;
  return Dump();
}

// A name may lead to another server than before, whose files and tables are others.
Status LogReader::CheckServer() {
  if (config_.server.empty()) return Status::Ok();
  MR_ASSIGN_OR_RETURN(const std::string server, ServerIdentity(connection_.get()));
  if (server == config_.server) return Status::Ok();
  return Status::Transient(
      fmt::format("MySQL {} is now another server ({} instead of {}); going on from the latest "
                  "checkpoint",
                  connection_->server(), server, config_.server));
}

// Waits longer and longer and connects again; returns the cause when that does not help.
Status LogReader::Reconnect(const Status& cause) {
  const bool first_time = connection_ == nullptr;
  const int attempts_max = config_.of_several ? kReconnectsOfSeveralMax : kReconnectsMax;
  Status last = cause;
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    if (stopped()) return Status::Cancelled();
    if (!last.transient()) return last;
    if (!first_time || attempt > 0) {
      const int64_t pause_ms = kReconnectPause.PauseMs(first_time ? attempt - 1 : attempt);
      config_.environment.log->Warning("{}; reading the binlog again from {} in {} ms",
                                       last.message(), decoder_.position().ToString(), pause_ms);
      if (!Pause(pause_ms)) return Status::Cancelled();
    }
    connection_.reset();
    last = Open();
    if (last.ok()) return last;
  }
  return last;
}

bool LogReader::Pause(int64_t duration_ms) {
  for (int64_t left = duration_ms; left > 0 && !stopped(); left -= Connection::kWaitPieceMs) {
    config_.environment.clock->SleepMs(std::min<int64_t>(left, Connection::kWaitPieceMs));
  }
  return !stopped();
}

Status LogReader::Next(Batch* batch) {
  if (connection_ == nullptr) MR_RETURN_IF_ERROR(Reconnect(Status::Transient("not connected")));
  if (decoder_.has_more()) return AfterDecoding(decoder_.DecodeMore(batch));
  const Result<PacketPiece> piece = connection_->ReadPiece();
  if (!piece.ok()) return Recover(ExplainDumpError(piece.status()));
  std::span<const uint8_t> bytes = piece->bytes;
  if (in_event_) return AfterDecoding(DecodePiece(bytes, piece->is_last, batch));
  if (bytes.empty()) return Recover(Status::Transient("MySQL sent an empty packet"));
  if (bytes[0] == kErrorByte) return Recover(ExplainDumpError(connection_->ServerError(bytes)));
  if (bytes[0] == kEndByte && bytes.size() <= kEndPacketMax) {
    return Recover(Status::Transient("the server ended the binlog stream"));
  }
  bytes = bytes.subspan(1);
  if (piece->is_last) return AfterDecoding(decoder_.Decode(bytes, batch));
  return AfterDecoding(BeginPieces(bytes, batch));
}

// A large event: only a compressed transaction is decoded while it comes. Everything else is the
// rows of one event, which a batch holds as a whole.
Status LogReader::BeginPieces(std::span<const uint8_t> bytes, Batch* batch) {
  if (bytes.size() < kEventHeaderBytes) return Status::Transient("MySQL sent a malformed packet");
  in_event_ = true;
  is_streamed_ = bytes[kEventTypeAt] == kTransactionPayloadEvent;
  if (is_streamed_) return decoder_.BeginPayload(bytes, batch);
  collected_.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return Status::Ok();
}

Status LogReader::DecodePiece(std::span<const uint8_t> bytes, bool is_last, Batch* batch) {
  in_event_ = !is_last;
  if (is_streamed_) return decoder_.ContinuePayload(bytes, is_last, batch);
  if (collected_.size() + bytes.size() > kEventBytesMax) {
    return Status::Permanent(fmt::format("an event after {} of the binlog has more than {} bytes",
                                         decoder_.here().ToString(), kEventBytesMax));
  }
  collected_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!is_last) return Status::Ok();
  const std::string event = std::exchange(collected_, {});
  return decoder_.Decode({reinterpret_cast<const uint8_t*>(event.data()), event.size()}, batch);
}

Status LogReader::Recover(const Status& failure) {
  return stopped() ? Status::Cancelled() : Reconnect(failure);
}

Status LogReader::AfterDecoding(const Status& status) {
  if (status.ok()) {
    const bool passed = damaged_event_ && !decoder_.in_payload() && !in_event_ &&
                        IsBefore(*damaged_event_, decoder_.here());
    if (!passed) return status;
    if (decoder_.rows_are_suspect()) {
      return Status::Transient(fmt::format(
          "the binlog event at {} was changed on its way, and rows of it were read before that "
          "was known; going on from the latest checkpoint",
          damaged_event_->ToString()));
    }
    damaged_event_.reset();
    return status;
  }
  if (!decoder_.is_damaged()) return status;
  const LogPosition event = decoder_.event_begin();
  if (damaged_event_ && damaged_event_->ToString() == event.ToString()) {
    return Status::Permanent(
        status.message() +
        " a second time: its bytes are damaged on the server or by what is between; check the "
        "file with mysqlbinlog --verify-binlog-checksum, and run the script again with --fresh if "
        "it cannot be restored");
  }
  damaged_event_ = event;
  return Recover(status);
}

}  // namespace millrace::mysql
