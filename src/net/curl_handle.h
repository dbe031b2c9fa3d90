// What every use of libcurl in this room shares: set-up, header lists, collecting an answer, and
// the words for a failure.
#pragma once

#include <curl/curl.h>

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
using CurlHandle = std::unique_ptr<CURL, CurlDeleter>;
using CurlHeaders = std::unique_ptr<curl_slist, CurlDeleter>;

// Initialises libcurl once for the process.
CurlHandle MakeCurlHandle();
CurlHeaders MakeCurlHeaders(const std::vector<std::string>& headers);

// Options that all requests have. `answer` and `error` (CURL_ERROR_SIZE bytes) must outlive the
// use.
void SetUpCurl(CURL* handle, const HttpSettings& settings, const std::string& url,
               HttpAnswer* answer, char* error);

// The failure of a request to `url` in one sentence.
Status CurlFailure(CURLcode code, const std::string& url, const char* error);

}  // namespace millrace
