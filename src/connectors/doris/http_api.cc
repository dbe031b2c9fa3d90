#include "connectors/doris/http_api.h"

#include <fmt/format.h>

#include "connectors/doris/message.h"
#include "connectors/doris/query_port.h"
#include "net/url.h"

namespace millrace::doris {
namespace {

class HttpLoadStream final : public LoadStream {
 public:
  // The URL of the answer is written to `*answered_by`, which outlives the stream.
  HttpLoadStream(std::unique_ptr<Upload> upload, std::string* answered_by)
      : upload_(std::move(upload)), answered_by_(*answered_by) {}

  UploadBuffer Take() override { return upload_->Take(); }
  bool Send(UploadBuffer buffer) override { return upload_->Send(std::move(buffer)); }
  void End() override { upload_->End(); }
  Result<LoadAnswer> Finish() override {
    MR_ASSIGN_OR_RETURN(const HttpAnswer answer, upload_->Finish());
    answered_by_ = answer.url;
    return ParseLoadAnswer(answer);
  }

 private:
  std::unique_ptr<Upload> upload_;
  std::string& answered_by_;
};

class HttpApi final : public StreamLoadApi {
 public:
  explicit HttpApi(const SinkConfig& config)
      : config_(config),
        client_(config.http),
        authorization_("Authorization: " + BasicAuthorization(config.user, config.password)),
        frontends_{config.frontends},
        backends_{config.backends} {}

  Result<Json> DescribeTable() override {
    MR_ASSIGN_OR_RETURN(const HttpAnswer answer,
                        Get(fmt::format("/api/{}/{}/_schema", EscapeSegment(config_.database),
                                        EscapeSegment(config_.table))));
    return ParseSchemaAnswer(answer);
  }

  Result<std::vector<ColumnDetail>> DescribeColumns() override {
    return DescribeOverQueryPort(config_);
  }

  Result<Begun> Begin(const std::string& label, const std::vector<std::string>& headers) override;
  Result<OperationAnswer> Operate(Operation operation, int64_t transaction,
                                  const std::string& label) override;

  Result<LabelState> StateOf(const std::string& label) override {
    MR_ASSIGN_OR_RETURN(const HttpAnswer answer,
                        Get(fmt::format("/api/{}/get_load_state?label={}",
                                        EscapeSegment(config_.database), EscapeSegment(label))));
    return ParseLabelState(answer);
  }

  Result<std::unique_ptr<QueryRows>> Select(const std::string& query) override {
    return SelectOverQueryPort(config_, query);
  }

  Result<std::string> ErrorLog(const std::string& url) override;

 private:
  // Hosts in turn: a failure moves on to the next one.
  struct Rotation {
    std::vector<std::string> hosts;  // "host:port"
    size_t turn = 0;

    const std::string& Current() const { return hosts[turn % hosts.size()]; }
  };

  std::string UrlOf(const std::string& host, std::string_view target) const {
    return fmt::format("{}://{}{}", config_.scheme, host, target);
  }
  // Asks the current host; if it cannot be reached, the next one, each once.
  Result<HttpAnswer> Ask(Rotation* hosts, HttpRequest request, std::string_view target);
  Result<HttpAnswer> Get(std::string_view target) { return Ask(&frontends_, {}, target); }
  // "host:port" where the next load goes.
  Result<std::string> LoadHost();

