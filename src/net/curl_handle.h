// What every use of libcurl in this folder shares: set-up, header lists, collecting an answer,
// waiting in short steps, and the words for a failure.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "net/http_client.h"

namespace millrace {

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct CurlMultiDeleter {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
using CurlHandle = std::unique_ptr<CURL, CurlDeleter>;
using CurlHeaders = std::unique_ptr<curl_slist, CurlDeleter>;
using CurlMulti = std::unique_ptr<CURLM, CurlMultiDeleter>;

// Null if libcurl cannot be initialised (once for the process) or memory has run out.
CurlHandle MakeCurlHandle();
CurlMulti MakeCurlMulti();
CurlHeaders MakeCurlHeaders(const std::vector<std::string>& headers);

// Options that all requests have. `answer` and `error` (CURL_ERROR_SIZE bytes) must outlive the
// use.
void SetUpCurl(CURL* handle, const HttpSettings& settings, const std::string& url,
               HttpAnswer* answer, char* error);

// Does what `handle` was set up for. Asks `interrupted` before every wait and at least every
// kInterruptMs; once it returns true the connection is cut: CURLE_ABORTED_BY_CALLBACK.
inline constexpr int kInterruptMs = 100;
CURLcode PerformCurl(CURLM* multi, CURL* handle, const std::function<bool()>& interrupted);

int HttpStatusOf(CURL* handle);  // of the answer so far; 0: none
bool IsStopped(const HttpSettings& settings);

// The failure of a request to `url` in one sentence.
Status CurlFailure(CURLcode code, const std::string& url, const char* error);
Status CurlUnusable();
Status TooManyRedirects(const std::string& url);

}  // namespace millrace
