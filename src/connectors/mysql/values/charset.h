// Text in the character set of a column -> UTF-8, as the server itself converts it. Only the binlog
// needs it; result rows come as UTF-8.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "row/batch.h"

namespace millrace::mysql {

class Charset final {
 public:
  // UTF-8 already: nothing to do.
  Charset() = default;
  // Permanent error for a set that cannot be converted here.
  static Result<Charset> ForName(const std::string& mysql_name);
  // The same question, cheap, and its error.
  static bool IsKnown(std::string_view mysql_name);
  static std::string UnknownText(std::string_view mysql_name);

  // The text as UTF-8: itself, or a converted copy in the arena. What Unicode does not have is
  // '?', as in a result row.
  std::string_view ToUtf8(std::string_view text, Arena* arena) const {
    return converter_ == nullptr ? text : Convert(text, arena);
  }

 private:
  struct Converter;
  std::string_view Convert(std::string_view text, Arena* arena) const;

  // Shared by the copies of the decoder's step that holds it.
  std::shared_ptr<const Converter> converter_;
};

// The most bytes that a character takes; 1 for a set that is not known, and for none.
uint32_t BytesPerCharacter(std::string_view mysql_name);

}  // namespace millrace::mysql
