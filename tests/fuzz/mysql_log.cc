// Whatever a server sends as its binlog: the decoder takes the events or refuses them with a
// status, reads nothing beyond them, and can go on after a lost connection. The first byte says at
// which event that happens; its highest bit, that compressed transactions come in pieces. The
// checksums are made right, or no input would get far.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "captured_table.h"
#include "connectors/mysql/binlog/log_decoder.h"
#include "unit/connectors_mysql/known_tables.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

constexpr size_t kSizeAt = 9;  // in the header of an event

constexpr uint8_t kInPieces = 0x80;
constexpr size_t kPieceBytes = 16;

size_t SizeOf(const uint8_t* event) {
  return event[kSizeAt] | event[kSizeAt + 1] << 8 | event[kSizeAt + 2] << 16;
}

void SetChecksum(std::vector<uint8_t>* event) {
  if (event->size() < kEventHeaderBytes + kChecksumBytes) return;
  const size_t end = event->size() - kChecksumBytes;
  const uint32_t sum = Crc32(std::span(*event).first(end));
  std::memcpy(event->data() + end, &sum, sizeof sum);
}

Status Decode(const std::vector<uint8_t>& event, bool in_pieces, LogDecoder* decoder,
              Batch* batch) {
  const bool is_payload = event[kEventTypeAt] == kTransactionPayloadEvent;
  const std::span<const uint8_t> all(event);
  size_t at =
      is_payload && in_pieces ? std::min(all.size(), kEventHeaderBytes + kPieceBytes) : all.size();
  Status status =
      at < all.size() ? decoder->BeginPayload(all.first(at), batch) : decoder->Decode(event, batch);
  while (status.ok()) {
    if (batch->full()) batch->Reset(batch->stride());
    if (decoder->has_more()) {
      status = decoder->DecodeMore(batch);
    } else if (at < all.size()) {
      const size_t length = std::min(kPieceBytes, all.size() - at);
      status = decoder->ContinuePayload(all.subspan(at, length), at + length == all.size(), batch);
      at += length;
    } else {
      break;
    }
  }
  return status;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const CapturedTable table = ReadCapturedTable();
  if (size == 0) return 0;
  KnownTables tables(table.request, ".*", ".*", TableCatalog(), KnownTables::Server(true));
  tables.set_described(*table.server.layout);
  LogPosition start;
  start.file = "bin.000001";
  LogDecoder decoder(tables.decoders(), TimeZone(), start);
  static Batch batch(table.request.stride);  // costs more than all the rest
  batch.Reset(table.request.stride);
  const bool in_pieces = (data[0] & kInPieces) != 0;
  const size_t lost_at = data[0] & ~kInPieces;
  size_t number = 0;
  for (size_t at = 1; at + kEventHeaderBytes <= size; ++number) {
    const size_t bytes = std::clamp(SizeOf(data + at), size_t{kEventHeaderBytes}, size - at);
    // A copy of its own shows a read beyond its end.
    std::vector<uint8_t> event(data + at, data + at + bytes);
    SetChecksum(&event);
    if (!Decode(event, in_pieces, &decoder, &batch).ok()) return 0;
    if (number == lost_at) decoder.Restart();
    at += bytes;
  }
  return 0;
}
