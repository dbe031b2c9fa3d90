// A server that does what a test says: one handler per connection, in the order in which they come,
// each with the raw socket under a few calls of HTTP.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace millrace {

class Connection {
 public:
  explicit Connection(int socket) : socket_(socket) {}

  std::string ReadHead();            // up to and with the empty line
  std::string ReadChunkedBody();     // decoded
  bool HasBytes(int wait_ms) const;  // something more has arrived
  std::string TakeUntilClosed(int wait_ms);
  bool WaitForClose(int wait_ms);         // the other side closed it in time
  bool WaitForHangUp(int wait_ms) const;  // the same without reading what it sends
  void Send(std::string_view text) const;
  void Answer(std::string_view status, std::string_view body, std::string_view headers = "") const;

 private:
  bool Fill();
  std::string Take(std::string_view end);

  const int socket_;
  std::string buffer_;
};

class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<std::function<void(Connection&)>> handlers);
  ~ScriptedServer();
  void Join();  // waits for the end of the last handler

  int port() const { return port_; }
  std::string Address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string Url(std::string_view target) const {
    return "http://" + Address() + std::string(target);
  }

 private:
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace millrace
