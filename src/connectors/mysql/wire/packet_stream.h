// Cuts the bytes of a connection into packets, in memory of a batch: the network is read straight
// into the arena, and a packet that came whole is never copied. Knows nothing of sockets.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "row/batch.h"

namespace millrace::mysql {

using Packet = std::span<const uint8_t>;

class PacketStream final {
 public:
  // Reads up to `size` bytes, waiting for the first one; 0 or less: there will be no more.
  using Read = std::function<int64_t(uint8_t* out, size_t size)>;

  // `checks_numbers`: packets that are not numbered in order are an error.
  explicit PacketStream(Read read, bool checks_numbers = true)
      : read_(std::move(read)), checks_numbers_(checks_numbers) {}

  // The packets that the next read brings, at least one, without their headers, in order. The list
  // is valid until the next call, the bytes are the arena's. Empty: the connection was lost, or
  // what came is not a sequence of packets.
  std::span<const Packet> Next(Arena* arena);

 private:
  // Lists the packets at the start of `bytes`; returns how many bytes they take.
  size_t Cut(std::span<const uint8_t> bytes);

  const Read read_;
  const bool checks_numbers_;
  std::vector<Packet> packets_;
  std::string open_;       // what came of a packet that is not whole
  std::string fragments_;  // payloads of a packet in fragments, the first ones
  bool fragments_complete_ = false;
  bool broken_ = false;
  bool numbered_ = false;  // number_ is known
  uint8_t number_ = 0;     // of the next packet
};

}  // namespace millrace::mysql
