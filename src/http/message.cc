#include "http/server.h"

#include <cstdint>

#include "base/ascii.h"
#include "base/encode.h"

namespace millrace::minidoris {
namespace {

constexpr size_t kSmallBodyBytesMax = 1 << 20;

class AnswerExchange final : public HttpExchange {
 public:
  explicit AnswerExchange(HttpResponse response) : response_(std::move(response)) {}
  std::optional<HttpResponse> Begin() override { return std::move(response_); }
  bool Body(std::string_view) override { return true; }
  HttpResponse Finish() override { return {}; }

 private:
  HttpResponse response_;
};

class CollectingExchange final : public HttpExchange {
 public:
  explicit CollectingExchange(std::function<HttpResponse(const std::string&)> handler)
      : handler_(std::move(handler)) {}
  bool Body(std::string_view piece) override {
    body_ += piece;
    return body_.size() <= kSmallBodyBytesMax;
  }
  HttpResponse Finish() override { return handler_(body_); }

 private:
  const std::function<HttpResponse(const std::string&)> handler_;
  std::string body_;
};

std::optional<std::string> Lookup(const std::map<std::string, std::string>& map,
                                  std::string_view name) {
  const auto found = map.find(std::string(name));
  if (found == map.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::optional<std::string> HttpRequest::Header(std::string_view lower_case_name) const {
  return Lookup(headers, lower_case_name);
}

std::optional<std::string> HttpRequest::Query(std::string_view name) const {
  return Lookup(query, name);
}

std::unique_ptr<HttpExchange> Answer(HttpResponse response) {
  return std::make_unique<AnswerExchange>(std::move(response));
}

std::unique_ptr<HttpExchange> AnswerWithBody(
    std::function<HttpResponse(const std::string& body)> handler) {
  return std::make_unique<CollectingExchange>(std::move(handler));
}

std::optional<Credentials> BasicCredentials(const HttpRequest& request) {
  constexpr std::string_view kScheme = "basic ";
  const std::optional<std::string> header = request.Header("authorization");
  if (!header || !EqualsIgnoreCase(header->substr(0, kScheme.size()), kScheme)) return std::nullopt;
  const auto plain = FromBase64(Trim(std::string_view(*header).substr(kScheme.size())));
  if (!plain) return std::nullopt;
  const size_t colon = plain->find(':');
  if (colon == plain->npos) return std::nullopt;
  Credentials credentials{plain->substr(0, colon), plain->substr(colon + 1)};
  credentials.user = credentials.user.substr(0, credentials.user.find('@'));  // user@cluster
  return credentials;
}

}  // namespace millrace::minidoris
