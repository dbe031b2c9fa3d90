// One connection to a MySQL or MariaDB server over libmysqlclient: small queries as text, big ones
// as raw packets of the binary protocol, and raw commands for the binlog. Used by one thread;
// Interrupt may be called by another.
//
// The raw part needs MariaDB's connector (Debian's default-libmysqlclient-dev), which shows its
// packet layer in public headers; it is confined to connection.cc.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "connectors/mysql/wire/packet_stream.h"

struct st_mysql;

namespace millrace::mysql {

struct Endpoint {
  std::string host;
  uint16_t port = 3306;
  std::string user;
  std::string password;
  int64_t connect_timeout_ms = 30'000;
  int64_t read_timeout_ms = 60'000;  // a peer that says nothing for so long counts as gone
};

using TextRow = std::vector<std::optional<std::string>>;

class Connection final {
 public:
  // Connects with character set utf8mb4 and time zone UTC. Errors name the server; wrong
  // credentials are Permanent, an unreachable server is Transient. Where `interrupted` is not null
  // and becomes true, connecting ends with Cancelled.
  static Result<std::unique_ptr<Connection>> Connect(
      const Endpoint& endpoint, const std::atomic<bool>* interrupted = nullptr);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool is_mariadb() const { return is_mariadb_; }
  const std::string& version() const { return version_; }

  // All rows of a small result; none for statements without one.
  Result<std::vector<TextRow>> Query(const std::string& sql);
  // The first value of the first row; nothing if there is no row or it is NULL.
  Result<std::optional<std::string>> QueryValue(const std::string& sql);
  Status Execute(const std::string& sql);

  // Runs a SELECT through the binary protocol; its rows follow as packets from NextRows.
  Status StartRows(const std::string& sql);
  // The next row packets (header byte and NULL bitmap included) in memory of `arena`, as many as
  // the network has brought; the list is valid until the next call. Empty at the end.
  Result<std::span<const Packet>> NextRows(Arena* arena);

  // Sends a raw command, such as COM_BINLOG_DUMP.
  Status SendCommand(uint8_t command, std::string_view payload);
  // The next packet, valid until the next call.
  Result<std::span<const uint8_t>> ReadPacket();
  // False if the next ReadPacket would have to wait for the network. May be false without need.
  bool DataIsWaiting() const;

  // The error packet (0xff ...) in words, classified.
  Status ServerError(std::span<const uint8_t> packet) const;

  // Wakes a blocked read of the owning thread; the connection is then good for nothing but closing.
  void Interrupt();

 private:
  explicit Connection(const Endpoint& endpoint) : endpoint_(endpoint) {}
  Status Open(const std::atomic<bool>* interrupted);
  Status LastError(std::string_view doing) const;
  Status Classified(unsigned code, std::string_view text, std::string_view doing) const;
  Result<uint64_t> ReadCount();
  Status SkipDefinitions(uint64_t count);
  void CloseStatement();
  int64_t ReadBytes(uint8_t* out, size_t size);

  const Endpoint endpoint_;
  st_mysql* handle_ = nullptr;
  std::atomic<int> socket_ = -1;
  bool is_mariadb_ = false;
  std::string version_;
  std::optional<uint32_t> statement_;
  std::optional<PacketStream> rows_;  // of the result that was read last
  Packet single_row_;
  bool rows_ended_ = true;
};

// 'text' with everything escaped that needs it.
std::string QuoteString(std::string_view text);

}  // namespace millrace::mysql