  const SinkConfig config_;
  HttpClient client_;
  const std::string authorization_;
  Rotation frontends_;
  Rotation backends_;        // of 'benodes', for commits and aborts
  size_t next_backend_ = 0;  // of a load
  std::string answered_by_;  // URL of the latest answer to a load
};

Result<HttpAnswer> HttpApi::Ask(Rotation* hosts, HttpRequest request, std::string_view target) {
  Status failure = Status::Permanent("no address given in option \"fenodes\"");
  request.headers.push_back(authorization_);
  for (size_t i = 0; i < hosts->hosts.size(); ++i) {
    request.url = UrlOf(hosts->Current(), target);
    Result<HttpAnswer> answer = client_.Perform(request);
    if (answer.ok() && answer->status < 500) return answer;
    failure = answer.ok() ? Status::Transient(fmt::format("{}: HTTP {}: {}", answer->url,
                                                          answer->status, Excerpt(answer->body)))
                          : answer.status();
    if (failure.cancelled()) return failure;
    ++hosts->turn;
  }
  return failure;
}

Result<std::string> HttpApi::LoadHost() {
  std::vector<std::string> backends = config_.backends;
  if (backends.empty() && config_.ask_for_backends) {
    MR_ASSIGN_OR_RETURN(const HttpAnswer answer, Get("/api/backends?is_alive=true"));
    MR_ASSIGN_OR_RETURN(backends, ParseBackends(answer));
  }
  if (backends.empty()) return frontends_.Current();
  return backends[next_backend_++ % backends.size()];
}

Result<Begun> HttpApi::Begin(const std::string& label, const std::vector<std::string>& headers) {
  MR_ASSIGN_OR_RETURN(const std::string host, LoadHost());
  UploadRequest request;
  request.url = UrlOf(host, fmt::format("/api/{}/{}/_stream_load", EscapeSegment(config_.database),
                                        EscapeSegment(config_.table)));
  request.headers = headers;
  request.headers.push_back("label: " + label);
  request.headers.push_back(authorization_);
  request.buffer_bytes = config_.buffer_bytes;
  request.buffers = config_.buffers;
  auto upload = std::make_unique<Upload>(std::move(request), config_.http);
  const Result<bool> wanted = upload->WaitForContinue();
  if (!wanted.ok()) {
    ++frontends_.turn;  // it, or the backend it named, does not answer
    return wanted.status();
  }
  Begun begun;
  if (*wanted) {
    begun.stream = std::make_unique<HttpLoadStream>(std::move(upload), &answered_by_);
    return begun;
  }
  MR_ASSIGN_OR_RETURN(const HttpAnswer answer, upload->Finish());
  answered_by_ = answer.url;
  MR_ASSIGN_OR_RETURN(begun.answer, ParseLoadAnswer(answer));
  return begun;
}

Result<OperationAnswer> HttpApi::Operate(Operation operation, int64_t transaction,
                                         const std::string& label) {
  HttpRequest request{.method = "PUT"};
  request.headers.push_back(operation == Operation::kCommit ? "txn_operation: commit"
                                                            : "txn_operation: abort");
  request.headers.push_back(transaction >= 0 ? fmt::format("txn_id: {}", transaction)
                                             : "label: " + label);
  MR_ASSIGN_OR_RETURN(
      const HttpAnswer answer,
      Ask(backends_.hosts.empty() ? &frontends_ : &backends_, std::move(request),
          fmt::format("/api/{}/_stream_load_2pc", EscapeSegment(config_.database))));
  return ParseOperationAnswer(answer);
}

Result<std::string> HttpApi::ErrorLog(const std::string& url) {
  const ErrorLogAccess access = AccessToErrorLog(config_, answered_by_, url);
  if (access == ErrorLogAccess::kNever) {
    return Status::Permanent(
        fmt::format("{}: not fetched, because it is not a URL of the configured "
                    "kind of connection",
                    Excerpt(url)));
  }
  HttpRequest request{.url = ParseUrl(url)->Text(), .follow_redirects = false};
  if (access == ErrorLogAccess::kWithPassword) request.headers.push_back(authorization_);
  MR_ASSIGN_OR_RETURN(HttpAnswer answer, client_.Perform(request));
  if (answer.status != 200) {
    return Status::Transient(fmt::format("{}: HTTP {}", answer.url, answer.status));
  }
  return std::move(answer.body);
}

}  // namespace

ErrorLogAccess AccessToErrorLog(const SinkConfig& config, const std::string& load_url,
                                const std::string& url) {
  const std::optional<Url> parsed = ParseUrl(url);
  if (!parsed) return ErrorLogAccess::kNever;
  if (config.scheme == "https" && parsed->scheme != "https") return ErrorLogAccess::kNever;
  std::vector<std::string> hosts = config.frontends;
  hosts.insert(hosts.end(), config.backends.begin(), config.backends.end());
  if (const std::optional<Url> load = ParseUrl(load_url)) hosts.push_back(load->authority);
  return IsOnHost(*parsed, hosts) ? ErrorLogAccess::kWithPassword
                                  : ErrorLogAccess::kWithoutPassword;
}

std::unique_ptr<StreamLoadApi> MakeHttpApi(const SinkConfig& config) {
  return std::make_unique<HttpApi>(config);
}

}  // namespace millrace::doris
