// Reads lines from a terminal: with editing, history and completion (libedit) where the terminal
// obeys escapes, plainly elsewhere.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cli/completion.h"

namespace millrace {

enum class InputKind : unsigned char {
  kLine,
  kInterrupted,  // a signal: what was typed is thrown away
  kEnd,          // Ctrl-D on an empty line, or the terminal went away
};

// Offers completions for the text of a line before the cursor.
using LineCompleter = std::function<Completion(std::string_view before_cursor)>;

class LineEditor final {
 public:
  explicit LineEditor(LineCompleter completer);
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
  std::string unread_;                // plain: bytes behind the last line
};

}  // namespace millrace
