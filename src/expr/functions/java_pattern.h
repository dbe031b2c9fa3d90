// Regular expressions of java.util.regex in the language of PCRE2, which shares most of them: what
// means something else there is written in another way, and what cannot be is refused.
#pragma once

#include <string>
#include <string_view>

namespace millrace {

struct JavaPattern {
  enum class Kind : unsigned char {
    kValid,         // `pattern` means the same to PCRE2, or is as invalid there
    kInvalid,       // Java refuses it
    kNotSupported,  // `problem` says why
  };
  Kind kind = Kind::kValid;
  std::string pattern;
  std::string problem;
  // It begins with \G: a match must begin where the one before ended.
  bool continues = false;
};

JavaPattern TranslateJavaPattern(std::string_view pattern);

}  // namespace millrace
