#include "connectors/mysql/binlog/log_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace millrace::mysql {
namespace {

constexpr uint8_t kComBinlogDump = 0x12;
constexpr uint8_t kComBinlogDumpGtid = 0x1e;
constexpr uint16_t kUseGtidSet = 4;
constexpr int kReconnectsMax = 12;
constexpr int64_t kFirstDelayMs = 100;
constexpr int64_t kDelayMaxMs = 5'000;
constexpr int64_t kSleepPieceMs = 100;
constexpr int kVisibleTriesMax = 200;
constexpr int64_t kVisibleAgainMs = 10;
constexpr uint32_t kServerIdFirst = 1'000'000'000;  // far from the ids people give to servers
constexpr uint32_t kServerIdCount = 1'000'000'000;

void AppendLittle(std::string* out, uint64_t value, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) out->push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

// 1236 is every fatal error of a dump; only its text tells what to do.
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
                             "; the binlog the job needs is no longer there: start it anew with "
                             "--fresh, and keep binlogs longer");
  }
  return status;
}

}  // namespace

LogReader::LogReader(const LogReaderConfig& config, LogPosition start)
    : config_(config),
      decoder_({config.request, config.databases, config.tables, config.server_zone,
                config.environment.log,
                [this](const auto& database, const auto& table) {
                  return DescribeWhenVisible(database, table);
                }},
               std::move(start)) {}

// MySQL sends the rows of CREATE TABLE ... SELECT a moment before others can see the table.
Result<std::optional<ServerTable>> LogReader::DescribeWhenVisible(const std::string& database,
                                                                  const std::string& table) {
  // A connection of its own: the one that carries the binlog is busy with it.
  MR_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection,
                      Connection::Connect(config_.endpoint, &stopped_));
  for (int i = 0; i < kVisibleTriesMax; ++i) {
    if (stopped_) return Status::Cancelled();
    MR_ASSIGN_OR_RETURN(std::optional<ServerTable> found,
                        Describe(connection.get(), database, table));
    if (found) return found;
    config_.environment.clock->SleepMs(kVisibleAgainMs);
  }
  return std::optional<ServerTable>();
}

void LogReader::Interrupt() {
  stopped_ = true;
  std::lock_guard lock(connection_mutex_);
  if (connection_ != nullptr) connection_->Interrupt();
}

Status LogReader::Dump() {
  const LogPosition& start = decoder_.position();
  std::random_device random;
  const uint32_t server_id =
      config_.server_id != 0 ? config_.server_id : kServerIdFirst + random() % kServerIdCount;
  std::string payload;
  if (start.gtids && !start.gtids->has_tags()) {
    const std::string data = start.gtids->Encode();
    AppendLittle(&payload, kUseGtidSet, 2);
    AppendLittle(&payload, server_id, 4);
    AppendLittle(&payload, 0, 4);  // no file name
    AppendLittle(&payload, 4, 8);
    AppendLittle(&payload, data.size(), 4);
    return connection_->SendCommand(kComBinlogDumpGtid, payload + data);
  }
  AppendLittle(&payload, start.offset, 4);
  AppendLittle(&payload, 0, 2);
  AppendLittle(&payload, server_id, 4);
  return connection_->SendCommand(kComBinlogDump, payload + start.file);
}

Status LogReader::Open() {
  Endpoint endpoint = config_.endpoint;
  endpoint.read_timeout_ms = std::max<int64_t>(3 * config_.heartbeat_ms, 10'000);
  auto connected = Connection::Connect(endpoint, &stopped_);
  if (!connected.ok()) return connected.status();
  {
    std::lock_guard lock(connection_mutex_);
    if (stopped_) return Status::Cancelled();
    connection_ = std::move(*connected);
  }
  MR_RETURN_IF_ERROR(connection_->Execute("SET @master_binlog_checksum = 'CRC32'"));
  if (connection_->is_mariadb())
    MR_RETURN_IF_ERROR(connection_->Execute("SET @mariadb_slave_capability = 4"));
  MR_RETURN_IF_ERROR(connection_->Execute(
      fmt::format("SET @master_heartbeat_period = {}", config_.heartbeat_ms * 1'000'000)));
  decoder_.Restart();
  return Dump();
}

// Waits longer and longer and connects again; the cause comes back when that does not help.
Status LogReader::Reconnect(const Status& cause) {
  Status last = cause;
  int64_t delay_ms = kFirstDelayMs;
  for (int attempt = 0; attempt < kReconnectsMax; ++attempt) {
    if (stopped_) return Status::Cancelled();
    if (!last.transient()) return last;
    if (connection_ != nullptr || attempt > 0) {
      config_.environment.log->Warning("{}; reading the binlog again from {} in {} ms",
                                       last.message(), decoder_.position().ToString(), delay_ms);
      for (int64_t slept = 0; slept < delay_ms && !stopped_; slept += kSleepPieceMs) {
        config_.environment.clock->SleepMs(std::min(kSleepPieceMs, delay_ms - slept));
      }
      delay_ms = std::min(2 * delay_ms, kDelayMaxMs);
    }
    {
      std::lock_guard lock(connection_mutex_);
      connection_.reset();
    }
    last = Open();
    if (last.ok()) return last;
  }
  return last;
}

Status LogReader::Next(Batch* batch) {
  if (connection_ == nullptr) MR_RETURN_IF_ERROR(Reconnect(Status::Transient("not connected")));
  const Result<std::span<const uint8_t>> packet = connection_->ReadPacket();
  Status status;
  if (!packet.ok()) {
    status = ExplainDumpError(packet.status());
  } else if (packet->empty() || packet.value()[0] == 0xff) {
    status = packet->empty() ? Status::Transient("an empty packet came")
                             : ExplainDumpError(connection_->ServerError(*packet));
  } else if (packet.value()[0] == 0xfe && packet->size() < 9) {
    status = Status::Transient("the server ended the binlog stream");
  } else {
    return decoder_.Decode(packet->subspan(1), batch);
  }
  if (stopped_) return Status::Cancelled();
  return Reconnect(status);
}

}  // namespace millrace::mysql
