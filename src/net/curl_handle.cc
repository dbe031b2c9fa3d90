#include "net/curl_handle.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "net/url.h"

namespace millrace {
namespace {

constexpr long kKeepAliveIdleSeconds = 30;
constexpr std::string_view kLocation = "location:";

size_t TakeBody(char* bytes, size_t size, size_t count, void* answer) {
  std::string& body = static_cast<HttpAnswer*>(answer)->body;
  const size_t length = size * count;
  body.append(bytes, std::min(length, kHttpAnswerMax - std::min(kHttpAnswerMax, body.size())));
  return length;
}

size_t TakeHeader(char* bytes, size_t size, size_t count, void* answer) {
  const std::string_view line(bytes, size * count);
  if (line.size() > kLocation.size() &&
      EqualsIgnoreCase(line.substr(0, kLocation.size()), kLocation)) {
    static_cast<HttpAnswer*>(answer)->location = Trim(line.substr(kLocation.size()));
  }
  return line.size();
}

bool InitialiseCurl() {
  static const bool done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return done;
}

}  // namespace

CurlHandle MakeCurlHandle() {
  return InitialiseCurl() ? CurlHandle(curl_easy_init()) : CurlHandle();
}

CurlMulti MakeCurlMulti() { return InitialiseCurl() ? CurlMulti(curl_multi_init()) : CurlMulti(); }

CurlHeaders MakeCurlHeaders(const std::vector<std::string>& headers) {
  CurlHeaders list;
  for (const std::string& header : headers) {
    curl_slist* longer = curl_slist_append(list.get(), header.c_str());
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

void SetUpCurl(CURL* handle, const HttpSettings& settings, const std::string& url,
               HttpAnswer* answer, char* error) {
  curl_easy_reset(handle);
  *error = '\0';
  answer->url = url;
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // the environment's proxy is for other things
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  // A name server that does not answer must not hold up an interrupted request.
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPIDLE, kKeepAliveIdleSeconds);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPINTVL, kKeepAliveIdleSeconds);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(settings.connect_timeout_ms));
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, TakeBody);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, answer);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, TakeHeader);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, answer);
  if (!settings.ca_file.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
  }
  if (!settings.verify_hostname) curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
}

CURLcode PerformCurl(CURLM* multi, CURL* handle, const std::function<bool()>& interrupted) {
  if (curl_multi_add_handle(multi, handle) != CURLM_OK) return CURLE_FAILED_INIT;
  CURLcode code = CURLE_OK;
  for (int running = 1; running > 0;) {
    if (interrupted()) {
      code = CURLE_ABORTED_BY_CALLBACK;
      break;
    }
    if (curl_multi_perform(multi, &running) != CURLM_OK ||
        (running > 0 && curl_multi_poll(multi, nullptr, 0, kInterruptMs, nullptr) != CURLM_OK)) {
      code = CURLE_OUT_OF_MEMORY;
      break;
    }
  }
  int messages_left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &messages_left)) {
    if (message->msg == CURLMSG_DONE && code == CURLE_OK) code = message->data.result;
  }
  curl_multi_remove_handle(multi, handle);
  return code;
}

int HttpStatusOf(CURL* handle) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

bool IsStopped(const HttpSettings& settings) {
  return settings.stop != nullptr && settings.stop->requested();
}

Status CurlFailure(CURLcode code, const std::string& url, const char* error) {
  std::string reason = *error != '\0' ? error : curl_easy_strerror(code);
  std::string text = fmt::format("{}: {}", RedactUrls(url), RedactUrls(reason));
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Status::Permanent(text + "; is this the HTTP port?");
    case CURLE_URL_MALFORMAT:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return Status::Permanent(std::move(text));
    default:
      return Status::Transient(std::move(text));
  }
}

Status CurlUnusable() { return Status::Permanent("libcurl could not be initialised"); }

Status TooManyRedirects(const std::string& url) {
  return Status::Transient(fmt::format("{}: more than {} redirects", url, kHttpHopsMax));
}

}  // namespace millrace
