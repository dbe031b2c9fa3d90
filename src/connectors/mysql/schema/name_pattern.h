// Names of databases and tables as 'database-name' and 'table-name' describe them.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/regex.h"

namespace millrace::mysql {

// A filter of names: a list of regular expressions separated by commas (outside of brackets and
// braces; \, is a comma), any of which may match the whole name, without regard to case.
class NamePattern final {
 public:
  explicit NamePattern(std::string_view text);
  bool Matches(const std::string& name) const;
  const std::string& text() const { return text_; }  // as the user wrote it

  static std::vector<std::string> SplitAlternatives(std::string_view text);

 private:
  std::string text_;
  // A Regex keeps the state of its latest match: one thread at a time.
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  mutable std::vector<Regex> alternatives_;
};

}  // namespace millrace::mysql
