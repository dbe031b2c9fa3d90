// The HTTP side as our handlers see it: a request whose headers are complete, an exchange that may
// answer at once (before any 100-continue), take the body piece by piece, and answer at the end.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace millrace::minidoris {

struct HttpRequest {
  std::string method;
  std::string path;        // decoded, starts with '/'
  std::string raw_target;  // as it came, with the query
  std::string client_ip;
  std::map<std::string, std::string> headers;  // lower-case names
  std::map<std::string, std::string> query;

  std::optional<std::string> Header(std::string_view lower_case_name) const;
  std::optional<std::string> Query(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  bool drop = false;     // no answer at all: the connection is closed
  int64_t delay_ms = 0;  // wait before the answer (or the drop)
};

// One request in work. Destroyed when it is over; if Finish was not called by then, the client has
// gone or the connection was dropped.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  // Headers are complete. A response ends the exchange: no 100-continue, the body is not read.
  virtual std::optional<HttpResponse> Begin() { return std::nullopt; }
  // A piece of the body, already out of its chunks. False drops the connection.
  virtual bool Body(std::string_view piece) = 0;
  virtual HttpResponse Finish() = 0;
};

class HttpService {
 public:
  virtual ~HttpService() = default;
  virtual std::unique_ptr<HttpExchange> Open(HttpRequest request) = 0;  // called by many threads
};

// An exchange that answers at once.
std::unique_ptr<HttpExchange> Answer(HttpResponse response);
// An exchange that collects a small body and answers when it is complete.
std::unique_ptr<HttpExchange> AnswerWithBody(
    std::function<HttpResponse(const std::string& body)> handler);

struct Credentials {
  std::string user;
  std::string password;
};
// Of a Basic Authorization header; nothing if there is none or it is broken.
std::optional<Credentials> BasicCredentials(const HttpRequest& request);

// A listener with a thread for every connection.
class HttpServer final {
 public:
  // The service must outlive the server. Port 0 takes a free one.
  static Result<std::unique_ptr<HttpServer>> Start(const std::string& host, uint16_t port,
                                                   HttpService* service);
  ~HttpServer();
  uint16_t port() const { return port_; }
  // Stops listening and cuts the connections; returns when no handler is running any more.
  void Stop();

  struct Internals;  // libmicrohttpd's part
 private:
  HttpServer();
  std::unique_ptr<Internals> internals_;
  uint16_t port_ = 0;
};

}  // namespace millrace::minidoris
