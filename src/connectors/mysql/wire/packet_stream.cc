#include "connectors/mysql/wire/packet_stream.h"

#include <algorithm>
#include <cstring>

namespace millrace::mysql {
namespace {

// packet: payload length (3 bytes, little endian), number (1), payload. A payload of kFragmentBytes
// is continued by the next packet (MySQL internals manual, "MySQL Packets").
constexpr size_t kHeaderBytes = 4;
constexpr size_t kFragmentBytes = 0xffffff;
constexpr size_t kReadMin = 8 * 1024;  // less room than this is not worth a read

size_t PayloadBytes(const uint8_t* header) {
  return header[0] | size_t{header[1]} << 8 | size_t{header[2]} << 16;
}

// What the packet at the start takes as far as one can tell.
size_t PacketBytes(std::span<const uint8_t> bytes) {
  return bytes.size() < kHeaderBytes ? kHeaderBytes : kHeaderBytes + PayloadBytes(bytes.data());
}

std::span<const uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace

size_t PacketStream::Cut(std::span<const uint8_t> bytes) {
  size_t done = 0;
  while (!fragments_complete_ && bytes.size() - done >= kHeaderBytes) {
    const uint8_t* const header = bytes.data() + done;
    const size_t payload = PayloadBytes(header);
    if (bytes.size() - done - kHeaderBytes < payload) break;
    if (header[3] != number_ && numbered_) [[unlikely]] {
      broken_ = true;
      break;
    }
    numbered_ = checks_numbers_;
    number_ = static_cast<uint8_t>(header[3] + 1);
    done += kHeaderBytes + payload;
    const Packet packet(header + kHeaderBytes, payload);
    if (payload < kFragmentBytes && fragments_.empty()) [[likely]] {
      packets_.push_back(packet);
      continue;
    }
    fragments_.append(reinterpret_cast<const char*>(packet.data()), payload);
    fragments_complete_ = payload < kFragmentBytes;
  }
  return done;
}

std::span<const Packet> PacketStream::Next(Arena* arena) {
  packets_.clear();
  while (packets_.empty() && !broken_) {
    const size_t room = arena->room() >= kReadMin ? arena->room() : Arena::kBlockBytes;
    const size_t size = std::max({PacketBytes(AsBytes(open_)), room, open_.size()});
    char* const memory = arena->Allocate(size);
    auto* const bytes = reinterpret_cast<uint8_t*>(memory);
    std::memcpy(bytes, open_.data(), open_.size());
    size_t filled = open_.size();
    size_t cut = Cut({bytes, filled});
    while (cut == 0 && !broken_ && PacketBytes({bytes, filled}) <= size) {
      const int64_t came = read_(bytes + filled, size - filled);
      if (came <= 0) {
        broken_ = true;
        break;
      }
      filled += static_cast<size_t>(came);
      cut = Cut({bytes, filled});
    }
    open_.assign(memory + cut, filled - cut);
    arena->Shrink(size, cut);
    if (!fragments_complete_) continue;
    packets_.push_back(AsBytes(arena->Copy(fragments_)));
    fragments_ = {};
    fragments_complete_ = false;
  }
  if (broken_) packets_.clear();
  return packets_;
}

}  // namespace millrace::mysql
