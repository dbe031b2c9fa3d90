// MySQL's binary JSON, as it stands in row images, back to the text the server itself prints: ", "
// and
// ": " between, keys in stored order.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace millrace::mysql {

// Appends the text; false if the bytes are not a JSON value. Empty bytes are the JSON null.
bool AppendJsonText(std::span<const uint8_t> bytes, std::string* out);

}  // namespace millrace::mysql
