#include "minidoris/frontend/query_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "base/bytes.h"
#include "base/quote.h"
#include "minidoris/frontend/mysql_wire.h"
#include "minidoris/query/query_engine.h"

namespace millrace::minidoris {
namespace {

constexpr std::string_view kServerVersion = "5.7.99";
constexpr std::string_view kPlugin = "mysql_native_password";
// Any fixed text will do: only empty passwords are known, and they make no use of it.
constexpr std::string_view kSalt = "abcdefghijklmnopqrst";
constexpr size_t kSaltHead = 8;
constexpr char kCharsetUtf8 = 33;
constexpr int kBacklog = 128;

constexpr uint32_t kConnectWithDatabase = 1 << 3;
constexpr uint32_t kSecureConnection = 1 << 15;
constexpr uint32_t kPluginAuth = 1 << 19;
constexpr uint32_t kPluginAuthLengthEncoded = 1 << 21;
// long password, found rows, long flag, protocol 41, transactions
constexpr uint32_t kCapabilities =
    0x1 | 0x2 | 0x4 | 0x200 | 0x2000 | kConnectWithDatabase | kSecureConnection | kPluginAuth;

enum Command : uint8_t {
  kQuit = 0x01,
  kInitDatabase = 0x02,
  kQuery = 0x03,
  kFieldList = 0x04,
  kStatistics = 0x09,
  kPing = 0x0e,
  kStatementPrepare = 0x16,
  kSetOption = 0x1b,
  kResetConnection = 0x1f,
};

std::string Greeting(uint32_t number) {
  std::string payload = "\x0a";
  payload += kServerVersion;
  payload += '\0';
  for (int i = 0; i < 4; ++i) payload += static_cast<char>(number >> (8 * i) & 0xff);
  payload += kSalt.substr(0, kSaltHead);
  payload += '\0';
  payload += static_cast<char>(kCapabilities & 0xff);
  payload += static_cast<char>(kCapabilities >> 8 & 0xff);
  payload += kCharsetUtf8;
  payload += std::string("\x02\0", 2);  // status: autocommit
  payload += static_cast<char>(kCapabilities >> 16 & 0xff);
  payload += static_cast<char>(kCapabilities >> 24 & 0xff);
  payload += static_cast<char>(kSalt.size() + 1);
  payload += std::string(10, '\0');
  payload += kSalt.substr(kSaltHead);
  payload += '\0';
  payload += kPlugin;
  payload += '\0';
  return payload;
}

std::string_view ReadZeroEnded(ByteReader* in) {
  const auto* begin = reinterpret_cast<const char*>(in->position());
  const size_t length = strnlen(begin, in->remaining());
  in->Skip(std::min(length + 1, in->remaining()));
  return {begin, length};
}

struct Login {
  std::string user;
  std::string answer;  // to the salt: empty for an empty password
  std::string database;
  std::string plugin;
};

std::optional<Login> ReadLogin(std::string_view payload) {
  ByteReader in({reinterpret_cast<const uint8_t*>(payload.data()), payload.size()});
  const uint32_t capabilities = in.U32();
  in.Skip(4 + 1 + 23);  // packet size, character set, filler
  Login login;
  login.user = ReadZeroEnded(&in);
  if ((capabilities & kPluginAuthLengthEncoded) != 0) {
    login.answer = in.Bytes(in.LengthEncoded());
  } else if ((capabilities & kSecureConnection) != 0) {
    login.answer = in.Bytes(in.U8());
  } else {
    login.answer = ReadZeroEnded(&in);
  }
  if ((capabilities & kConnectWithDatabase) != 0) login.database = ReadZeroEnded(&in);
  if ((capabilities & kPluginAuth) != 0) login.plugin = ReadZeroEnded(&in);
  if (!in.ok()) return std::nullopt;
  return login;
}

// The client's answer after it was told to use mysql_native_password.
std::optional<std::string> SwitchPlugin(PacketStream* stream) {
  std::string payload = "\xfe";
  payload += kPlugin;
  payload += '\0';
  payload += kSalt;
  payload += '\0';
  stream->Write(payload);
  if (!stream->Flush()) return std::nullopt;
  return stream->Read();
}

// One client from greeting to goodbye.
class QuerySession final {
 public:
  QuerySession(Service* service, int socket, uint32_t number)
      : service_(*service), stream_(socket), writer_(&stream_), number_(number) {}

  void Run() {
    if (!Authenticate()) {
      stream_.Flush();
      return;
    }
    bool go_on = stream_.Flush();
    while (go_on) {
      const std::optional<std::string> command = stream_.Read();
      go_on = command && !command->empty() && Dispatch(*command) && stream_.Flush();
    }
  }

