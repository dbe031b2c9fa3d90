// Small HTTP requests: a short body out, a short body back, one after the other. Redirects are
// followed only to where `follow_redirects` says, with all our headers and without what the server
// put into the URL as user-info. One client is used by one thread at a time; connections are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"

namespace millrace {

// How a connection is made; the same for small requests and uploads.
struct HttpSettings {
  int64_t connect_timeout_ms = 60'000;
  int64_t answer_timeout_ms = 60'000;  // silence that is too long
  std::string ca_file = {};            // PEM; empty: the system's
  bool verify_hostname = true;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};                   // without user-info
  std::vector<std::string> headers = {};  // "Name: value"
  std::string body = {};
  bool follow_redirects = true;
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

  // Any HTTP status is an answer. Transient if there was none; the text names URL and reason.
  Result<HttpAnswer> Perform(const HttpRequest& request);

 private:
  struct Handle;
  Result<HttpAnswer> PerformOnce(const HttpRequest& request, const std::string& url);

  const HttpSettings settings_;
  std::unique_ptr<Handle> handle_;
};

bool IsRedirect(int http_status);

}  // namespace millrace
