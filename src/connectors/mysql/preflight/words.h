// Words, names in quotes and single characters of what a server prints: GRANT, CREATE TABLE.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace::mysql {

struct Word {
  std::string text;
  bool is_name = false;  // it was in quotes

  // Without quotes, in any case.
  bool Is(std::string_view keyword) const;
};

class Words final {
 public:
  // The line must outlive this.
  explicit Words(std::string_view line) : rest_(line) {}
  // Nothing at the end.
  std::optional<Word> Next();

 private:
  Word Name(char quote);

  std::string_view rest_;
};

}  // namespace millrace::mysql