 private:
  bool Authenticate() {
    stream_.Write(Greeting(number_));
    if (!stream_.Flush()) return false;
    const std::optional<std::string> payload = stream_.Read();
    if (!payload) return false;
    std::optional<Login> login = ReadLogin(*payload);
    if (!login) {
      writer_.Error(1043, "08S01", "Bad handshake");
      return false;
    }
    if (!login->plugin.empty() && login->plugin != kPlugin) {
      const std::optional<std::string> answer = SwitchPlugin(&stream_);
      if (!answer) return false;
      login->answer = *answer;
    }
    // An empty password is answered with nothing (or, by some clients, with one zero byte).
    const bool empty = login->answer.empty() || login->answer == std::string(1, '\0');
    const Credentials credentials{login->user, empty ? "" : "given"};
    if (!IsKnownUser(credentials)) {
      writer_.Error(1045, "28000", AccessDenied(credentials));
      return false;
    }
    engine_.emplace(&service_, number_, login->user);
    if (!login->database.empty() && !engine_->UseDatabase(login->database)) {
      writer_.Error(1049, "42000", "Unknown database '" + login->database + "'");
      return false;
    }
    writer_.Ok();
    return true;
  }

  // False ends the connection.
  bool Dispatch(const std::string& payload) {
    const std::string_view rest = std::string_view(payload).substr(1);
    switch (static_cast<uint8_t>(payload[0])) {
      case kQuit:
        return false;
      case kInitDatabase:
        if (engine_->UseDatabase(std::string(rest))) {
          writer_.Ok();
        } else {
          writer_.Error(1049, "42000", fmt::format("Unknown database '{}'", rest));
        }
        return true;
      case kQuery:
        return Query(rest);
      case kFieldList:
        writer_.End();  // clients use it for completion only
        return true;
      case kStatistics:
        stream_.Write("minidoris");
        return true;
      case kSetOption:
        writer_.End();
        return true;
      case kPing:
      case kResetConnection:
        writer_.Ok();
        return true;
      case kStatementPrepare:
        writer_.Error(1295, "HY000", "minidoris has no prepared statements");
        return true;
      default:
        writer_.Error(1047, "08S01", "Unknown command");
        return true;
    }
  }

  bool Query(std::string_view sql) {
    if (const std::optional<Fault> fault = service_.faults->Take("query")) {
      Wait(&service_, fault->delay_ms);
      if (fault->action == "drop" || fault->action == "unavailable") return false;
      if (fault->action == "fail") {
        writer_.Error(1105, "HY000", "errCode = 2, detailMessage = injected fault");
        return true;
      }
    }
    engine_->Run(sql, &writer_);
    return true;
  }

  Service& service_;
  PacketStream stream_;
  ResultWriter writer_;
  const uint32_t number_;
  std::optional<QueryEngine> engine_;
};

}  // namespace

Result<std::unique_ptr<QueryServer>> QueryServer::Start(const std::string& host, uint16_t port,
                                                        Service* service) {
  std::unique_ptr<QueryServer> server(new QueryServer(service));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  const std::string numeric = host == "localhost" ? "127.0.0.1" : host;
  if (inet_pton(AF_INET, numeric.c_str(), &address.sin_addr) != 1) {
    return Status::Permanent(fmt::format("{} is not an IPv4 address", Quoted(host)));
  }
  server->listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(server->listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(server->listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(server->listener_, kBacklog) != 0) {
    return Status::Permanent(
        fmt::format("cannot listen on {}:{}: {}", host, port, std::strerror(errno)));
  }
  socklen_t length = sizeof address;
  getsockname(server->listener_, reinterpret_cast<sockaddr*>(&address), &length);
  server->port_ = ntohs(address.sin_port);
  QueryServer* const self = server.get();
  server->acceptor_ = std::thread([self] { self->AcceptLoop(); });
  return server;
}

QueryServer::~QueryServer() {
  Stop();
  if (listener_ >= 0) close(listener_);
}

void QueryServer::AcceptLoop() {
  uint32_t number = 0;
  while (true) {
    const int accepted = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      if (accepted >= 0) close(accepted);
      return;
    }
    if (accepted < 0) continue;
    const int on = 1;
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Reap();
    Connection& connection = connections_.emplace_back();
    connection.socket = accepted;
    ++number;
    connection.thread = std::thread([this, &connection, number] {
      Serve(connection.socket, number);
      connection.over = true;
    });
  }
}

void QueryServer::Serve(int socket, uint32_t number) {
  QuerySession(&service_, socket, number).Run();
  shutdown(socket, SHUT_RDWR);  // the descriptor is closed when the thread is joined
}

void QueryServer::Reap() {
  for (auto at = connections_.begin(); at != connections_.end();) {
    if (!at->over) {
      ++at;
      continue;
    }
    at->thread.join();
    close(at->socket);
    at = connections_.erase(at);
  }
}

void QueryServer::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    if (listener_ >= 0) shutdown(listener_, SHUT_RDWR);
    for (Connection& connection : connections_) shutdown(connection.socket, SHUT_RDWR);
  }
  if (acceptor_.joinable()) acceptor_.join();
  for (Connection& connection : connections_) {
    connection.thread.join();
    close(connection.socket);
  }
  connections_.clear();
}

}  // namespace millrace::minidoris
