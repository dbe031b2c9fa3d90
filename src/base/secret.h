// Passwords and other secrets in SQL text: which keys name one, and where their values stand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace millrace {

// True if the value under `key` must never be shown, by its name: "password", "x.auth-token", ...
bool IsSecretKey(std::string_view key);

// Where secret values stand in SQL text, without their quotes, in order: those of 'key' = 'value'
// and key = value whose key is secret, and the password in "scheme://user:password@host". Works on
// raw bytes, so that text that does not parse, or has a quote too few, shows none of them either.
std::vector<Span> FindSecrets(std::string_view sql);

// `message` with *** in place of every one of the `secrets` of `sql` that it repeats.
std::string WithoutSecrets(std::string message, std::string_view sql,
                           const std::vector<Span>& secrets);

}  // namespace millrace
