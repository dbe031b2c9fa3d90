// Which redirects are followed: the one place that decides it. A request carries a password, so it
// goes on only over as safe a connection as it began on, and only to a host its sender meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "net/url.h"

namespace millrace {

struct RedirectPolicy {
  std::vector<std::string> hosts = {};  // "host:port" where requests may go; empty: anywhere
};

// The answers whose Location is to be followed.
bool IsRedirect(int http_status);

// Pure. Where the request to `from` goes on after an answer with `location`. Permanent if that is
// refused: from https to http, or to a host outside of the policy. Transient if `location` is not
// an absolute URL. No message shows the user-info of `location`.
Result<Url> FollowRedirect(const Url& from, std::string_view location,
                           const RedirectPolicy& policy);

// Whether `url` is on one of `hosts` ("host:port"). Case does not count, and a port that is left
// out is that of the URL's scheme.
bool IsOnHost(const Url& url, const std::vector<std::string>& hosts);

}  // namespace millrace
