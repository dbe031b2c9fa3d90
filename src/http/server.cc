// HttpServer over libmicrohttpd: one thread for every connection, blocking reads. The library calls
// OnAccess once when the headers are complete (before it would send 100-continue), once per piece
// of the body, and once more at the end.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>

#include <atomic>
#include <cstring>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/quote.h"
#include "http/server.h"

namespace millrace::minidoris {
namespace {

constexpr size_t kConnectionMemoryBytes = 2 << 20;  // half of it is the read buffer
constexpr unsigned kConnectionsMax = 4096;
constexpr int64_t kDelayStepMs = 20;

enum class Stage : unsigned char { kHeaders, kBody, kAnswered };

struct Running {
  std::string raw_target;
  std::unique_ptr<HttpExchange> exchange;
  Stage stage = Stage::kHeaders;
};

MHD_Result CopyPair(void* to, MHD_ValueKind kind, const char* key, const char* value) {
  auto* map = static_cast<std::map<std::string, std::string>*>(to);
  std::string name = kind == MHD_HEADER_KIND ? ToLower(key) : std::string(key);
  (*map)[std::move(name)] = value == nullptr ? "" : value;
  return MHD_YES;
}

std::string ClientIp(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  char text[INET6_ADDRSTRLEN] = "";
  if (info != nullptr && info->client_addr->sa_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, info->client_addr, sizeof address);
    inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
  }
  return text;
}

void* OnTarget(void*, const char* target, MHD_Connection*) {
  auto running = std::make_unique<Running>();
  running->raw_target = target;
  return running.release();  // OnCompleted deletes it
}

}  // namespace

struct HttpServer::Internals {
  MHD_Daemon* daemon = nullptr;
  HttpService* service = nullptr;
  std::atomic<bool> stopping = false;
};

namespace {

MHD_Result Send(HttpServer::Internals* server, MHD_Connection* connection, Running* running,
                const HttpResponse& response) {
  running->stage = Stage::kAnswered;
  for (int64_t waited = 0; waited < response.delay_ms && !server->stopping;
       waited += kDelayStepMs) {
    SystemClock().SleepMs(kDelayStepMs);
  }
  if (response.drop) return MHD_NO;
  // MHD copies the body; it does not change it.
  MHD_Response* answer = MHD_create_response_from_buffer(
      response.body.size(), const_cast<char*>(response.body.data()), MHD_RESPMEM_MUST_COPY);
  if (answer == nullptr) return MHD_NO;
  MHD_add_response_header(answer, "Content-Type", response.content_type.c_str());
  for (const auto& [name, value] : response.headers) {
    MHD_add_response_header(answer, name.c_str(), value.c_str());
  }
  const MHD_Result queued =
      MHD_queue_response(connection, static_cast<unsigned>(response.status), answer);
  MHD_destroy_response(answer);
  return queued;
}

MHD_Result OnAccess(void* context, MHD_Connection* connection, const char* url, const char* method,
                    const char*, const char* data, size_t* data_size, void** state) {
  auto* server = static_cast<HttpServer::Internals*>(context);
  auto* running = static_cast<Running*>(*state);
  if (running->stage == Stage::kAnswered) {
    *data_size = 0;
    return MHD_YES;
  }
  if (running->stage == Stage::kHeaders) {
    HttpRequest request;
    request.method = method;
    request.path = url;
    request.raw_target = running->raw_target;
    request.client_ip = ClientIp(connection);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, CopyPair, &request.headers);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, CopyPair, &request.query);
    running->exchange = server->service->Open(std::move(request));
    running->stage = Stage::kBody;
    const std::optional<HttpResponse> early = running->exchange->Begin();
    return early ? Send(server, connection, running, *early) : MHD_YES;
  }
  if (*data_size > 0) {
    const bool go_on = running->exchange->Body({data, *data_size});
    *data_size = 0;
    return go_on && !server->stopping ? MHD_YES : MHD_NO;
  }
  return Send(server, connection, running, running->exchange->Finish());
}

void OnCompleted(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
  const std::unique_ptr<Running> running(static_cast<Running*>(*state));
  *state = nullptr;
}

void IgnoreMessages(void*, const char*, va_list) {}

}  // namespace

HttpServer::HttpServer() : internals_(std::make_unique<Internals>()) {}

HttpServer::~HttpServer() { Stop(); }

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& host, uint16_t port,
                                                      HttpService* service) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  const std::string numeric = host == "localhost" ? "127.0.0.1" : host;
  if (inet_pton(AF_INET, numeric.c_str(), &address.sin_addr) != 1) {
    return Status::Permanent(fmt::format("{} is not an IPv4 address", Quoted(host)));
  }
  std::unique_ptr<HttpServer> server(new HttpServer());
  server->internals_->service = service;
  constexpr unsigned kFlags =
      static_cast<unsigned>(MHD_USE_THREAD_PER_CONNECTION) |
      static_cast<unsigned>(MHD_USE_INTERNAL_POLLING_THREAD) | static_cast<unsigned>(MHD_USE_POLL) |
      static_cast<unsigned>(MHD_USE_ERROR_LOG) | static_cast<unsigned>(MHD_USE_ITC);
  server->internals_->daemon =
      MHD_start_daemon(kFlags, port, nullptr, nullptr, &OnAccess, server->internals_.get(),
                       MHD_OPTION_EXTERNAL_LOGGER, &IgnoreMessages, nullptr,  //
                       MHD_OPTION_SOCK_ADDR, reinterpret_cast<sockaddr*>(&address),
                       MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemoryBytes,  //
                       MHD_OPTION_CONNECTION_LIMIT, kConnectionsMax,                //
                       MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U,                      //
                       MHD_OPTION_URI_LOG_CALLBACK, &OnTarget, nullptr,             //
                       MHD_OPTION_NOTIFY_COMPLETED, &OnCompleted, nullptr, MHD_OPTION_END);
  if (server->internals_->daemon == nullptr) {
    return Status::Permanent(
        fmt::format("cannot listen on {}:{}: {}", host, port, std::strerror(errno)));
  }
  const MHD_DaemonInfo* info =
      MHD_get_daemon_info(server->internals_->daemon, MHD_DAEMON_INFO_BIND_PORT);
  server->port_ = info != nullptr ? info->port : port;
  return server;
}

void HttpServer::Stop() {
  internals_->stopping = true;
  if (internals_->daemon != nullptr) MHD_stop_daemon(internals_->daemon);
  internals_->daemon = nullptr;
}

}  // namespace millrace::minidoris
