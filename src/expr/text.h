// Functions over UTF-8 text. Results are views into their arguments or into the arena.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "row/batch.h"

namespace millrace {

// Puts texts together with a separator between them.
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

// The character that starts at text[at].
uint32_t CodePointAt(std::string_view text, size_t at);
void AppendCodePoint(uint32_t code, std::string* out);
// SQL LIKE over code points; `escape` is empty or one character.
bool Like(std::string_view text, std::string_view pattern, std::string_view escape);
std::string_view ChangeCase(std::string_view text, bool upper, Arena* arena);
std::string_view TrimText(std::string_view text, std::string_view set, bool front, bool back);
// 1-based; 0 is 1; negative counts from the end.
std::string_view Substring(std::string_view text, int64_t start, int64_t length);
int64_t CountCharacters(std::string_view text);
std::string_view ReplaceText(std::string_view text, std::string_view from, std::string_view to,
                             Arena* arena);

}  // namespace millrace
