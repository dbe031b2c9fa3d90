// The little we need to know about URLs: taking them apart, dropping user names and passwords from
// them (a Doris frontend puts both into its redirects), and escaping a path segment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace {

struct Url {
  std::string scheme;     // "http" or "https"
  std::string authority;  // "host:port", without user-info
  std::string target;     // "/path?query", never empty

  std::string Text() const { return scheme + "://" + authority + target; }
};

// Nothing if it is not an absolute http or https URL. User-info is dropped.
std::optional<Url> ParseUrl(std::string_view text);

// `text` with the user-info of every URL in it replaced by ***.
std::string RedactUrls(std::string_view text);

// One segment of a path or one value of a query, percent-encoded where needed.
std::string EscapeSegment(std::string_view segment);

// "Basic ..." for an Authorization header.
std::string BasicAuthorization(std::string_view user, std::string_view password);

}  // namespace millrace
