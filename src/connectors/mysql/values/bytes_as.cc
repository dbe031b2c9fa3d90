#include "connectors/mysql/values/bytes_as.h"

#include <string>

#include "base/ascii.h"
#include "base/encode.h"
#include "base/utf8.h"

namespace millrace::mysql {

BytesAs ReadBytesAs(const Options* options) {
  if (options == nullptr) return BytesAs::kBytes;
  if (options->Given(kBytesAsOption)) {
    const std::string chosen = ToLower(options->Text(kBytesAsOption));
    return chosen == "text" ? BytesAs::kText : chosen == "hex" ? BytesAs::kHex : BytesAs::kBase64;
  }
  if (!options->Given(kBinaryModeOption)) return BytesAs::kBytes;
  const std::string mode = ToLower(options->Text(kBinaryModeOption));
  return mode == "hex" ? BytesAs::kSmallHex : mode == "base64" ? BytesAs::kBase64 : BytesAs::kBytes;
}

std::optional<std::string_view> TextOfBytes(std::string_view bytes, BytesAs form, Arena* arena) {
  switch (form) {
    case BytesAs::kBytes:
      return std::nullopt;
    case BytesAs::kText:
      return IsUtf8(bytes) ? std::optional(bytes) : std::nullopt;
    case BytesAs::kHex:
    case BytesAs::kSmallHex: {
      const size_t size = 2 * bytes.size();
      char* const text = arena->Allocate(size);
      WriteHex(bytes, form == BytesAs::kHex ? kUpperHexDigits : kHexDigits, text);
      return std::string_view(text, size);
    }
    case BytesAs::kBase64: {
      const size_t size = Base64Size(bytes.size());
      char* const text = arena->Allocate(size);
      WriteBase64(bytes, text);
      return std::string_view(text, size);
    }
  }
  return std::nullopt;
}

}  // namespace millrace::mysql
