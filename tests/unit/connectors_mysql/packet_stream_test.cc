// Packets in whatever pieces the network brings them.
#include "connectors/mysql/wire/packet_stream.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

using namespace millrace;
using namespace millrace::mysql;

namespace {

constexpr size_t kFragmentBytes = 0xffffff;

// As a server writes them: with headers, long ones in fragments.
std::string Wire(const std::vector<std::string>& payloads, uint8_t number = 0) {
  std::string wire;
  for (const std::string& payload : payloads) {
    size_t at = 0;
    size_t size = 0;
    do {
      size = std::min(payload.size() - at, kFragmentBytes);
      for (int shift = 0; shift < 24; shift += 8) wire += static_cast<char>(size >> shift & 0xff);
      wire += static_cast<char>(number++);
      wire.append(payload, at, size);
      at += size;
    } while (size == kFragmentBytes);
  }
  return wire;
}

// All packets of `wire`, read in pieces of random sizes up to `piece_max`, with a new arena for
// every call.
std::vector<std::string> ReadAll(const std::string& wire, size_t piece_max, unsigned seed) {
  std::mt19937 random(seed);
  size_t at = 0;
  PacketStream stream([&](uint8_t* out, size_t size) {
    const size_t piece = 1 + random() % piece_max;
    const size_t length = std::min({size, piece, wire.size() - at});
    std::memcpy(out, wire.data() + at, length);
    at += length;
    return static_cast<int64_t>(length);
  });
  std::vector<std::string> packets;
  for (;;) {
    Arena arena;
    const std::span<const Packet> next = stream.Next(&arena);
    if (next.empty()) return packets;
    for (const Packet& packet : next) {
      packets.emplace_back(reinterpret_cast<const char*>(packet.data()), packet.size());
    }
  }
}

std::vector<std::string> Payloads(size_t count, size_t size_max, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::string> payloads;
  for (size_t i = 0; i < count; ++i) {
    payloads.emplace_back(random() % (size_max + 1), static_cast<char>('a' + i % 26));
  }
  return payloads;
}

}  // namespace

TEST_CASE("packets are the same however they come") {
  const std::vector<std::string> payloads = Payloads(2000, 90, 1);
  const std::string wire = Wire(payloads, 250);
  for (const size_t piece_max : {1, 3, 100, 20'000, 1'000'000}) {
    CHECK(ReadAll(wire, piece_max, 2) == payloads);
  }
}

TEST_CASE("packets larger than a block of the arena") {
  const std::vector<std::string> payloads = Payloads(40, 5 * Arena::kBlockBytes, 3);
  for (const size_t piece_max : {1000, 100'000}) {
    CHECK(ReadAll(Wire(payloads), piece_max, 4) == payloads);
  }
}

TEST_CASE("packets in fragments are put together") {
  const std::vector<std::string> payloads = {"before",  std::string(kFragmentBytes, 'x'),
                                             "between", std::string(2 * kFragmentBytes + 7, 'y'),
                                             "",        "after"};
  CHECK(ReadAll(Wire(payloads), 3'000'000, 5) == payloads);
}

TEST_CASE("a packet that is out of order, or cut off, is not given") {
  std::string wire = Wire({"one", "two", "three"});
  CHECK(ReadAll(wire.substr(0, wire.size() - 1), 1, 6) == std::vector<std::string>{"one", "two"});
  wire[7 + 3] = 5;  // the number of the second one
  CHECK(ReadAll(wire, 1, 7) == std::vector<std::string>{"one"});
  CHECK(ReadAll("", 1, 8).empty());
}

TEST_CASE("packets share the blocks of an arena") {
  const std::string wire = Wire(std::vector<std::string>(1000, std::string(60, 'r')));
  size_t at = 0;
  PacketStream stream([&](uint8_t* out, size_t size) {
    const size_t length = std::min({size, size_t{1000}, wire.size() - at});
    std::memcpy(out, wire.data() + at, length);
    at += length;
    return static_cast<int64_t>(length);
  });
  Arena arena;
  size_t packets = 0;
  while (packets < 1000) packets += stream.Next(&arena).size();
  CHECK(arena.used_bytes() >= 64 * 1000);
  CHECK(arena.used_bytes() < 64 * 1000 + 2 * 64);
}
