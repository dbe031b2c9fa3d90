// Server over libmicrohttpd: one thread for every connection, blocking reads. For each request the
// library calls
//
//   OnTarget                       the request line has come; what we return is its state
//   OnAccess, no data              the headers are complete, before it would send 100 Continue
//   OnAccess, data                 for each piece of the body
//   OnAccess, no data              the body is complete
//   OnCompleted                    the request is over, however it ended
//
// All of them are called from C code, so none may throw.
#include "http/server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <microhttpd.h>
#include <netinet/in.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <string>

#include "base/ascii.h"
#include "base/thread.h"
#include "base/units.h"

namespace millrace::http {
namespace {

// The library's memory of one connection. Half of it is the buffer for reading, so that large
// bodies come in large pieces.
constexpr size_t kConnectionMemoryBytes = 2 << 20;

constexpr int kContentTooLarge = 413;
constexpr int kHeaderFieldsTooLarge = 431;
constexpr int kInternalServerError = 500;

enum class Stage : unsigned char { kHeaders, kBody, kAnswered };

struct Running {
  std::string raw_target;
  std::unique_ptr<Exchange> exchange;
  Stage stage = Stage::kHeaders;
  int64_t body_bytes = 0;
};

Response Refusal(int status, std::string text) {
  Response response;
  response.status = status;
  response.content_type = "text/plain";
  response.body = std::move(text) + "\n";
  return response;
}

MHD_Result CopyPair(void* to, MHD_ValueKind kind, const char* key, const char* value) {
  auto* map = static_cast<std::map<std::string, std::string>*>(to);
  const Status copied = CatchExceptions([&] {
    std::string name = kind == MHD_HEADER_KIND ? ToLower(key) : std::string(key);
    (*map)[std::move(name)] = value == nullptr ? "" : value;
    return Status::Ok();
  });
  return copied.ok() ? MHD_YES : MHD_NO;
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

size_t HeaderBytes(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return info == nullptr ? 0 : info->header_size;
}

}  // namespace

struct Server::Internals {
  MHD_Daemon* daemon = nullptr;
  Service* service = nullptr;
  ServerOptions options;
  std::atomic<bool> stopping = false;
};

namespace {

void* OnTarget(void* context, const char* target, MHD_Connection*) {
  NameThread(static_cast<Server::Internals*>(context)->options.thread_name);
  std::unique_ptr<Running> running;
  static_cast<void>(CatchExceptions([&] {
    running = std::make_unique<Running>();
    running->raw_target = target;
    return Status::Ok();
  }));
  return running.release();  // OnCompleted deletes it; null closes the connection
}

MHD_Result Send(MHD_Connection* connection, Running* running, const Response& response) {
  running->stage = Stage::kAnswered;
  if (response.drop) return MHD_NO;
  // The library copies the body; it does not change it.
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

// Opens the exchange. A response ends the request before its body.
std::optional<Response> Begin(Server::Internals* server, MHD_Connection* connection,
                              const char* url, const char* method, Running* running) {
  const ServerOptions& options = server->options;
  if (HeaderBytes(connection) > options.header_bytes_max) {
    return Refusal(kHeaderFieldsTooLarge,
                   fmt::format("headers longer than {} bytes", options.header_bytes_max));
  }
  Request request;
  request.method = method;
  request.path = url;
  request.raw_target = running->raw_target;
  request.client_ip = ClientIp(connection);
  MHD_get_connection_values(connection, MHD_HEADER_KIND, CopyPair, &request.headers);
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, CopyPair, &request.query);
  const std::optional<std::string> length = request.Header("content-length");
  running->exchange = server->service->Open(std::move(request));
  std::optional<Response> early = running->exchange->Begin();
  if (early || !length) return early;
  if (ParseInteger(*length).value_or(0) <= options.body_bytes_max) return std::nullopt;
  return Refusal(kContentTooLarge,
                 fmt::format("body longer than {} bytes", options.body_bytes_max));
}

bool TakeBody(Server::Internals* server, Running* running, std::string_view bytes) {
  running->body_bytes += static_cast<int64_t>(bytes.size());
  return running->body_bytes <= server->options.body_bytes_max && !server->stopping &&
         running->exchange->Body(bytes);
}

MHD_Result OnAccess(void* context, MHD_Connection* connection, const char* url, const char* method,
                    const char*, const char* data, size_t* data_size, void** state) {
  auto* server = static_cast<Server::Internals*>(context);
  auto* running = static_cast<Running*>(*state);
  if (running == nullptr) return MHD_NO;
  const std::string_view bytes(data, *data_size);
  *data_size = 0;
  if (running->stage == Stage::kAnswered) return MHD_YES;
  MHD_Result result = MHD_YES;
  const Status done = CatchExceptions([&] {
    if (running->stage == Stage::kHeaders) {
      const auto early = Begin(server, connection, url, method, running);
      running->stage = Stage::kBody;
      if (early) result = Send(connection, running, *early);
    } else if (!bytes.empty()) {
      if (!TakeBody(server, running, bytes)) result = MHD_NO;
    } else {
      result = Send(connection, running, running->exchange->Finish());
    }
    return Status::Ok();
  });
  if (done.ok()) return result;
  // The library accepts a response before and after a body, not in the middle of one.
  if (!bytes.empty() || running->stage == Stage::kAnswered) return MHD_NO;
  const Status sent = CatchExceptions([&] {
    result = Send(connection, running, Refusal(kInternalServerError, done.message()));
    return Status::Ok();
  });
  return sent.ok() ? result : MHD_NO;
}

void OnCompleted(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
  const std::unique_ptr<Running> running(static_cast<Running*>(*state));
  *state = nullptr;
}

void IgnoreMessages(void*, const char*, va_list) {}

}  // namespace

Server::Server() : internals_(std::make_unique<Internals>()) {}

Server::~Server() { Stop(); }

Result<std::unique_ptr<Server>> Server::Start(Listener listener, Service* service,
                                              const ServerOptions& options) {
  std::unique_ptr<Server> server(new Server());
  server->port_ = listener.port();
  Internals* const internals = server->internals_.get();
  internals->service = service;
  internals->options = options;
  constexpr unsigned kFlags =
      static_cast<unsigned>(MHD_USE_THREAD_PER_CONNECTION) |
      static_cast<unsigned>(MHD_USE_INTERNAL_POLLING_THREAD) | static_cast<unsigned>(MHD_USE_POLL) |
      static_cast<unsigned>(MHD_USE_ERROR_LOG) | static_cast<unsigned>(MHD_USE_ITC);
  internals->daemon =
      MHD_start_daemon(kFlags, listener.port(), nullptr, nullptr, &OnAccess, internals,
                       MHD_OPTION_EXTERNAL_LOGGER, &IgnoreMessages, nullptr,        //
                       MHD_OPTION_LISTEN_SOCKET, listener.descriptor(),             //
                       MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemoryBytes,  //
                       MHD_OPTION_CONNECTION_LIMIT, options.connections_max,        //
                       MHD_OPTION_CONNECTION_TIMEOUT, options.idle_timeout_s,       //
                       MHD_OPTION_URI_LOG_CALLBACK, &OnTarget, internals,           //
                       MHD_OPTION_NOTIFY_COMPLETED, &OnCompleted, nullptr, MHD_OPTION_END);
  if (internals->daemon == nullptr) {
    return Status::Permanent(
        fmt::format("cannot serve port {}: {}", listener.port(), std::strerror(errno)));
  }
  listener.Release();  // the daemon closes it
  return server;
}

void Server::Stop() {
  internals_->stopping = true;
  if (internals_->daemon != nullptr) MHD_stop_daemon(internals_->daemon);
  internals_->daemon = nullptr;
}

}  // namespace millrace::http
