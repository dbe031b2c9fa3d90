#include "http/exchange.h"

namespace millrace::http {
namespace {

// Collected bodies are small, whatever the server allows for those that are read piece by piece.
constexpr size_t kCollectedBytesMax = 1 << 20;

class AnswerExchange final : public Exchange {
 public:
  explicit AnswerExchange(Response response) : response_(std::move(response)) {}
  std::optional<Response> Begin() override { return std::move(response_); }
  bool Body(std::string_view) override { return true; }
  Response Finish() override { return {}; }

 private:
  Response response_;
};

class CollectingExchange final : public Exchange {
 public:
  explicit CollectingExchange(std::function<Response(const std::string&)> handler)
      : handler_(std::move(handler)) {}
  bool Body(std::string_view bytes) override {
    if (body_.size() + bytes.size() > kCollectedBytesMax) return false;
    body_ += bytes;
    return true;
  }
  Response Finish() override { return handler_(body_); }

 private:
  const std::function<Response(const std::string&)> handler_;
  std::string body_;
};

}  // namespace

std::unique_ptr<Exchange> Answer(Response response) {
  return std::make_unique<AnswerExchange>(std::move(response));
}

std::unique_ptr<Exchange> AnswerWithBody(std::function<Response(const std::string& body)> handler) {
  return std::make_unique<CollectingExchange>(std::move(handler));
}

}  // namespace millrace::http
