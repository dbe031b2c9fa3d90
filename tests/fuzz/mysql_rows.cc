// Whatever a server sends as the rows of a SELECT, in whatever pieces: the packets are cut, and
// their rows decoded or refused, and nothing beyond them is read. The first byte is the size of a
// piece.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "captured_table.h"
#include "connectors/mysql/snapshot/result_row.h"
#include "connectors/mysql/wire/packet_stream.h"

using namespace millrace;
using namespace millrace::mysql;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const CapturedTable table = ReadCapturedTable();
  static const RowLayout layout = MakeLayout(table.server, table.request).value();
  static const ResultRowDecoder decoder = [] {
    std::vector<uint32_t> selected;
    for (uint32_t i = 0; i < table.server.columns().size(); ++i) selected.push_back(i);
    return ResultRowDecoder(layout, selected);
  }();
  static Batch batch(table.request.stride);
  if (size == 0) return 0;
  batch.Reset(table.request.stride);
  const size_t piece = data[0] + size_t{1};
  size_t at = 1;
  PacketStream stream([&](uint8_t* out, size_t room) {
    const size_t bytes = std::min({piece, room, size - at});
    std::memcpy(out, data + at, bytes);
    at += bytes;
    return static_cast<int64_t>(bytes);
  });
  CellWriter writer{TimeZone()};
  writer.set_arena(&batch.arena());
  while (!batch.full()) {
    const std::span<const Packet> packets = stream.Next(&batch.arena());
    if (packets.empty()) break;
    for (const Packet& packet : packets) {
      if (batch.full()) break;
      Cell* row = batch.AddRow(RowKind::kInsert);
      std::fill_n(row, batch.stride(), Cell::Null());
      if (!decoder.Decode(packet, &writer, row)) return 0;
    }
  }
  return 0;
}
