// Regular expressions over UTF-8, by PCRE2. What a match may cost is limited, so that none hangs.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace millrace {

// A compiled pattern and the state of its latest match; used by one thread at a time.
class Regex final {
 public:
  enum class Match : unsigned char { kPart, kWhole };  // what of a text it has to match
  enum class Case : unsigned char { kSensitive, kIgnored };

  // Why a pattern is none: it breaks the rules, or it is beyond what this library can do, such as
  // (?<=a+).
  enum class Problem : unsigned char { kInvalid, kNotSupported };

  // Nothing if the pattern is not one.
  static std::optional<Regex> Compile(std::string_view pattern, Match match = Match::kPart,
                                      Case letters = Case::kSensitive, Problem* problem = nullptr);

  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  // Searches `text` from byte `from` on. The groups below are then those of this match, valid while
  // `text` is. An error if the pattern needs more steps than the limit.
  Result<bool> Find(std::string_view text, size_t from = 0);
  size_t groups() const;  // of the pattern; 0 is the whole match
  std::optional<std::string_view> Group(size_t index) const;  // nothing: it took no part
  size_t begin() const;                                       // byte offsets of the whole match
  size_t end() const;

 private:
  struct State;
  explicit Regex(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace millrace
