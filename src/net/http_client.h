// Small HTTP requests: a short body out, a short body back, one after the other. Redirects are
// followed where the policy allows it (redirect.h), with all our headers and without what the
// server put into the URL as user-info. One client is used by one thread at a time; connections are
// kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/stop_token.h"
#include "net/redirect.h"

namespace millrace {

// How a connection is made; the same for small requests and uploads.
struct HttpSettings {
  int64_t connect_timeout_ms = 60'000;
  int64_t answer_timeout_ms = 60'000;  // the longest silence
  std::string ca_file = {};            // PEM; empty: the system's
  bool verify_hostname = true;
  RedirectPolicy redirects = {};
  // Once it is requested every wait ends within a fraction of a second, with Status::Cancelled.
  // Outlives every use. Null: nothing ends a wait but its timeout.
  const StopToken* stop = nullptr;
  // Called several times a second while a server owes us something, by the thread that waits: who
  // owes it ("host:port"), and for how long. May be empty.
  std::function<void(const std::string& host, int64_t waited_ms)> on_wait = {};
};

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};                   // without user-info
  std::vector<std::string> headers = {};  // "Name: value"
  std::string body = {};
  bool follow_redirects = true;  // false: a redirect is an answer like any other
};

struct HttpAnswer {
  int status = 0;
  std::string location;  // of a redirect; may hold a password, never show it as it is
  std::string body;      // at most kHttpAnswerMax bytes
  std::string url;       // who answered, without user-info
};

inline constexpr size_t kHttpAnswerMax = 8 * 1024 * 1024;
inline constexpr int kHttpHopsMax = 5;

class HttpClient final {
 public:
  explicit HttpClient(HttpSettings settings);
  ~HttpClient();

  // Any HTTP status is an answer. Without one: Transient, with URL and reason; Permanent if asking
  // again cannot help; Cancelled after a stop.
  Result<HttpAnswer> Perform(const HttpRequest& request);

 private:
  struct Handles;
  Result<HttpAnswer> PerformOnce(const HttpRequest& request, const Url& url);

  const HttpSettings settings_;
  std::unique_ptr<Handles> handles_;
};

}  // namespace millrace
