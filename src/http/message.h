// The two messages of HTTP as handlers see them, and the credentials in a request.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millrace::http {

struct Request {
  std::string method;
  std::string path;        // decoded, starts with '/'
  std::string raw_target;  // as it came, with the query
  std::string client_ip;
  std::map<std::string, std::string> headers;  // lower-case names
  std::map<std::string, std::string> query;

  std::optional<std::string> Header(std::string_view lower_case_name) const;
  std::optional<std::string> Query(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  bool drop = false;  // no answer at all: the connection is closed
};

struct Credentials {
  std::string user;
  std::string password;
};
// Of a Basic Authorization header (RFC 7617); nothing if there is none or it is broken.
std::optional<Credentials> BasicCredentials(const Request& request);

}  // namespace millrace::http
