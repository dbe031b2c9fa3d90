#include "net/http_client.h"

#include <fmt/format.h>

#include "net/curl_handle.h"
#include "net/url.h"

namespace millrace {

struct HttpClient::Handle {
  CurlHandle curl = MakeCurlHandle();
};

HttpClient::HttpClient(HttpSettings settings)
    : settings_(std::move(settings)), handle_(std::make_unique<Handle>()) {}
HttpClient::~HttpClient() = default;

bool IsRedirect(int http_status) {
  return http_status == 301 || http_status == 302 || http_status == 307 || http_status == 308;
}

Result<HttpAnswer> HttpClient::PerformOnce(const HttpRequest& request, const std::string& url) {
  CURL* curl = handle_->curl.get();
  if (curl == nullptr) return Status::Permanent("libcurl does not work on this machine");
  HttpAnswer answer;
  char error[CURL_ERROR_SIZE];
  SetUpCurl(curl, settings_, url, &answer, error);
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
  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK) return CurlFailure(code, url, error);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

Result<HttpAnswer> HttpClient::Perform(const HttpRequest& request) {
  std::string url = request.url;
  for (int hop = 0; hop < kHttpHopsMax; ++hop) {
    MR_ASSIGN_OR_RETURN(HttpAnswer answer, PerformOnce(request, url));
    if (!request.follow_redirects || !IsRedirect(answer.status)) return answer;
    const std::optional<Url> next = ParseUrl(answer.location);
    if (!next) {
      return Status::Transient(
          fmt::format("{}: redirected to nowhere ({})", url, RedactUrls(answer.location)));
    }
    url = next->Text();
  }
  return Status::Transient(fmt::format("{}: more than {} redirects", request.url, kHttpHopsMax));
}

}  // namespace millrace
