// An HTTP server that does what a test says: one handler per connection, in the order in which they
// come, each with the raw socket behind two calls.
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
  bool WaitForClose(int wait_ms);    // the other side hung up in time
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
