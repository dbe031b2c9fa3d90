// Operations on UTF-8 strings, whose positions and lengths count code points. Results are views
// into the arguments or into the arena.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "row/batch.h"

namespace millrace {

// Concatenates strings in an arena, with a separator between them.
class Joiner final {
 public:
  Joiner(Arena* arena, std::string_view separator) : arena_(arena), separator_(separator) {}
  void Add(std::string_view text);
  std::string_view Finish() const { return {begin_, size_}; }

 private:
  void Append(std::string_view text);

  Arena* arena_;
  std::string_view separator_;
  char* begin_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
  bool first_ = true;
};

// SQL LIKE over code points; `escape` is empty or one character.
bool Like(std::string_view text, std::string_view pattern, std::string_view escape);
// To upper or lower case, character by character.
std::string_view ChangeCase(std::string_view text, bool upper, Arena* arena);
// Without characters of `set` at the front, the back, or both.
std::string_view TrimText(std::string_view text, std::string_view set, bool front, bool back);
// `length` characters from `start` on: 1 is the first one, as is 0, and -1 the last one.
std::string_view Substring(std::string_view text, int64_t start, int64_t length);
int64_t CountCharacters(std::string_view text);
// Every occurrence of `from` replaced by `to`.
std::string_view ReplaceText(std::string_view text, std::string_view from, std::string_view to,
                             Arena* arena);
// Bytes that are not UTF-8 become U+FFFD, as in Java.
std::string_view ValidUtf8(std::string_view bytes, Arena* arena);

}  // namespace millrace
