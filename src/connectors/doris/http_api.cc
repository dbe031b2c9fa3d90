#include "connectors/doris/http_api.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/ascii.h"
#include "connectors/doris/query_port.h"
#include "net/url.h"

namespace millrace::doris {
namespace {

class HttpLoadStream final : public LoadStream {
 public:
  explicit HttpLoadStream(std::unique_ptr<Upload> upload) : upload_(std::move(upload)) {}

  UploadBuffer Take() override { return upload_->Take(); }
  bool Send(UploadBuffer buffer) override { return upload_->Send(std::move(buffer)); }
  void End() override { upload_->End(); }
  Result<LoadAnswer> Finish() override {
    MR_ASSIGN_OR_RETURN(const HttpAnswer answer, upload_->Finish());
    return ParseLoadAnswer(answer);
  }

 private:
  std::unique_ptr<Upload> upload_;
};

class HttpApi final : public StreamLoadApi {
 public:
  explicit HttpApi(const SinkConfig& config)
      : config_(config),
        client_(config.http),
        authorization_("Authorization: " + BasicAuthorization(config.user, config.password)) {}

  Result<std::string> DescribeTable() override {
    MR_ASSIGN_OR_RETURN(
        const HttpAnswer answer,
        Ask("GET", fmt::format("/api/{}/{}/_schema", EscapeSegment(config_.database),
                               EscapeSegment(config_.table))));
    return ParseEnvelope(answer);
  }

  Result<std::vector<ColumnDetail>> DescribeColumns() override {
    return DescribeOverQueryPort(config_);
  }

  Result<Begun> Begin(const std::string& label, const std::vector<std::string>& headers) override;
  Result<OperationAnswer> Operate(Operation operation, int64_t transaction,
                                  const std::string& label) override;

  Result<LabelState> StateOf(const std::string& label) override {
    MR_ASSIGN_OR_RETURN(
        const HttpAnswer answer,
        Ask("GET", fmt::format("/api/{}/get_load_state?label={}", EscapeSegment(config_.database),
                               EscapeSegment(label))));
    return ParseLabelState(answer);
  }

  Result<std::string> ErrorLog(const std::string& url) override {
    const std::optional<Url> parsed = ParseUrl(url);
    if (!parsed) return Status::Permanent("no URL: " + url);
    HttpRequest request{.url = parsed->Text()};
    request.headers.push_back(authorization_);
    MR_ASSIGN_OR_RETURN(HttpAnswer answer, client_.Perform(request));
    if (answer.status != 200) {
      return Status::Transient(fmt::format("{}: HTTP {}", answer.url, answer.status));
    }
    return std::move(answer.body);
  }

 private:
  std::string Frontend() const {
    return config_.scheme + "://" + config_.frontends[frontend_ % config_.frontends.size()];
  }

  // Asks the current frontend; if it cannot be reached, the next one, each once.
  Result<HttpAnswer> Ask(const std::string& method, const std::string& target,
                         const std::vector<std::string>& headers = {});
  // Where the next load goes, without the target.
  Result<std::string> LoadAddress();

  const SinkConfig config_;
  HttpClient client_;
  const std::string authorization_;
  size_t frontend_ = 0;  // index of the one that answered last
  size_t backend_ = 0;
};

Result<HttpAnswer> HttpApi::Ask(const std::string& method, const std::string& target,
                                const std::vector<std::string>& headers) {
  Status failure = Status::Permanent("no frontend in 'fenodes'");
  for (size_t i = 0; i < config_.frontends.size(); ++i) {
    HttpRequest request{.method = method, .url = Frontend() + target};
    request.headers = headers;
    request.headers.push_back(authorization_);
    Result<HttpAnswer> answer = client_.Perform(request);
    if (answer.ok() && answer->status < 500) return answer;
    failure = answer.ok()
                  ? Status::Transient(fmt::format("{}: HTTP {}: {}", answer->url, answer->status,
                                                  Trim(answer->body.substr(0, 200))))
                  : answer.status();
    ++frontend_;
  }
  return failure;
}

Result<std::string> HttpApi::LoadAddress() {
  std::vector<std::string> backends = config_.backends;
  if (backends.empty() && config_.ask_for_backends) {
    MR_ASSIGN_OR_RETURN(const HttpAnswer answer, Ask("GET", "/api/backends?is_alive=true"));
    MR_ASSIGN_OR_RETURN(const std::string data, ParseEnvelope(answer));
    const auto list = nlohmann::json::parse(data, nullptr, false);
    if (list.is_object() && list.contains("backends") && list["backends"].is_array()) {
      for (const auto& entry : list["backends"]) {
        const std::string ip = entry.value("ip", "");
        if (!ip.empty()) backends.push_back(fmt::format("{}:{}", ip, entry.value("http_port", 0)));
      }
    }
    if (backends.empty()) {
      return Status::Transient(fmt::format("{}: no backend is alive", answer.url));
    }
  }
  if (backends.empty()) return Frontend();
  return config_.scheme + "://" + backends[backend_++ % backends.size()];
}

Result<Begun> HttpApi::Begin(const std::string& label, const std::vector<std::string>& headers) {
  MR_ASSIGN_OR_RETURN(const std::string address, LoadAddress());
  UploadRequest request;
  request.url = fmt::format("{}/api/{}/{}/_stream_load", address, EscapeSegment(config_.database),
                            EscapeSegment(config_.table));
  request.headers = headers;
  request.headers.push_back("label: " + label);
  request.headers.push_back(authorization_);
  request.buffer_bytes = config_.buffer_bytes;
  request.buffers = config_.buffers;
  auto upload = std::make_unique<Upload>(std::move(request), config_.http);
  const Result<bool> wanted = upload->WaitForContinue();
  if (!wanted.ok()) {
    ++frontend_;  // it, or the backend it named, is in trouble
    return wanted.status();
  }
  Begun begun;
  if (*wanted) {
    begun.stream = std::make_unique<HttpLoadStream>(std::move(upload));
    return begun;
  }
  MR_ASSIGN_OR_RETURN(const HttpAnswer answer, upload->Finish());
  MR_ASSIGN_OR_RETURN(begun.answer, ParseLoadAnswer(answer));
  return begun;
}

Result<OperationAnswer> HttpApi::Operate(Operation operation, int64_t transaction,
                                         const std::string& label) {
  std::vector<std::string> headers;
  headers.push_back(operation == Operation::kCommit ? "txn_operation: commit"
                                                    : "txn_operation: abort");
  headers.push_back(transaction >= 0 ? fmt::format("txn_id: {}", transaction) : "label: " + label);
  MR_ASSIGN_OR_RETURN(
      const HttpAnswer answer,
      Ask("PUT", fmt::format("/api/{}/_stream_load_2pc", EscapeSegment(config_.database)),
          headers));
  return ParseOperationAnswer(answer);
}

}  // namespace

std::unique_ptr<StreamLoadApi> MakeHttpApi(const SinkConfig& config) {
  return std::make_unique<HttpApi>(config);
}

}  // namespace millrace::doris
