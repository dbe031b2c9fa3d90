// Whatever a server sends as its binlog: the decoder takes the events or refuses them with a
// status, reads nothing beyond them, and can go on after a lost connection. The first byte says at
// which event that happens.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "captured_table.h"
#include "connectors/mysql/binlog/log_decoder.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

constexpr size_t kSizeAt = 9;  // in the header of an event

size_t SizeOf(const uint8_t* event) {
  return event[kSizeAt] | event[kSizeAt + 1] << 8 | event[kSizeAt + 2] << 16;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const CapturedTable table = ReadCapturedTable();
  static const NamePattern any(".*");
  static Log log(LogLevel::kOff, stderr);
  if (size == 0) return 0;
  const LogDecoderConfig config{&table.request,
                                &any,
                                &any,
                                TimeZone(),
                                &log,
                                [](const std::string& database, const std::string& name) {
                                  ServerTable server = table.server;
                                  server.database = database;
                                  server.name = name;
                                  return Result(std::optional(std::move(server)));
                                }};
  LogPosition start;
  start.file = "bin.000001";
  LogDecoder decoder(config, start);
  static Batch batch(table.request.stride);  // costs more than all the rest
  batch.Reset(table.request.stride);
  const size_t lost_at = data[0];
  size_t number = 0;
  for (size_t at = 1; at + kEventHeaderBytes <= size; ++number) {
    const size_t bytes = std::clamp(SizeOf(data + at), size_t{kEventHeaderBytes}, size - at);
    // A copy of its own shows a read beyond its end.
    const std::vector<uint8_t> event(data + at, data + at + bytes);
    if (!decoder.Decode(event, &batch).ok()) return 0;
    if (batch.full()) batch.Reset(table.request.stride);
    if (number == lost_at) decoder.Restart();
    at += bytes;
  }
  return 0;
}
