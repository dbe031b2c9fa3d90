// Members of Doris's JSON, which writes numbers as text and text as numbers from version to
// version.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"

namespace millrace::doris {

// The text of a member; of anything that is not text, its JSON; empty if there is none or it is
// null.
std::string TextOf(const Json& object, std::string_view name);
// A whole number, also one in quotes; else `fallback`.
int64_t NumberOf(const Json& object, std::string_view name, int64_t fallback);

}  // namespace millrace::doris
