// Whether a statement calls functions that are none of the server's own: those may write any table.
#pragma once

#include <optional>
#include <string_view>

#include "connectors/mysql/ddl/parser.h"
#include "connectors/mysql/ddl/scanner.h"

namespace millrace::mysql::ddl {

class FunctionCalls final {
 public:
  FunctionCalls(std::string_view text, const Dialect& dialect)
      : text_(text), scanner_(text, dialect) {}

  // Whether there is such a call after byte `begin`. Reads the text to its end.
  bool Find(size_t begin);
  const std::optional<Mistake>& mistake() const { return scanner_.mistake(); }

 private:
  std::string_view text_;
  Scanner scanner_;
};

// Whether it is a function of MySQL or MariaDB, or a reserved word before a parenthesis. `name` in
// capital letters.
bool IsBuiltinFunction(std::string_view name);

}  // namespace millrace::mysql::ddl
