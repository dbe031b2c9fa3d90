// Files with text in them: scripts, compiled plans, the history.
#pragma once

#include <istream>
#include <string>
#include <string_view>

#include "base/status.h"

namespace millrace {

// The whole text without a byte order mark.
Result<std::string> ReadTextFile(const std::string& path);
std::string ReadText(std::istream& in);

// The path of "file:///a/b" or "/a/b".
std::string PathOf(std::string_view address);
bool FileExists(const std::string& path);
// Writes a file that only its owner may read. Permanent error if that fails.
Status WritePrivateFile(const std::string& path, std::string_view content);

}  // namespace millrace
