// One character of a set, as a part of a PCRE2 pattern: what java.util.regex writes in brackets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

class CharacterSet final {
 public:
  // Inside of PCRE2's brackets: "a-z", "\\d", "\\p{Lu}".
  explicit CharacterSet(std::string items = "") : items_(std::move(items)) {}
  // One of Java's names in \p{...}, matched without regard to case or not; nothing for an unknown
  // one.
  static std::optional<CharacterSet> Named(std::string_view name, bool ignore_case);

  void AddItems(std::string_view items) { items_ += items; }
  // Characters of a range; of ASCII letters both cases if `ignore_case`.
  void AddRange(uint32_t first, uint32_t last, bool ignore_case);
  void Add(const CharacterSet& other);        // what is in one of both
  void Intersect(const CharacterSet& other);  // what is in both
  void Negate() { negated_ = !negated_; }

  std::string ToPattern() const;

 private:
  std::string items_;
  std::vector<std::string> others_;  // patterns of one character each
  bool negated_ = false;
};

// A character as it is written in a pattern of PCRE2, also in brackets.
void AppendLiteral(uint32_t code, std::string* out);

}  // namespace millrace
