// Text in the character set of a column -> UTF-8. Only the binlog needs it; result rows come as
// UTF-8.
#pragma once

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
  // Permanent error for a set that the system cannot convert.
  static Result<Charset> ForName(const std::string& mysql_name);

  // The text as UTF-8: itself, or a converted copy in the arena. Nothing if it is not valid text.
  bool ToUtf8(std::string_view text, Arena* arena, std::string_view* out) const;

 private:
  struct Converter;
  std::shared_ptr<Converter> converter_;  // shared by copies of the step that holds it
};

}  // namespace millrace::mysql
