#include "expr/functions/similar_pattern.h"

#include "base/ascii.h"
#include "base/utf8.h"

namespace millrace {

std::optional<std::string> SimilarToRegex(std::string_view pattern, std::string_view escape) {
  if (!escape.empty() && Utf8Length(escape, 0) != escape.size()) return std::nullopt;
  constexpr std::string_view kQuoted = ".^$\\";  // ordinary characters in SIMILAR TO
  constexpr std::string_view kAll = ".^$\\|*+?{}()[]%_-";
  std::string regex;
  bool in_class = false;
  for (size_t at = 0; at < pattern.size();) {
    const std::string_view character = pattern.substr(at, Utf8Length(pattern, at));
    at += character.size();
    if (!escape.empty() && character == escape) {
      if (at >= pattern.size()) return std::nullopt;
      const std::string_view next = pattern.substr(at, Utf8Length(pattern, at));
      at += next.size();
      if (next.size() == 1 && kAll.find(next) != kAll.npos) regex += '\\';
      regex += next;
    } else if (in_class) {
      if (character == "]") in_class = false;
      if (character == "\\") regex += '\\';
      const size_t class_end = character == "[" ? pattern.find(":]", at) : pattern.npos;
      if (class_end != pattern.npos && pattern.substr(at).starts_with(':')) {
        regex += "[" + ToLower(pattern.substr(at, class_end + 2 - at));  // [:ALPHA:]
        at = class_end + 2;
        continue;
      }
      if (character == "[") regex += '\\';
      regex += character;
    } else if (character == "%") {
      regex += ".*";
    } else if (character == "_") {
      regex += '.';
    } else {
      if (character.size() == 1 && kQuoted.find(character) != kQuoted.npos) regex += '\\';
      if (character == "[") in_class = true;
      regex += character;
    }
  }
  return regex;
}

}  // namespace millrace
