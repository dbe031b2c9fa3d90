// The statements of the query port.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "minidoris/query/statement_context.h"

namespace millrace::minidoris {

// Recognises a statement and runs it. One per connection, used by one thread.
class QueryEngine final {
 public:
  QueryEngine(Instance* instance, uint32_t connection, std::string user)
      : context_(instance, connection, std::move(user)) {}

  // Answers one statement, exactly once.
  void Run(std::string_view sql, ResultWriter* out);
  // False if there is no such database; the current one stays.
  bool UseDatabase(const std::string& database) { return context_.UseDatabase(database); }

 private:
  StatementContext context_;
  int64_t inserts_ = 0;  // so far, for their labels
};

}  // namespace millrace::minidoris
