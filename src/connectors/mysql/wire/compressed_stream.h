// Unpacks the compressed protocol into the packets that it carries, as they come and in bounded
// memory. Knows nothing of sockets.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace millrace::mysql {

class CompressedStream final {
 public:
  // Reads up to `size` bytes, waiting for the first one; 0 or less: there will be no more.
  using Read = std::function<int64_t(uint8_t* out, size_t size)>;

  explicit CompressedStream(Read read);
  ~CompressedStream();
  CompressedStream(const CompressedStream&) = delete;
  CompressedStream& operator=(const CompressedStream&) = delete;

  // As `read` does, but what was packed. -1 also if what came are not frames of this protocol.
  int64_t Unpack(uint8_t* out, size_t size);
  // Whether a part of what Unpack will return has been read already.
  bool has_buffered() const { return begin_ != end_ || output_pending_; }

 private:
  bool Fill(size_t bytes);  // until so many are buffered
  bool ReadHeader();
  int64_t Inflate(uint8_t* out, size_t size);

  const Read read_;
  std::vector<uint8_t> buffer_;
  size_t begin_ = 0;  // buffered: [begin_, end_)
  size_t end_ = 0;
  size_t frame_left_ = 0;  // bytes of the frame in hand that are still to be unpacked
  bool is_packed_ = false;
  bool in_zlib_ = false;         // the zlib stream of the frame has not ended
  bool output_pending_ = false;  // zlib has unpacked more than there was room for
  z_stream zlib_{};
};

}  // namespace millrace::mysql
