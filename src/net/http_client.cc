#include "net/http_client.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "net/curl_handle.h"

namespace millrace {

struct HttpClient::Handles {
  CurlMulti multi = MakeCurlMulti();  // before the handle that may still be in it: ends after it
  CurlHandle curl = MakeCurlHandle();
};

HttpClient::HttpClient(HttpSettings settings)
    : settings_(std::move(settings)), handles_(std::make_unique<Handles>()) {}
HttpClient::~HttpClient() = default;

Result<HttpAnswer> HttpClient::PerformOnce(const HttpRequest& request, const Url& url) {
  CURL* curl = handles_->curl.get();
  if (curl == nullptr || handles_->multi == nullptr) return CurlUnusable();
  HttpAnswer answer;
  char error[CURL_ERROR_SIZE];
  SetUpCurl(curl, settings_, url.Text(), &answer, error);
  std::vector<std::string> lines = request.headers;
  const bool has_body = request.method != "GET";
  if (has_body) lines.emplace_back("Expect:");  // a short body needs no permission
  const CurlHeaders headers = MakeCurlHeaders(lines);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(settings_.connect_timeout_ms + settings_.answer_timeout_ms));
  if (has_body) {
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
  }
  const int64_t start_ms = SystemClock().NowMs();
  const CURLcode code = PerformCurl(handles_->multi.get(), curl, [&] {
    if (settings_.on_wait) settings_.on_wait(url.authority, SystemClock().NowMs() - start_ms);
    return IsStopped(settings_);
  });
  answer.status = HttpStatusOf(curl);
  curl_easy_reset(curl);  // it points to things that end with this call
  if (code != CURLE_OK) {
    return IsStopped(settings_) ? Status::Cancelled() : CurlFailure(code, answer.url, error);
  }
  return answer;
}

Result<HttpAnswer> HttpClient::Perform(const HttpRequest& request) {
  std::optional<Url> url = ParseUrl(request.url);
  if (!url) return Status::Permanent("not an HTTP URL: " + RedactUrls(request.url));
  for (int hop = 0; hop < kHttpHopsMax; ++hop) {
    MR_ASSIGN_OR_RETURN(HttpAnswer answer, PerformOnce(request, *url));
    if (!request.follow_redirects || !IsRedirect(answer.status)) return answer;
    MR_ASSIGN_OR_RETURN(url, FollowRedirect(*url, answer.location, settings_.redirects));
  }
  return TooManyRedirects(request.url);
}

}  // namespace millrace
