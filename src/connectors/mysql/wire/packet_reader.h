// Reads packets one after the other through a buffer of bounded size: what is small comes whole, a
// large packet in pieces. Knows nothing of sockets.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace millrace::mysql {

// The next bytes of a packet, without header, valid until the next call of the reader.
struct PacketPiece {
  std::span<const uint8_t> bytes;
  bool is_last = true;
};

class PacketReader final {
 public:
  // Packets up to this size come as one piece.
  static constexpr size_t kWholeBytesMax = 4 * 1024 * 1024;
  // Reads up to `size` bytes, waiting for the first one; 0 or less: there will be no more.
  using Read = std::function<int64_t(uint8_t* out, size_t size)>;

  explicit PacketReader(Read read);

  // The next piece: of the packet that was begun, else of a new one. Nothing if the connection was
  // lost or what came is not a sequence of packets; the reader must not be used after that.
  std::optional<PacketPiece> Next();

  // Whether a part of what Next will return has been read already.
  bool has_buffered() const { return begin_ != end_; }
  // Moves up to `size` bytes that were read but not returned to `out`, for another reader of the
  // same connection; returns how many. Only between packets.
  size_t TakeBuffered(uint8_t* out, size_t size);
  // Forgets the number of the latest packet: the next one answers a new command.
  void StartCommand() { numbered_ = false; }
  // Whatever the numbers of the packets are, they are not compared.
  void IgnoreNumbers() { checks_numbers_ = false; }

 private:
  std::span<const uint8_t> buffered() const {
    return std::span(buffer_).subspan(begin_, end_ - begin_);
  }
  bool Fill(size_t bytes);  // until so many are buffered
  bool ReadHeader();
  std::optional<PacketPiece> NextOfFragment();

  const Read read_;
  std::vector<uint8_t> buffer_;
  size_t begin_ = 0;  // buffered: [begin_, end_)
  size_t end_ = 0;
  size_t fragment_left_ = 0;   // payload bytes of the fragment in hand that are still to come
  bool in_packet_ = false;     // pieces of a packet were returned, but not the last one
  bool is_continued_ = false;  // another fragment follows the one in hand
  bool checks_numbers_ = true;
  bool numbered_ = false;  // number_ is known
  uint8_t number_ = 0;     // of the next fragment
};

}  // namespace millrace::mysql
