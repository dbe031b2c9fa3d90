// One connection to a MySQL or MariaDB server over libmysqlclient: small queries as text, big ones
// as raw packets of the binary protocol, and raw commands for the binlog. Used by one thread;
// Interrupt may be called by another.
//
// Every wait, that for the connection itself too, is made in pieces of kWaitPieceMs, between which
// the connection looks whether it was interrupted: so nobody has to touch its socket from outside.
//
// The raw part needs MariaDB's connector (Debian's libmariadb-dev), which shows its packet layer in
// public headers; it is confined to connection.cc and transport.cc.
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
#include "connectors/mysql/wire/endpoint.h"
#include "connectors/mysql/wire/packet_reader.h"
#include "connectors/mysql/wire/packet_stream.h"
#include "connectors/mysql/wire/transport.h"

struct st_mysql;

namespace millrace::mysql {

using TextRow = std::vector<std::optional<std::string>>;

class Connection final {
 public:
  static constexpr int kWaitPieceMs = 100;
  // Connects with character set utf8mb4 and time zone UTC. Errors name the server, the cause and
  // the option to look at; wrong credentials and certificates are Permanent, an unreachable server
  // is Transient. A password is never sent as it is unless TLS is required. Cancelled, here and in
  // all other functions, once `stopped` is true; it must outlive the connection and may be null.
  // The system looks up the name of the host, and that one wait cannot be ended.
  static Result<std::unique_ptr<Connection>> Connect(const Endpoint& endpoint,
                                                     const std::atomic<bool>* stopped = nullptr);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool is_mariadb() const { return is_mariadb_; }
  const std::string& version() const { return version_; }
  std::string server() const { return endpoint_.Name(); }  // for messages

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
  // The next piece of a packet, valid until the next call.
  Result<PacketPiece> ReadPiece();
  // False if the next ReadPiece would have to wait for the network. May be false without need.
  bool DataIsWaiting() const { return packets_.has_buffered() || transport_.DataIsWaiting(); }

  // The error packet (0xff ...) in words, classified.
  Status ServerError(std::span<const uint8_t> packet) const;

  // Ends the waits of the owning thread, now and later, within kWaitPieceMs. Any thread.
  void Interrupt() { interrupted_ = true; }

 private:
  Connection(const Endpoint& endpoint, const std::atomic<bool>* stopped);
  Status Open();
  Status Connect();
  void SetOptions();
  void SetTls();
  // Tells a wrong password from a user who may log in over TLS only: the server does not.
  Status ExplainDenied(const Status& denied) const;
  bool Stopped() const { return interrupted_ || (stopped_ != nullptr && *stopped_); }
  // Waits for the socket in pieces; false after `timeout_ms` (negative: never) or a stop.
  bool WaitFor(int socket, short events, int64_t timeout_ms);
  // For the library, where it waits inside of a call: 1 if it may go on.
  static int WaitInLibrary(int socket, char for_reading, int timeout_ms);
  // Finishes a call of the client library that has returned that it waits for something.
  template <typename Continue>
  void Finish(int waits_for, Continue continue_call);
  // What to report after a failure: a stop, the network's own reason, or the library's words.
  Status LastError(std::string_view doing) const;
  Status ConnectError() const;
  Status LostConnection() const;
  Status Classified(unsigned code, std::string_view text, std::string_view doing) const;
  Result<Packet> ReadPacket();  // a small one
  Result<uint64_t> ReadCount();
  Status SkipDefinitions(uint64_t count);
  void CloseStatement();

  const Endpoint endpoint_;
  const std::atomic<bool>* const stopped_;
  std::atomic<bool> interrupted_ = false;
  st_mysql* handle_ = nullptr;
  int64_t wait_limit_ms_;   // where the library has no limit of its own
  bool timed_out_ = false;  // how the latest wait ended
  bool server_lacks_tls_ = false;
  bool is_mariadb_ = false;
  std::string version_;
  Transport transport_;
  PacketReader packets_;
  std::optional<uint32_t> statement_;
  std::optional<PacketStream> rows_;  // of the result that was read last
  bool rows_ended_ = true;
};

// 'text' with everything escaped that needs it.
std::string QuoteString(std::string_view text);

}  // namespace millrace::mysql
