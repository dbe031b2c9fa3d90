// What the user wrote and why it was not accepted: a place in the text, one sentence, maybe a hint.
// Diagnostics are collected, not thrown, and drawn in exactly one place, Render. Until then places
// are byte offsets.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

// Half-open range of bytes in the text of one script. {0, 0} where no place is known.
struct Span {
  size_t begin = 0;
  size_t end = 0;
  bool operator==(const Span&) const = default;
};

enum class Severity : unsigned char { kError, kWarning };

struct Diagnostic {
  Span span;
  std::string message;  // lower case, no full stop, names quoted with "
  std::string hint;     // a sentence that can be acted on, or empty
  Severity severity = Severity::kError;
};

using Diagnostics = std::vector<Diagnostic>;

// True if one of them is an error.
bool HasErrors(const Diagnostics& diagnostics);

// Line and column (both from 1; columns count code points) of a byte offset in `text`.
struct LineColumn {
  size_t line;
  size_t column;
};
LineColumn Locate(std::string_view text, size_t offset);

// orders.sql:14:13: error: table "ordrs" is not defined
// INSERT INTO ordrs SELECT id, amount FROM mysql_orders;
//             ^^^^^
// hint: Did you mean "orders"?
//
// Ends with a line feed. Carets stay under their characters where wide characters and tabs stand
// before them; long lines are cut around the place. With `color`, ANSI escapes are added.
std::string Render(const Diagnostic& diagnostic, std::string_view file, std::string_view text,
                   bool color = false);

// {"file","line","column","end_line","end_column","severity","message","hint"} as one JSON line.
std::string RenderJson(const Diagnostic& diagnostic, std::string_view file, std::string_view text);

}  // namespace millrace
