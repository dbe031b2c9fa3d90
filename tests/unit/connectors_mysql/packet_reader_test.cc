#include "connectors/mysql/wire/packet_reader.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

using namespace millrace::mysql;

namespace {

constexpr size_t kFullFragment = 0xffffff;

// As a server writes packets: with headers, long ones in fragments.
std::string Wire(const std::vector<std::string>& payloads) {
  std::string wire;
  uint8_t number = 250;
  for (const std::string& payload : payloads) {
    size_t at = 0;
    size_t size = 0;
    do {
      size = std::min(payload.size() - at, kFullFragment);
      for (int shift = 0; shift < 24; shift += 8) wire += static_cast<char>(size >> shift & 0xff);
      wire += static_cast<char>(number++);
      wire.append(payload, at, size);
      at += size;
    } while (size == kFullFragment);
  }
  return wire;
}

PacketReader::Read ReadFrom(const std::string& wire, size_t* at, size_t bytes_max) {
  return [&wire, at, bytes_max](uint8_t* out, size_t size) {
    const size_t length = std::min({size, bytes_max, wire.size() - *at});
    std::memcpy(out, wire.data() + *at, length);
    *at += length;
    return static_cast<int64_t>(length);
  };
}

std::vector<std::string> ReadAll(const std::string& wire, size_t bytes_max, size_t* largest) {
  size_t at = 0;
  PacketReader reader(ReadFrom(wire, &at, bytes_max));
  std::vector<std::string> packets;
  std::string packet;
  while (const auto piece = reader.Next()) {
    *largest = std::max(*largest, piece->bytes.size());
    packet.append(reinterpret_cast<const char*>(piece->bytes.data()), piece->bytes.size());
    if (!piece->is_last) continue;
    packets.push_back(std::move(packet));
    packet.clear();
  }
  CHECK(packet.empty());
  return packets;
}

}  // namespace

TEST_CASE("packets of all sizes, in whatever pieces the network brings them") {
  const std::vector<std::string> payloads = {"one",
                                             "",
                                             std::string(300'000, 'a'),
                                             std::string(PacketReader::kWholeBytesMax, 'b'),
                                             std::string(PacketReader::kWholeBytesMax + 1, 'c'),
                                             std::string(kFullFragment, 'd'),
                                             std::string(2 * kFullFragment + 5, 'e'),
                                             "last"};
  const std::string wire = Wire(payloads);
  for (const size_t bytes_max : {size_t{1000}, size_t{65'536}, wire.size()}) {
    size_t largest = 0;
    CHECK(ReadAll(wire, bytes_max, &largest) == payloads);
    CHECK(largest <= PacketReader::kWholeBytesMax + 4);
  }
}

TEST_CASE("a packet that is cut off or out of order ends the reading") {
  std::string wire = Wire({"one", "two", "three"});
  size_t largest = 0;
  CHECK(ReadAll(wire.substr(0, wire.size() - 1), 100, &largest) ==
        std::vector<std::string>{"one", "two"});
  wire[7 + 3] = 5;  // the number of the second one
  CHECK(ReadAll(wire, 100, &largest) == std::vector<std::string>{"one"});
}

TEST_CASE("a new command starts a new count, and another reader can take what is left") {
  std::string wire = Wire({"one"}) + Wire({"two"}) + "rows";
  size_t at = 0;
  PacketReader reader(ReadFrom(wire, &at, wire.size()));
  CHECK(reader.Next()->bytes.size() == 3);
  reader.StartCommand();
  CHECK(reader.Next()->bytes.size() == 3);
  CHECK(reader.has_buffered());
  uint8_t rest[10];
  CHECK(reader.TakeBuffered(rest, sizeof rest) == 4);
  CHECK(std::memcmp(rest, "rows", 4) == 0);
  CHECK_FALSE(reader.has_buffered());
}
