#include "connectors/mysql/wire/transport.h"

#include <mysql.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

// The packet layer's header needs the types of mysql.h and one more, and has those of TLS only
// after this macro.
using uchar = unsigned char;
#define HAVE_TLS 1
#include <ma_pvio.h>

namespace millrace::mysql {
namespace {

// What the client library has read from the network and not returned yet.
size_t BytesReadAhead(const MARIADB_PVIO* pvio) {
  if (pvio == nullptr || pvio->cache == nullptr) return 0;
  const uchar* const end = pvio->cache + pvio->cache_size;
  return pvio->cache_pos < end ? static_cast<size_t>(end - pvio->cache_pos) : 0;
}

SSL* TlsOf(const MYSQL* connection) {
  const MARIADB_PVIO* const pvio = connection->net.pvio;
  return pvio == nullptr || pvio->ctls == nullptr ? nullptr : static_cast<SSL*>(pvio->ctls->ssl);
}

}  // namespace

bool IsEncrypted(const MYSQL* connection) { return TlsOf(connection) != nullptr; }

Status Transport::Attach(MYSQL* connection) {
  connection_ = connection;
  if (SSL* const tls = TlsOf(connection); tls != nullptr) {
    const char* library = nullptr;
    mariadb_get_infov(connection, MARIADB_TLS_LIBRARY, &library);
    if (library == nullptr || !std::string_view(library).starts_with("OpenSSL")) {
      return Status::Permanent(
          "this libmariadb was not built with OpenSSL, without which Millrace cannot read over "
          "TLS; install Debian's libmariadb3");
    }
    // Else it asks the network twice for each record: for its header and for the rest.
    SSL_set_read_ahead(tls, 1);
  }
  if (connection->net.compress == 0) return Status::Ok();
  if ((connection->client_flag & CLIENT_ZSTD_COMPRESSION) != 0) {
    return Status::Permanent(
        "libmariadb chose zstd for the compressed protocol, and Millrace reads zlib only; leave "
        "out 'jdbc.properties.useCompression' or remove the client plugin zstd");
  }
  frames_ = std::make_unique<CompressedStream>(
      [this](uint8_t* out, size_t size) { return ReadWire(out, size); });
  return Status::Ok();
}

bool Transport::DataIsWaiting() const {
  if (frames_ != nullptr && frames_->has_buffered()) return true;
  if (BytesReadAhead(connection_->net.pvio) > 0) return true;
  if (const SSL* const tls = TlsOf(connection_); tls != nullptr && SSL_has_pending(tls) == 1)
    return true;
  pollfd descriptor{static_cast<int>(mysql_get_socket(connection_)), POLLIN, 0};
  return ::poll(&descriptor, 1, 0) > 0;
}

int64_t Transport::ReadWire(uint8_t* out, size_t size) {
  MARIADB_PVIO* const pvio = connection_->net.pvio;
  if (pvio == nullptr) return 0;
  if (const size_t ahead = BytesReadAhead(pvio); ahead > 0) {
    const size_t length = std::min(size, ahead);
    std::memcpy(out, pvio->cache_pos, length);
    pvio->cache_pos += length;
    return static_cast<int64_t>(length);
  }
  if (pvio->ctls != nullptr) return ReadTls(out, size);
  const auto socket = static_cast<int>(mysql_get_socket(connection_));
  for (;;) {
    const ssize_t length = ::recv(socket, out, size, MSG_DONTWAIT);
    if (length >= 0) return length;
    if (errno == EINTR) continue;
    const bool must_wait = errno == EAGAIN || errno == EWOULDBLOCK;
    if (!must_wait || !wait_(POLLIN)) return -1;
  }
}

int64_t Transport::ReadTls(uint8_t* out, size_t size) {
  MARIADB_PVIO* const pvio = connection_->net.pvio;
  SSL* const tls = TlsOf(connection_);
  // The library lets its socket block when it sends a command.
  pvio->methods->blocking(pvio, 0, nullptr);
  for (;;) {
    ERR_clear_error();
    size_t length = 0;
    if (SSL_read_ex(tls, out, size, &length) == 1) return static_cast<int64_t>(length);
    const int reason = SSL_get_error(tls, 0);
    const bool must_wait = reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE;
    if (!must_wait || !wait_(reason == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) return -1;
  }
}

}  // namespace millrace::mysql
