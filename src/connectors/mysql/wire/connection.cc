#include "connectors/mysql/wire/connection.h"

#include <fmt/format.h>
#include <mysql.h>
// The order matters: the packet layer's header needs the types of mysql.h.
#include <ma_pvio.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "base/quote.h"
#include "connectors/mysql/wire/server_error.h"

namespace millrace::mysql {
namespace {

constexpr unsigned long kPacketError = 0xffffffff;  // what mysql_net_read_packet gives on failure
constexpr uint8_t kErrorByte = 0xff;
constexpr uint8_t kEndByte = 0xfe;
constexpr size_t kEndPacketMax = 8;
constexpr unsigned kSignalLostConnection = 2013;

void AppendLittle(std::string* out, uint64_t value, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) out->push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

// What the client library has taken from the network and not given out yet.
size_t BytesReadAhead(const MARIADB_PVIO* pvio) {
  if (pvio == nullptr || pvio->cache == nullptr) return 0;
  const uchar* const end = pvio->cache + pvio->cache_size;
  return pvio->cache_pos < end ? static_cast<size_t>(end - pvio->cache_pos) : 0;
}

bool IsEnd(std::span<const uint8_t> packet) {
  return !packet.empty() && packet[0] == kEndByte && packet.size() <= kEndPacketMax;
}

// mysql_real_connect, which can wait for the server as long as the timeouts allow, but looks at
// `interrupted` meanwhile: it runs in a coroutine of the client library, and the waiting is ours.
// False: the handle has the error.
bool ConnectInterruptibly(MYSQL* handle, const Endpoint& endpoint,
                          const std::atomic<bool>* interrupted) {
  constexpr int kLookMs = 50;
  constexpr size_t kStackBytes = 1024 * 1024;  // resolvers and OpenSSL want more than the default
  mysql_options(handle, MYSQL_OPT_NONBLOCK, &kStackBytes);
  MYSQL* result = nullptr;
  int wanted =
      mysql_real_connect_start(&result, handle, endpoint.host.c_str(), endpoint.user.c_str(),
                               endpoint.password.c_str(), nullptr, endpoint.port, nullptr, 0);
  int64_t waited_ms = 0;
  while (wanted != 0) {
    pollfd socket{static_cast<int>(mysql_get_socket(handle)), 0, 0};
    if ((wanted & MYSQL_WAIT_READ) != 0) socket.events |= POLLIN;
    if ((wanted & MYSQL_WAIT_WRITE) != 0) socket.events |= POLLOUT;
    if ((wanted & MYSQL_WAIT_EXCEPT) != 0) socket.events |= POLLPRI;
    const int ready = ::poll(&socket, 1, kLookMs);
    int happened = 0;
    if (ready > 0) {
      // An error shows when the library reads or writes.
      const bool error = (socket.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
      if ((socket.revents & POLLIN) != 0 || error) happened |= wanted & MYSQL_WAIT_READ;
      if ((socket.revents & POLLOUT) != 0 || error) happened |= wanted & MYSQL_WAIT_WRITE;
      if ((socket.revents & POLLPRI) != 0) happened |= wanted & MYSQL_WAIT_EXCEPT;
    } else {
      waited_ms += kLookMs;
      const bool timed_out = (wanted & MYSQL_WAIT_TIMEOUT) != 0 &&
                             waited_ms >= int64_t{mysql_get_timeout_value_ms(handle)};
      // To the library an interruption is a timeout.
      if (timed_out || *interrupted) happened = MYSQL_WAIT_TIMEOUT;
    }
    if (happened == 0) continue;
    waited_ms = 0;
    wanted = mysql_real_connect_cont(&result, handle, happened);
  }
  return result != nullptr;
}

struct FreeResult {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};

}  // namespace

Result<std::unique_ptr<Connection>> Connection::Connect(const Endpoint& endpoint,
                                                        const std::atomic<bool>* interrupted) {
  std::unique_ptr<Connection> connection(new Connection(endpoint));
  MR_RETURN_IF_ERROR(connection->Open(interrupted));
  return connection;
}

Connection::~Connection() {
  if (handle_ != nullptr) mysql_close(handle_);
}

Status Connection::Open(const std::atomic<bool>* interrupted) {
  handle_ = mysql_init(nullptr);
  if (handle_ == nullptr) return Status::Transient("out of memory");
  const auto seconds = [](int64_t ms) {
    return static_cast<unsigned>(std::max<int64_t>(1, ms / 1000));
  };
  const unsigned connect_s = seconds(endpoint_.connect_timeout_ms);
  const unsigned read_s = seconds(endpoint_.read_timeout_ms);
  mysql_options(handle_, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
  mysql_options(handle_, MYSQL_OPT_READ_TIMEOUT, &read_s);
  mysql_options(handle_, MYSQL_OPT_WRITE_TIMEOUT, &read_s);
  mysql_options(handle_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  const my_bool no = 0;
  mysql_options(handle_, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &no);
  static const std::atomic<bool> kNever = false;
  if (interrupted == nullptr) interrupted = &kNever;
  if (!ConnectInterruptibly(handle_, endpoint_, interrupted)) {
    return *interrupted ? Status::Cancelled() : LastError("connecting");
  }
  socket_ = static_cast<int>(mysql_get_socket(handle_));
  version_ = mysql_get_server_info(handle_);
  is_mariadb_ = version_.find("MariaDB") != std::string::npos;
  // Whatever mode the server prefers: no padded CHAR, backslashes as QuoteString writes them.
  return Execute("SET time_zone = '+00:00', sql_mode = ''");
}

Status Connection::Classified(unsigned code, std::string_view text, std::string_view doing) const {
  std::string message = fmt::format("MySQL {}:{}: {} failed: {} (error {}){}", endpoint_.host,
                                    endpoint_.port, doing, text, code, HintFor(code));
  return IsPassing(code) ? Status::Transient(std::move(message))
                         : Status::Permanent(std::move(message));
}

Status Connection::LastError(std::string_view doing) const {
  return Classified(mysql_errno(handle_), mysql_error(handle_), doing);
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
  if (mysql_real_query(handle_, sql.data(), sql.size()) != 0) return LastError(sql.substr(0, 80));
  // Asked before: the library forgets it when the connection is lost between the rows.
  const bool has_rows = mysql_field_count(handle_) != 0;
  std::vector<TextRow> rows;
  if (!has_rows) return rows;
  std::unique_ptr<MYSQL_RES, FreeResult> result(mysql_store_result(handle_));
  if (result == nullptr) return LastError(sql.substr(0, 80));
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
  const int failed =
      handle_->methods->db_command(handle_, static_cast<enum_server_command>(command),
                                   payload.data(), payload.size(), 1, nullptr);
  return failed != 0 ? LastError("sending a command") : Status::Ok();
}

Result<std::span<const uint8_t>> Connection::ReadPacket() {
  const unsigned long length = mysql_net_read_packet(handle_);
  if (length == kPacketError) {
    const unsigned code = mysql_errno(handle_);
    return code == 0 ? Classified(kSignalLostConnection, "the connection was lost", "reading")
                     : LastError("reading");
  }
  return std::span<const uint8_t>(handle_->net.read_pos, length);
}

bool Connection::DataIsWaiting() const {
  if (BytesReadAhead(handle_->net.pvio) > 0) return true;
  pollfd descriptor{socket_, POLLIN, 0};
  return ::poll(&descriptor, 1, 0) > 0;
}

Result<uint64_t> Connection::ReadCount() {
  MR_ASSIGN_OR_RETURN(const std::span<const uint8_t> packet, ReadPacket());
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
  std::string payload;
  AppendLittle(&payload, *statement_, 4);
  statement_.reset();
  (void)SendCommand(COM_STMT_CLOSE,
                    payload);  // has no answer; a lost connection shows at the next read
}

// COM_STMT_PREPARE and COM_STMT_EXECUTE by hand (MySQL internals manual, "Binary Protocol"): the
// client library would copy every value into bound buffers.
Status Connection::StartRows(const std::string& sql) {
  CloseStatement();
  MR_RETURN_IF_ERROR(SendCommand(COM_STMT_PREPARE, sql));
  MR_ASSIGN_OR_RETURN(const std::span<const uint8_t> prepared, ReadPacket());
  if (!prepared.empty() && prepared[0] == kErrorByte) return ServerError(prepared);
  ByteReader reader(prepared);
  reader.Skip(1);
  statement_ = reader.U32();
  const uint16_t columns = reader.U16();
  const uint16_t parameters = reader.U16();
  if (!reader.ok()) return Status::Transient("the answer to a PREPARE is malformed");
  if (parameters > 0) MR_RETURN_IF_ERROR(SkipDefinitions(parameters));
  if (columns > 0) MR_RETURN_IF_ERROR(SkipDefinitions(columns));
  std::string execute;
  AppendLittle(&execute, *statement_, 4);
  AppendLittle(&execute, 0, 1);  // no cursor
  AppendLittle(&execute, 1, 4);  // iterations
  MR_RETURN_IF_ERROR(SendCommand(COM_STMT_EXECUTE, execute));
  MR_ASSIGN_OR_RETURN(const uint64_t definitions, ReadCount());
  MR_RETURN_IF_ERROR(SkipDefinitions(definitions));
  rows_ended_ = false;
  rows_.emplace([this](uint8_t* out, size_t size) { return ReadBytes(out, size); });
  return Status::Ok();
}

// Past the client library, which would copy every packet twice and ask for little at a time. What
// it has read ahead comes first; nothing is read beyond the end of the result, since the server
// says nothing without being asked.
int64_t Connection::ReadBytes(uint8_t* out, size_t size) {
  MARIADB_PVIO* const pvio = handle_->net.pvio;
  if (pvio == nullptr) return 0;
  const size_t ahead = BytesReadAhead(pvio);
  if (ahead == 0) return pvio->methods->read(pvio, out, size);
  const size_t length = std::min(size, ahead);
  std::memcpy(out, pvio->cache_pos, length);
  pvio->cache_pos += length;
  return static_cast<int64_t>(length);
}

Result<std::span<const Packet>> Connection::NextRows(Arena* arena) {
  std::span<const Packet> packets;
  if (rows_ended_) return packets;
  if (handle_->net.pvio != nullptr && handle_->net.pvio->ctls != nullptr) {
    // Only the library can read what is encrypted.
    MR_ASSIGN_OR_RETURN(const std::span<const uint8_t> packet, ReadPacket());
    const std::string_view copy =
        arena->Copy({reinterpret_cast<const char*>(packet.data()), packet.size()});
    single_row_ = {reinterpret_cast<const uint8_t*>(copy.data()), copy.size()};
    packets = {&single_row_, 1};
  } else {
    packets = rows_->Next(arena);
    if (packets.empty()) {
      return Classified(kSignalLostConnection, "the connection was lost", "reading");
    }
  }
  const Packet last = packets.back();
  const bool error = !last.empty() && last[0] == kErrorByte;
  rows_ended_ = error || IsEnd(last);
  if (error) return ServerError(last);
  return rows_ended_ ? packets.first(packets.size() - 1) : packets;
}

void Connection::Interrupt() {
  const int socket = socket_;
  if (socket >= 0) ::shutdown(socket, SHUT_RDWR);
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
