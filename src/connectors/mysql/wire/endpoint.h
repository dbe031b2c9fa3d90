// Where a MySQL server is, who logs in there, and how the connection is protected. Plain data.
#pragma once

#include <cstdint>
#include <string>

namespace millrace::mysql {

// As the JDBC driver's sslMode.
enum class TlsMode : uint8_t {
  kDisabled,
  kPreferred,       // TLS if the server offers it
  kRequired,        // TLS, with any server that answers
  kVerifyCa,        // TLS with a server whose certificate an authority that we trust has signed
  kVerifyIdentity,  // and the certificate is for the host that was asked for
};

// Paths of PEM files; empty: none.
struct Tls {
  TlsMode mode = TlsMode::kDisabled;
  std::string ca;  // a file, or a folder as `openssl rehash` makes it; empty: those of the system
  std::string cert;
  std::string key;
  std::string key_password;

  bool verifies() const { return mode == TlsMode::kVerifyCa || mode == TlsMode::kVerifyIdentity; }
};

struct Endpoint {
  std::string host;  // a name or an address, without brackets
  uint16_t port = 3306;
  std::string socket;  // path of a Unix socket; if it is there, host and port are not used
  std::string user;
  std::string password;
  Tls tls;
  bool compressed = false;  // the protocol's own compression
  int64_t connect_timeout_ms = 30'000;
  int64_t read_timeout_ms = 60'000;  // a peer that says nothing for so long counts as gone

  // For messages: "db.example.com:3306", "[::1]:3306", "socket /run/mysqld/mysqld.sock".
  std::string Name() const;
};

}  // namespace millrace::mysql
