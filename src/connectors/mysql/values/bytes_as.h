// How columns of bytes (BINARY, VARBINARY, the BLOBs, BIT) are read that are declared as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "connectors/options.h"
#include "row/batch.h"

namespace millrace::mysql {

inline constexpr std::string_view kBytesAsOption = "bytes-as";
// Flink CDC's name for it: 'bytes' is none of the others, and hex is in small letters.
inline constexpr std::string_view kBinaryModeOption = "debezium.binary.handling.mode";

enum class BytesAs : uint8_t {
  kBytes,  // not at all: such a column must be declared as BYTES
  kText,   // they must be UTF-8
  kHex,
  kSmallHex,
  kBase64,
};

// What the options say; kBytes without any (tests).
BytesAs ReadBytesAs(const Options* options);

// In memory of the arena; `bytes` itself if they are text. Nothing for what is not UTF-8, and for
// kBytes.
std::optional<std::string_view> TextOfBytes(std::string_view bytes, BytesAs form, Arena* arena);

}  // namespace millrace::mysql
