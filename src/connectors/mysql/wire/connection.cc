#include "connectors/mysql/wire/connection.h"

#include <fmt/format.h>
#include <mysql.h>
// The order matters: it needs the types of mysql.h.
#include <errmsg.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/bytes.h"
#include "connectors/mysql/wire/connect_error.h"
#include "connectors/mysql/wire/server_error.h"
#include "connectors/mysql/wire/tls_files.h"

namespace millrace::mysql {
namespace {

constexpr uint8_t kErrorByte = 0xff;
constexpr uint8_t kEndByte = 0xfe;
constexpr size_t kEndPacketMax = 8;
constexpr size_t kStatementShown = 80;  // bytes in a message
// Of the library's calls that may wait: resolvers and OpenSSL want more than its default.
constexpr size_t kStackBytes = 1024 * 1024;
constexpr const char* kTlsVersions = "TLSv1.2,TLSv1.3";
// Those that prove the password without showing it, and those that show it.
constexpr const char* kLoginsWithoutTls =
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519";
constexpr const char* kLoginsOverTls =
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,"
    "mysql_clear_password,dialog";

bool IsEnd(std::span<const uint8_t> packet) {
  return !packet.empty() && packet[0] == kEndByte && packet.size() <= kEndPacketMax;
}

std::string TimeoutText(int64_t timeout_ms) {
  return fmt::format("no answer within {} s", std::max<int64_t>(1, timeout_ms / 1000));
}

// The connection whose thread is in a call of the library that may wait there.
thread_local Connection* t_in_library = nullptr;

struct InLibrary {
  explicit InLibrary(Connection* connection) { t_in_library = connection; }
  ~InLibrary() { t_in_library = nullptr; }
  InLibrary(const InLibrary&) = delete;
  InLibrary& operator=(const InLibrary&) = delete;
};

struct FreeResult {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};

}  // namespace

Connection::Connection(const Endpoint& endpoint, const std::atomic<bool>* stopped)
    : endpoint_(endpoint),
      stopped_(stopped),
      wait_limit_ms_(endpoint.connect_timeout_ms),
      transport_([this](short events) {
        return WaitFor(static_cast<int>(mysql_get_socket(handle_)), events, wait_limit_ms_);
      }),
      packets_([this](uint8_t* out, size_t size) { return transport_.Read(out, size); }) {}

Result<std::unique_ptr<Connection>> Connection::Connect(const Endpoint& endpoint,
                                                        const std::atomic<bool>* stopped) {
  Endpoint wanted = endpoint;
  // Not as the library does it: where it had to do without TLS, it takes the connection for
  // encrypted all the same, and sends the password of caching_sha2_password as it is.
  const bool is_preferred = endpoint.tls.mode == TlsMode::kPreferred;
  if (is_preferred) wanted.tls.mode = TlsMode::kRequired;
  std::unique_ptr<Connection> connection(new Connection(wanted, stopped));
  Status status = connection->Open();
  if (is_preferred && connection->server_lacks_tls_) {
    wanted.tls = {};
    connection.reset(new Connection(wanted, stopped));
    status = connection->Open();
  }
  if (!status.ok()) return status;
  return connection;
}

Connection::~Connection() {
  if (handle_ != nullptr) mysql_close(handle_);
}

bool Connection::WaitFor(int socket, short events, int64_t timeout_ms) {
  timed_out_ = false;
  for (int64_t waited_ms = 0; !Stopped(); waited_ms += kWaitPieceMs) {
    if (timeout_ms >= 0 && waited_ms >= timeout_ms) {
      timed_out_ = true;
      return false;
    }
    pollfd descriptor{socket, events, 0};
    if (::poll(&descriptor, 1, kWaitPieceMs) > 0) return true;
  }
  return false;
}

int Connection::WaitInLibrary(int socket, char for_reading, int timeout_ms) {
  const auto events = static_cast<short>(for_reading != 0 ? POLLIN : POLLOUT);
  Connection* const connection = t_in_library;
  // Not the library's limit, which in the handshake of TLS is a thousandth of what was asked for.
  if (connection != nullptr) {
    return connection->WaitFor(socket, events, connection->wait_limit_ms_) ? 1 : 0;
  }
  pollfd descriptor{socket, events, 0};
  return ::poll(&descriptor, 1, timeout_ms);
}

// The library runs a call that has to wait on a stack of its own and comes back to us instead of
// waiting. An ended wait is reported to it as a timeout, so that it frees what it holds.
template <typename Continue>
void Connection::Finish(int waits_for, Continue continue_call) {
  while (waits_for != 0) {
    const int events = ((waits_for & MYSQL_WAIT_READ) != 0 ? POLLIN : 0) |
                       ((waits_for & MYSQL_WAIT_WRITE) != 0 ? POLLOUT : 0);
    const bool limited = (waits_for & MYSQL_WAIT_TIMEOUT) != 0;
    const bool encrypted = IsEncrypted(handle_);
    const int64_t timeout_ms = limited     ? int64_t{mysql_get_timeout_value_ms(handle_)}
                               : encrypted ? wait_limit_ms_
                                           : -1;
    const auto socket = static_cast<int>(mysql_get_socket(handle_));
    const bool ready = WaitFor(socket, static_cast<short>(events), timeout_ms);
    // Over TLS the library does not look at the timeout, only at the socket.
    if (!ready && encrypted) ::shutdown(socket, SHUT_RDWR);
    waits_for = continue_call(ready ? waits_for & ~MYSQL_WAIT_TIMEOUT : MYSQL_WAIT_TIMEOUT);
  }
}

void Connection::SetOptions() {
  const auto seconds = [](int64_t ms) {
    return static_cast<unsigned>(std::max<int64_t>(1, ms / 1000));
  };
  const unsigned connect_s = seconds(endpoint_.connect_timeout_ms);
  const unsigned read_s = seconds(endpoint_.read_timeout_ms);
  mysql_options(handle_, MYSQL_OPT_NONBLOCK, &kStackBytes);
  mysql_options(handle_, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
  mysql_options(handle_, MYSQL_OPT_READ_TIMEOUT, &read_s);
  mysql_options(handle_, MYSQL_OPT_WRITE_TIMEOUT, &read_s);
  mysql_options(handle_, MARIADB_OPT_IO_WAIT, reinterpret_cast<const void*>(&WaitInLibrary));
  mysql_options(handle_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  // Else "localhost" would be a socket of the library's choice, whatever the port.
  const auto protocol =
      static_cast<unsigned>(endpoint_.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET);
  mysql_options(handle_, MYSQL_OPT_PROTOCOL, &protocol);
  if (endpoint_.compressed) mysql_options(handle_, MYSQL_OPT_COMPRESS, nullptr);
  SetTls();
}

void Connection::SetTls() {
  const Tls& tls = endpoint_.tls;
  const my_bool yes = 1;
  const my_bool no = 0;
  const my_bool checks_name = tls.mode == TlsMode::kVerifyIdentity;
  mysql_options(handle_, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &checks_name);
  const bool is_required = tls.mode >= TlsMode::kRequired;
  mysql_options(handle_, MARIADB_OPT_RESTRICTED_AUTH,
                is_required ? kLoginsOverTls : kLoginsWithoutTls);
  if (tls.mode == TlsMode::kDisabled) {
    mysql_options(handle_, MYSQL_OPT_SSL_ENFORCE, &no);
    return;
  }
  mysql_options(handle_, MYSQL_OPT_SSL_ENFORCE, &yes);
  mysql_options(handle_, MARIADB_OPT_TLS_VERSION, kTlsVersions);
  // The library takes "enforce" for a wish. A fingerprint it insists on, also on none: it ends the
  // connection before it sends anything if the server has no TLS.
  if (is_required) mysql_options(handle_, MARIADB_OPT_SSL_FP, "");
  const std::string ca = tls.verifies() ? AuthoritiesOf(tls) : std::string();
  const bool is_folder = !ca.empty() && std::filesystem::is_directory(ca);
  if (!ca.empty()) {
    mysql_options(handle_, is_folder ? MYSQL_OPT_SSL_CAPATH : MYSQL_OPT_SSL_CA, ca.c_str());
  }
  if (tls.cert.empty()) return;
  mysql_options(handle_, MYSQL_OPT_SSL_CERT, tls.cert.c_str());
  mysql_options(handle_, MYSQL_OPT_SSL_KEY, tls.key.c_str());
  // Without one OpenSSL would ask on the terminal.
  mysql_options(handle_, MARIADB_OPT_TLS_PASSPHRASE, tls.key_password.c_str());
}

Status Connection::Open() {
  MR_RETURN_IF_ERROR(CheckTlsFiles(endpoint_.tls));
  handle_ = mysql_init(nullptr);
  if (handle_ == nullptr) return Status::Transient("out of memory");
  SetOptions();
  if (Stopped()) return Status::Cancelled();
  MR_RETURN_IF_ERROR(Connect());
  wait_limit_ms_ = endpoint_.read_timeout_ms;
  version_ = mysql_get_server_info(handle_);
  is_mariadb_ = version_.find("MariaDB") != std::string::npos;
  MR_RETURN_IF_ERROR(transport_.Attach(handle_));
  if (!transport_.numbers_packets()) packets_.IgnoreNumbers();
  if (endpoint_.tls.mode >= TlsMode::kRequired && !IsEncrypted(handle_)) {
    return Status::Permanent(
        fmt::format("MySQL {}: the connection is not encrypted, although TLS "
                    "is required",
                    endpoint_.Name()));
  }
  // Whatever mode the server prefers: no padded CHAR, backslashes as QuoteString writes them.
  return Execute("SET time_zone = '+00:00', sql_mode = ''");
}

Status Connection::Connect() {
  const bool by_socket = !endpoint_.socket.empty();
  const char* const host = by_socket ? nullptr : endpoint_.host.c_str();
  const char* const path = by_socket ? endpoint_.socket.c_str() : nullptr;
  MYSQL* connected = nullptr;
  const InLibrary in_library(this);
  Finish(mysql_real_connect_start(&connected, handle_, host, endpoint_.user.c_str(),
                                  endpoint_.password.c_str(), nullptr, endpoint_.port, path, 0),
         [&](int ready) { return mysql_real_connect_cont(&connected, handle_, ready); });
  if (connected != nullptr) return Status::Ok();
  if (Stopped()) return Status::Cancelled();
  ConnectFailure failure{mysql_errno(handle_), mysql_error(handle_)};
  if (timed_out_) failure.text = TimeoutText(endpoint_.connect_timeout_ms);
  failure.timed_out = timed_out_;
  server_lacks_tls_ = LacksTls(failure);
  const Status status = ExplainConnectFailure(endpoint_, failure);
  return IsDenied(failure) ? ExplainDenied(status) : status;
}

Status Connection::ExplainDenied(const Status& denied) const {
  const bool over_tls = endpoint_.tls.mode >= TlsMode::kRequired;
  if (over_tls || endpoint_.password.empty()) return denied;
  Endpoint with_tls = endpoint_;
  with_tls.tls = {};
  with_tls.tls.mode = TlsMode::kRequired;
  const auto connection = Connect(with_tls, stopped_);
  if (!connection.ok()) return connection.status().cancelled() ? connection.status() : denied;
  return Status::Permanent(
      fmt::format("MySQL {}: user '{}' may log in over TLS only (REQUIRE SSL, or "
                  "require_secure_transport): {}",
                  endpoint_.Name(), endpoint_.user, kTurnTlsOn));
}

Status Connection::Classified(unsigned code, std::string_view text, std::string_view doing) const {
  std::string message = fmt::format("MySQL {}: {} failed: {} (error {}){}", endpoint_.Name(), doing,
                                    text, code, HintFor(code));
  return IsTransient(code) ? Status::Transient(std::move(message))
                           : Status::Permanent(std::move(message));
}

Status Connection::LastError(std::string_view doing) const {
  if (Stopped()) return Status::Cancelled();
  const unsigned code = mysql_errno(handle_);
  if (timed_out_) return Classified(code, TimeoutText(endpoint_.read_timeout_ms), doing);
  return Classified(code, mysql_error(handle_), doing);
}

Status Connection::LostConnection() const {
  if (Stopped()) return Status::Cancelled();
  if (timed_out_) {
    return Classified(CR_SERVER_LOST, TimeoutText(endpoint_.read_timeout_ms), "reading");
  }
  return Classified(CR_SERVER_LOST, "the connection was lost", "reading");
}

Status Connection::ServerError(std::span<const uint8_t> packet) const {
  ByteReader reader(packet);
  reader.Skip(1);
  const unsigned code = reader.U16();
  std::string_view text = reader.Bytes(reader.remaining());
  constexpr size_t kStateBytes = 6;  // '#' and five characters of SQLSTATE
  if (text.size() >= kStateBytes && text[0] == '#') text.remove_prefix(kStateBytes);
  return Classified(code, text, "reading");
}

Result<std::vector<TextRow>> Connection::Query(const std::string& sql) {
  if (Stopped()) return Status::Cancelled();
  timed_out_ = false;
  int failed = 0;
  Finish(mysql_real_query_start(&failed, handle_, sql.data(), sql.size()),
         [&](int ready) { return mysql_real_query_cont(&failed, handle_, ready); });
  if (failed != 0) return LastError(sql.substr(0, kStatementShown));
  // Asked before: the library forgets it when the connection is lost between the rows.
  const bool has_rows = mysql_field_count(handle_) != 0;
  std::vector<TextRow> rows;
  if (!has_rows) return rows;
  MYSQL_RES* stored = nullptr;
  Finish(mysql_store_result_start(&stored, handle_),
         [&](int ready) { return mysql_store_result_cont(&stored, handle_, ready); });
  const std::unique_ptr<MYSQL_RES, FreeResult> result(stored);
  if (result == nullptr) return LastError(sql.substr(0, kStatementShown));
  const unsigned columns = mysql_num_fields(result.get());
  while (MYSQL_ROW row = mysql_fetch_row(result.get())) {
    const unsigned long* lengths = mysql_fetch_lengths(result.get());
    TextRow& values = rows.emplace_back();
    for (unsigned i = 0; i < columns; ++i) {
      values.push_back(row[i] == nullptr ? std::nullopt
                                         : std::optional(std::string(row[i], lengths[i])));
    }
  }
  return rows;
}

Result<std::optional<std::string>> Connection::QueryValue(const std::string& sql) {
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows, Query(sql));
  if (rows.empty() || rows[0].empty()) return std::optional<std::string>();
  return rows[0][0];
}

Status Connection::Execute(const std::string& sql) { return Query(sql).status(); }

Status Connection::SendCommand(uint8_t command, std::string_view payload) {
  if (Stopped()) return Status::Cancelled();
  timed_out_ = false;
  packets_.StartCommand();
  const InLibrary in_library(this);
  const int failed =
      handle_->methods->db_command(handle_, static_cast<enum_server_command>(command),
                                   payload.data(), payload.size(), 1, nullptr);
  return failed != 0 ? LastError("sending a command") : Status::Ok();
}

Result<PacketPiece> Connection::ReadPiece() {
  const std::optional<PacketPiece> piece = packets_.Next();
  if (!piece) return LostConnection();
  return *piece;
}

Result<Packet> Connection::ReadPacket() {
  MR_ASSIGN_OR_RETURN(const PacketPiece piece, ReadPiece());
  if (!piece.is_last) return Status::Transient("an answer from MySQL is too long");
  return piece.bytes;
}

Result<uint64_t> Connection::ReadCount() {
  MR_ASSIGN_OR_RETURN(const Packet packet, ReadPacket());
  if (!packet.empty() && packet[0] == kErrorByte) return ServerError(packet);
  ByteReader reader(packet);
  const uint64_t count = reader.LengthEncoded();
  // MariaDB may leave out the definitions it has sent before; a byte after the count says so.
  const bool definitions_follow = reader.remaining() == 0 || reader.U8() != 0;
  if (!reader.ok()) return Status::Transient("a result from MySQL has a malformed header");
  return definitions_follow ? count : 0;
}

Status Connection::SkipDefinitions(uint64_t count) {
  for (uint64_t i = 0; i <= count; ++i) {  // and the end packet
    MR_RETURN_IF_ERROR(ReadPacket().status());
  }
  return Status::Ok();
}

void Connection::CloseStatement() {
  if (!statement_) return;
  ByteWriter payload;
  payload.U32(*statement_);
  statement_.reset();
  // Has no answer; a lost connection shows at the next read.
  (void)SendCommand(COM_STMT_CLOSE, payload.bytes());
}

// COM_STMT_PREPARE and COM_STMT_EXECUTE by hand (MySQL internals manual, "Binary Protocol"): the
// client library would copy every value into bound buffers.
Status Connection::StartRows(const std::string& sql) {
  CloseStatement();
  MR_RETURN_IF_ERROR(SendCommand(COM_STMT_PREPARE, sql));
  MR_ASSIGN_OR_RETURN(const Packet prepared, ReadPacket());
  if (!prepared.empty() && prepared[0] == kErrorByte) return ServerError(prepared);
  ByteReader reader(prepared);
  reader.Skip(1);
  statement_ = reader.U32();
  const uint16_t columns = reader.U16();
  const uint16_t parameters = reader.U16();
  if (!reader.ok()) return Status::Transient("the answer to a PREPARE is malformed");
  if (parameters > 0) MR_RETURN_IF_ERROR(SkipDefinitions(parameters));
  if (columns > 0) MR_RETURN_IF_ERROR(SkipDefinitions(columns));
  ByteWriter execute;
  execute.U32(*statement_);
  execute.U8(0);   // no cursor
  execute.U32(1);  // iterations
  MR_RETURN_IF_ERROR(SendCommand(COM_STMT_EXECUTE, execute.bytes()));
  MR_ASSIGN_OR_RETURN(const uint64_t definitions, ReadCount());
  MR_RETURN_IF_ERROR(SkipDefinitions(definitions));
  rows_ended_ = false;
  rows_.emplace(
      [this](uint8_t* out, size_t size) {
        const size_t taken = packets_.TakeBuffered(out, size);
        return taken > 0 ? static_cast<int64_t>(taken) : transport_.Read(out, size);
      },
      transport_.numbers_packets());
  return Status::Ok();
}

Result<std::span<const Packet>> Connection::NextRows(Arena* arena) {
  if (rows_ended_) return std::span<const Packet>();
  const std::span<const Packet> packets = rows_->Next(arena);
  if (packets.empty()) return LostConnection();
  const Packet last = packets.back();
  const bool error = !last.empty() && last[0] == kErrorByte;
  rows_ended_ = error || IsEnd(last);
  if (error) return ServerError(last);
  return rows_ended_ ? packets.first(packets.size() - 1) : packets;
}

std::string QuoteString(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

}  // namespace millrace::mysql
