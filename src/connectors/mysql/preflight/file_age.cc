#include "connectors/mysql/preflight/file_age.h"

#include <fmt/format.h>

#include <random>

#include "base/bytes.h"
#include "connectors/mysql/binlog/log_event.h"

namespace millrace::mysql {
namespace {

constexpr uint8_t kComBinlogDump = 0x12;
constexpr uint32_t kFirstOffset = 4;
constexpr uint16_t kEndAtEndOfLog = 1;
constexpr uint8_t kOkByte = 0;
// Ids that neither people nor our readers of the log take.
constexpr uint32_t kServerIdFirst = 2'000'000'000;
constexpr uint32_t kServerIdCount = 1'000'000'000;
// The description of the format is the second event, after an artificial ROTATE.
constexpr int kEventsMax = 8;

}  // namespace

Result<int64_t> FileBegan(Connection* connection, const std::string& file) {
  MR_RETURN_IF_ERROR(connection->Execute("SET @master_binlog_checksum = 'CRC32'"));
  std::random_device random;
  ByteWriter payload;
  payload.U32(kFirstOffset);
  payload.U16(kEndAtEndOfLog);
  payload.U32(kServerIdFirst + random() % kServerIdCount);
  payload.Bytes(file);
  MR_RETURN_IF_ERROR(connection->SendCommand(kComBinlogDump, payload.bytes()));
  for (int i = 0; i < kEventsMax; ++i) {
    MR_ASSIGN_OR_RETURN(const PacketPiece piece, connection->ReadPiece());
    if (piece.bytes.empty() || piece.bytes[0] != kOkByte) break;
    const std::span<const uint8_t> event = piece.bytes.subspan(1);
    if (event.size() < kEventHeaderBytes) break;
    if (event[kEventTypeAt] != kFormatDescriptionEvent) continue;
    return int64_t{event[0]} | int64_t{event[1]} << 8 | int64_t{event[2]} << 16 |
           int64_t{event[3]} << 24;
  }
  return Status::Permanent(fmt::format("the server does not say when binlog {} began", file));
}

}  // namespace millrace::mysql
