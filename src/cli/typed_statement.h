// A statement as far as it is typed: the words before the cursor, and the one that is being typed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/words.h"

namespace millrace {

class TypedStatement final {
 public:
  // `text` is everything before the cursor and must outlive it.
  explicit TypedStatement(std::string_view text);

  std::string_view text() const { return text_; }
  // Complete words; the one that is being typed is not among them.
  const std::vector<Word>& words() const { return words_; }
  // What is typed of the last word, without its quote; empty after a blank or a symbol.
  std::string_view prefix() const { return prefix_; }
  // The quote that the last word began with, ' or `; 0: none.
  char quote() const { return quote_; }

  // The complete word at that distance before the cursor (0: the nearest) is this symbol or word.
  bool Before(size_t distance, char symbol) const;
  bool Before(size_t distance, std::string_view upper) const;
  // Its text; empty if there is none.
  std::string At(size_t distance) const;
  bool StartsWith(std::string_view upper) const;
  bool IsSettingStatement() const { return StartsWith("SET") || StartsWith("RESET"); }

  // The value of 'connector' = '...'; empty: not yet written.
  std::string ConnectorName() const;
  // The one of `tables` that `name` is, or is an alias of ("orders o", "orders AS o"); else `name`.
  std::string TableOf(const std::string& name, const std::vector<std::string>& tables) const;

 private:
  const Word* WordBefore(size_t distance) const;

  std::string_view text_;
  std::vector<Word> words_;
  std::string_view prefix_;
  char quote_ = '\0';
};

}  // namespace millrace
