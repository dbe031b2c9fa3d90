// What a program that serves HTTP implements: a Service opens an Exchange for every request.
//
//   headers complete -> Service::Open -> Begin -> [100 Continue] -> Body* -> Finish
//                                         |
//                                         +-> a response: the body is not read
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace millrace::http {

// One request in work, used by one thread. Destroyed when it is over; if Finish was not called by
// then, the client has gone or the connection was closed.
class Exchange {
 public:
  virtual ~Exchange() = default;
  // Headers are complete. A response ends the exchange: no 100 Continue, the body is not read.
  virtual std::optional<Response> Begin() { return std::nullopt; }
  // The next bytes of the body, without the framing of chunks. False closes the connection.
  virtual bool Body(std::string_view bytes) = 0;
  // The body is complete.
  virtual Response Finish() = 0;
};

class Service {
 public:
  virtual ~Service() = default;
  virtual std::unique_ptr<Exchange> Open(Request request) = 0;  // called by many threads
};

// An exchange that answers at once.
std::unique_ptr<Exchange> Answer(Response response);
// An exchange that collects a body of at most 1 MiB and answers at its end.
std::unique_ptr<Exchange> AnswerWithBody(std::function<Response(const std::string& body)> handler);

}  // namespace millrace::http
