#include "connectors/mysql/wire/packet_reader.h"

#include <algorithm>
#include <cstring>

namespace millrace::mysql {
namespace {

// packet   ::= fragment+, all but the last one full
// fragment ::= payload length (3 bytes, little endian), number (1), payload
// (MySQL internals manual, "MySQL Packets")
constexpr size_t kHeaderBytes = 4;
constexpr size_t kFullFragment = 0xffffff;
constexpr size_t kBufferBytes = 128 * 1024;

}  // namespace

PacketReader::PacketReader(Read read) : read_(std::move(read)), buffer_(kBufferBytes) {}

bool PacketReader::Fill(size_t bytes) {
  if (end_ - begin_ >= bytes) return true;
  // The rest goes to the front, so that a read always has the room of a whole buffer.
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < bytes) buffer_.resize(bytes);
  while (end_ < bytes) {
    const int64_t came = read_(buffer_.data() + end_, buffer_.size() - end_);
    if (came <= 0) return false;
    end_ += static_cast<size_t>(came);
  }
  return true;
}

size_t PacketReader::TakeBuffered(uint8_t* out, size_t size) {
  const size_t length = std::min(size, end_ - begin_);
  std::memcpy(out, buffer_.data() + begin_, length);
  begin_ += length;
  return length;
}

bool PacketReader::ReadHeader() {
  if (!Fill(kHeaderBytes)) return false;
  const uint8_t* const header = buffer_.data() + begin_;
  if (numbered_ && header[3] != number_) return false;
  numbered_ = checks_numbers_;
  number_ = static_cast<uint8_t>(header[3] + 1);
  fragment_left_ = header[0] | size_t{header[1]} << 8 | size_t{header[2]} << 16;
  is_continued_ = fragment_left_ == kFullFragment;
  begin_ += kHeaderBytes;
  return true;
}

std::optional<PacketPiece> PacketReader::Next() {
  if (in_packet_) return NextOfFragment();
  if (!ReadHeader()) return std::nullopt;
  if (fragment_left_ > kWholeBytesMax) {
    in_packet_ = true;
    return NextOfFragment();
  }
  if (!Fill(fragment_left_)) return std::nullopt;
  const PacketPiece piece{buffered().first(fragment_left_), true};
  begin_ += fragment_left_;
  return piece;
}

std::optional<PacketPiece> PacketReader::NextOfFragment() {
  if (fragment_left_ == 0) {  // only a full fragment ends without ending the packet
    if (!ReadHeader()) return std::nullopt;
  }
  if (fragment_left_ > 0 && !Fill(1)) return std::nullopt;
  const size_t size = std::min(fragment_left_, end_ - begin_);
  const std::span<const uint8_t> bytes = buffered().first(size);
  begin_ += size;
  fragment_left_ -= size;
  in_packet_ = fragment_left_ > 0 || is_continued_;
  return PacketPiece{bytes, !in_packet_};
}

}  // namespace millrace::mysql
