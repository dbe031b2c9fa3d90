#include "connectors/mysql/wire/connection.h"

#include <fmt/format.h>
#include <mysql.h>
// The order matters: the packet layer's header needs the types of mysql.h.
#include <errmsg.h>
#include <ma_pvio.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/bytes.h"
#include "base/quote.h"
#include "base/units.h"
#include "connectors/mysql/wire/server_error.h"

namespace millrace::mysql {
namespace {

constexpr unsigned long kPacketError = 0xffffffff;  // mysql_net_read_packet failed
constexpr uint8_t kErrorByte = 0xff;
constexpr uint8_t kEndByte = 0xfe;
constexpr size_t kEndPacketMax = 8;
constexpr size_t kStatementShown = 80;  // bytes in a message
// Of the library's calls that may wait: resolvers and OpenSSL want more than its default.
constexpr size_t kStackBytes = 1024 * 1024;

// What the client library has read from the network and not returned yet.
size_t BytesReadAhead(const MARIADB_PVIO* pvio) {
  if (pvio == nullptr || pvio->cache == nullptr) return 0;
  const uchar* const end = pvio->cache + pvio->cache_size;
  return pvio->cache_pos < end ? static_cast<size_t>(end - pvio->cache_pos) : 0;
}

bool IsEnd(std::span<const uint8_t> packet) {
  return !packet.empty() && packet[0] == kEndByte && packet.size() <= kEndPacketMax;
}

bool IsEncrypted(const MYSQL* handle) {
  return handle->net.pvio != nullptr && handle->net.pvio->ctls != nullptr;
}

std::string TimeoutText(int64_t timeout_ms) {
  return fmt::format("no answer within {} s", std::max<int64_t>(1, timeout_ms / 1000));
}

struct FreeResult {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};

}  // namespace

Connection::Connection(const Endpoint& endpoint, const std::atomic<bool>* stopped)
    : endpoint_(endpoint),
      stopped_(stopped),
      packets_([this](uint8_t* out, size_t size) { return ReadBytes(out, size); }) {}

Result<std::unique_ptr<Connection>> Connection::Connect(const Endpoint& endpoint,
                                                        const std::atomic<bool>* stopped) {
  std::unique_ptr<Connection> connection(new Connection(endpoint, stopped));
  MR_RETURN_IF_ERROR(connection->Open());
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

// The library runs a call that has to wait on a stack of its own and comes back to us instead of
// waiting. An ended wait is reported to it as a timeout, so that it frees what it holds.
template <typename Continue>
void Connection::Finish(int waits_for, Continue continue_call) {
  while (waits_for != 0) {
    const int events = ((waits_for & MYSQL_WAIT_READ) != 0 ? POLLIN : 0) |
                       ((waits_for & MYSQL_WAIT_WRITE) != 0 ? POLLOUT : 0);
    const bool limited = (waits_for & MYSQL_WAIT_TIMEOUT) != 0;
    const int64_t timeout_ms = limited ? int64_t{mysql_get_timeout_value_ms(handle_)} : -1;
    const auto socket = static_cast<int>(mysql_get_socket(handle_));
    const bool ready = WaitFor(socket, static_cast<short>(events), timeout_ms);
    waits_for = continue_call(ready ? waits_for & ~MYSQL_WAIT_TIMEOUT : MYSQL_WAIT_TIMEOUT);
  }
}

Status Connection::Open() {
  handle_ = mysql_init(nullptr);
  if (handle_ == nullptr) return Status::Transient("out of memory");
  const auto seconds = [](int64_t ms) {
    return static_cast<unsigned>(std::max<int64_t>(1, ms / 1000));
  };
  const unsigned connect_s = seconds(endpoint_.connect_timeout_ms);
  const unsigned read_s = seconds(endpoint_.read_timeout_ms);
  mysql_options(handle_, MYSQL_OPT_NONBLOCK, &kStackBytes);
  mysql_options(handle_, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
  mysql_options(handle_, MYSQL_OPT_READ_TIMEOUT, &read_s);
  mysql_options(handle_, MYSQL_OPT_WRITE_TIMEOUT, &read_s);
  mysql_options(handle_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  const my_bool no = 0;
  mysql_options(handle_, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &no);
  if (Stopped()) return Status::Cancelled();
  MYSQL* connected = nullptr;
  Finish(
      mysql_real_connect_start(&connected, handle_, endpoint_.host.c_str(), endpoint_.user.c_str(),
                               endpoint_.password.c_str(), nullptr, endpoint_.port, nullptr, 0),
      [&](int ready) { return mysql_real_connect_cont(&connected, handle_, ready); });
  if (connected == nullptr) return ConnectError();
  version_ = mysql_get_server_info(handle_);
  is_mariadb_ = version_.find("MariaDB") != std::string::npos;
  // Whatever mode the server prefers: no padded CHAR, backslashes as QuoteString writes them.
  return Execute("SET time_zone = '+00:00', sql_mode = ''");
}

Status Connection::Classified(unsigned code, std::string_view text, std::string_view doing) const {
  std::string message = fmt::format("MySQL {}:{}: {} failed: {} (error {}){}", endpoint_.host,
                                    endpoint_.port, doing, text, code, HintFor(code));
  return IsTransient(code) ? Status::Transient(std::move(message))
                           : Status::Permanent(std::move(message));
}

Status Connection::LastError(std::string_view doing) const {
  if (Stopped()) return Status::Cancelled();
  const unsigned code = mysql_errno(handle_);
  if (timed_out_) return Classified(code, TimeoutText(endpoint_.read_timeout_ms), doing);
  return Classified(code, mysql_error(handle_), doing);
}

// The library ends its message with the number of the system's error: "... (111)".
Status Connection::ConnectError() const {
  if (Stopped()) return Status::Cancelled();
  const unsigned code = mysql_errno(handle_);
  if (timed_out_) return Classified(code, TimeoutText(endpoint_.connect_timeout_ms), "connecting");
  const std::string_view text = mysql_error(handle_);
  if (code == CR_CONNECTION_ERROR || code == CR_CONN_HOST_ERROR) {
    const size_t open = text.rfind('(');
    const auto reason = open == std::string_view::npos || !text.ends_with(')')
                            ? std::nullopt
                            : ParseInteger(text.substr(open + 1, text.size() - open - 2));
    if (reason && *reason > 0) {
      const std::error_code error(static_cast<int>(*reason), std::generic_category());
      return Classified(code, error.message(), "connecting");
    }
  }
  return Classified(code, text, "connecting");
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
  const int failed =
      handle_->methods->db_command(handle_, static_cast<enum_server_command>(command),
                                   payload.data(), payload.size(), 1, nullptr);
  return failed != 0 ? LastError("sending a command") : Status::Ok();
}

Result<PacketPiece> Connection::ReadPiece() {
  if (IsEncrypted(handle_)) {  // only the library can read it, and reads packets whole
    const unsigned long length = mysql_net_read_packet(handle_);
    if (length == kPacketError) return LostConnection();
    return PacketPiece{{handle_->net.read_pos, length}, true};
  }
  const std::optional<PacketPiece> piece = packets_.Next();
  if (!piece) return LostConnection();
  return *piece;
}

Result<Packet> Connection::ReadPacket() {
  MR_ASSIGN_OR_RETURN(const PacketPiece piece, ReadPiece());
  if (!piece.is_last) return Status::Transient("an answer from MySQL is too long");
  return piece.bytes;
}

bool Connection::DataIsWaiting() const {
  if (packets_.has_buffered() || BytesReadAhead(handle_->net.pvio) > 0) return true;
  pollfd descriptor{static_cast<int>(mysql_get_socket(handle_)), POLLIN, 0};
  return ::poll(&descriptor, 1, 0) > 0;
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
  rows_.emplace([this](uint8_t* out, size_t size) {
    const size_t taken = packets_.TakeBuffered(out, size);
    return taken > 0 ? static_cast<int64_t>(taken) : ReadBytes(out, size);
  });
  return Status::Ok();
}

// Past the client library, which would copy every packet twice and ask for little at a time. What
// it has read ahead comes first; nothing is read beyond the end of the result, since the server
// sends nothing without being asked.
int64_t Connection::ReadBytes(uint8_t* out, size_t size) {
  MARIADB_PVIO* const pvio = handle_->net.pvio;
  if (pvio == nullptr) return 0;
  if (const size_t ahead = BytesReadAhead(pvio); ahead > 0) {
    const size_t length = std::min(size, ahead);
    std::memcpy(out, pvio->cache_pos, length);
    pvio->cache_pos += length;
    return static_cast<int64_t>(length);
  }
  const auto socket = static_cast<int>(mysql_get_socket(handle_));
  for (;;) {
    const ssize_t length = ::recv(socket, out, size, MSG_DONTWAIT);
    if (length >= 0) return length;
    if (errno == EINTR) continue;
    const bool must_wait = errno == EAGAIN || errno == EWOULDBLOCK;
    if (!must_wait || !WaitFor(socket, POLLIN, endpoint_.read_timeout_ms)) return -1;
  }
}

Result<std::span<const Packet>> Connection::NextRows(Arena* arena) {
  std::span<const Packet> packets;
  if (rows_ended_) return packets;
  if (IsEncrypted(handle_)) {
    MR_ASSIGN_OR_RETURN(const Packet packet, ReadPacket());
    const std::string_view copy =
        arena->Copy({reinterpret_cast<const char*>(packet.data()), packet.size()});
    single_row_ = {reinterpret_cast<const uint8_t*>(copy.data()), copy.size()};
    packets = {&single_row_, 1};
  } else {
    packets = rows_->Next(arena);
    if (packets.empty()) return LostConnection();
  }
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
