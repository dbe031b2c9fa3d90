// The bytes that a connection of the client library brings, taken past the library's packet layer,
// which would copy every packet twice and ask the network for little at a time: from the socket,
// through TLS, unpacked. What the library has read ahead comes first.
//
// Needs the structures that MariaDB's connector shows in its public headers, and that it was built
// with OpenSSL, as Debian's is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/status.h"
#include "connectors/mysql/wire/compressed_stream.h"

struct st_mysql;

namespace millrace::mysql {

bool IsEncrypted(const st_mysql* connection);

class Transport final {
 public:
  // Waits until the socket has one of these events of poll(); false: no longer.
  using Wait = std::function<bool(short events)>;

  explicit Transport(Wait wait) : wait_(std::move(wait)) {}

  // Takes over the reading of a connection that was made, and outlives this. Permanent error if its
  // bytes cannot be understood here.
  Status Attach(st_mysql* connection);

  // Reads up to `size` bytes, waiting for the first one; 0 or less: there will be no more. Nothing
  // is read beyond the end of an answer, since the server sends nothing without being asked.
  int64_t Read(uint8_t* out, size_t size) {
    return frames_ != nullptr ? frames_->Unpack(out, size) : ReadWire(out, size);
  }
  // False if the next Read would have to wait for the network. May be false without need.
  bool DataIsWaiting() const;
  // Inside of compressed frames the numbers of packets are not in order.
  bool numbers_packets() const { return frames_ == nullptr; }

 private:
  int64_t ReadWire(uint8_t* out, size_t size);
  int64_t ReadTls(uint8_t* out, size_t size);

  const Wait wait_;
  st_mysql* connection_ = nullptr;
  std::unique_ptr<CompressedStream> frames_;
};

}  // namespace millrace::mysql
