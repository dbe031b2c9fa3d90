#include "connectors/mysql/wire/compressed_stream.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace millrace::mysql {
namespace {

// frame ::= bytes that follow the header (3, little endian), number (1),
//           bytes when unpacked (3; 0: they are not packed), bytes: a zlib stream
// What is unpacked from all frames, one after the other, is a sequence of packets. A packet may
// begin in one frame and end in another (MySQL internals manual, "Compressed Packet").
constexpr size_t kHeaderBytes = 7;
constexpr size_t kUnpackedAt = 4;
constexpr size_t kBufferBytes = 64 * 1024;

size_t ThreeBytes(const uint8_t* bytes) {
  return bytes[0] | size_t{bytes[1]} << 8 | size_t{bytes[2]} << 16;
}

}  // namespace

CompressedStream::CompressedStream(Read read) : read_(std::move(read)), buffer_(kBufferBytes) {
  if (inflateInit(&zlib_) != Z_OK) zlib_.state = nullptr;
}

CompressedStream::~CompressedStream() {
  if (zlib_.state != nullptr) inflateEnd(&zlib_);
}

bool CompressedStream::Fill(size_t bytes) {
  if (end_ - begin_ >= bytes) return true;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  while (end_ < bytes) {
    const int64_t came = read_(buffer_.data() + end_, buffer_.size() - end_);
    if (came <= 0) return false;
    end_ += static_cast<size_t>(came);
  }
  return true;
}

bool CompressedStream::ReadHeader() {
  if (!Fill(kHeaderBytes)) return false;
  const uint8_t* const header = buffer_.data() + begin_;
  frame_left_ = ThreeBytes(header);
  is_packed_ = ThreeBytes(header + kUnpackedAt) != 0;
  begin_ += kHeaderBytes;
  if (!is_packed_) return true;
  in_zlib_ = true;
  return zlib_.state != nullptr && inflateReset(&zlib_) == Z_OK;
}

int64_t CompressedStream::Unpack(uint8_t* out, size_t size) {
  for (;;) {
    while (frame_left_ == 0 && !in_zlib_) {
      if (!ReadHeader()) return -1;
    }
    if (is_packed_) {
      const int64_t unpacked = Inflate(out, size);
      if (unpacked != 0) return unpacked;
      continue;
    }
    if (!Fill(1)) return -1;
    const size_t length = std::min({size, frame_left_, end_ - begin_});
    std::memcpy(out, buffer_.data() + begin_, length);
    begin_ += length;
    frame_left_ -= length;
    return static_cast<int64_t>(length);
  }
}

// How many bytes were unpacked; 0 if more input is needed, -1 if it is not a zlib stream of the
// frame's length.
int64_t CompressedStream::Inflate(uint8_t* out, size_t size) {
  if (!output_pending_ && frame_left_ > 0 && !Fill(1)) return -1;
  const size_t available = std::min(frame_left_, end_ - begin_);
  const size_t room = std::min<size_t>(size, UINT32_MAX);
  zlib_.next_in = buffer_.data() + begin_;
  zlib_.avail_in = static_cast<uInt>(available);
  zlib_.next_out = out;
  zlib_.avail_out = static_cast<uInt>(room);
  const int result = inflate(&zlib_, Z_NO_FLUSH);
  const size_t taken = available - zlib_.avail_in;
  const size_t unpacked = room - zlib_.avail_out;
  begin_ += taken;
  frame_left_ -= taken;
  // Only zlib knows whether there is more when the room is full: then it may turn out to be
  // nothing.
  const bool was_full = std::exchange(output_pending_, zlib_.avail_out == 0 && result == Z_OK);
  if (result == Z_BUF_ERROR && was_full) return 0;
  if (result != Z_OK && result != Z_STREAM_END) return -1;
  in_zlib_ = result != Z_STREAM_END;
  if (!in_zlib_ && frame_left_ != 0) return -1;
  return static_cast<int64_t>(unpacked);
}

}  // namespace millrace::mysql
