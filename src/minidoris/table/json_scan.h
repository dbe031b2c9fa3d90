// Just enough JSON to read the lines of a load without building trees. It is not base/json.h
// because a load keeps what a tree loses: numbers and nested values are stored byte by byte, in an
// object with a key given twice the first one counts, and an unpaired surrogate is U+FFFD.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace::minidoris {

// A cursor over one JSON text. After a failure everything else fails too.
class JsonScanner final {
 public:
  explicit JsonScanner(std::string_view text) : text_(text) {}

  bool ok() const { return ok_; }
  void SkipBlanks();
  bool AtEnd();         // only blanks are left
  char Peek();          // next byte that is not blank, '\0' at the end
  bool Accept(char c);  // steps over `c` if it is next
  bool Expect(char c);  // fails if it is not

  // A string, unescaped: a view into the text if it has no escapes, else into *scratch.
  std::string_view String(std::string* scratch);
  // Any value: steps over it and returns its text.
  std::string_view RawValue();
  bool AcceptWord(std::string_view word);  // null, true, false
  std::string_view Number();               // its digits as written

 private:
  std::string_view RawString();  // with its quotes
  void Unescape(std::string_view body, std::string* out);
  void SkipValue(int depth);
  void SkipObject(int depth);
  void SkipArray(int depth);
  void SkipNumber();
  void SkipWord(std::string_view word);

  const std::string_view text_;
  size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace millrace::minidoris
