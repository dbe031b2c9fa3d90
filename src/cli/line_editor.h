// Reads lines from a terminal: with editing, history and completion (libedit) where the terminal
// obeys escapes, plainly elsewhere.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cli/completion.h"

namespace millrace {

enum class InputKind : unsigned char {
  kLine,
  kInterrupted,  // a signal: what was typed is dropped
  kEnd,          // Ctrl-D on an empty line, or the terminal is gone
};

// Offers completions for the text of a line before the cursor.
using LineCompleter = std::function<Completion(std::string_view before_cursor)>;

class LineEditor final {
 public:
  // `background_lines` counts what others have written to the terminal; when it changes, the prompt
  // and what is typed are drawn again below.
  LineEditor(LineCompleter completer, std::function<uint64_t()> background_lines);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  // The next line without its line feed. `prompt` is shown in `color` (an ANSI escape, or empty).
  InputKind Read(const std::string& prompt, std::string_view color, std::string* line);
  // Adds to what Up recalls; may have several lines.
  void Remember(const std::string& entry);

 private:
  class Editing;

  std::unique_ptr<Editing> editing_;  // null: plain
  std::string unread_;                // plain: bytes after the last line
};

}  // namespace millrace
