// What a checkpoint remembers of the sink: the transactions that are safe but not visible, and the
// numbers from which the next labels follow. Readable JSON, without secrets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace millrace::doris {

struct Transaction {
  std::string database;
  std::string label;
  int64_t id = -1;
  int64_t rows = 0;
  int64_t bytes = 0;

  bool operator==(const Transaction&) const = default;
};

struct Token {
  uint64_t incarnation = 1;
  uint64_t sequence = 0;  // of the last loads in it
  int lanes = 0;
  std::vector<Transaction> transactions;  // in the order in which they must be committed

  bool operator==(const Token&) const = default;
};

std::string ToText(const Token& token);
Result<Token> ParseToken(std::string_view text);  // of "": the token before all others

}  // namespace millrace::doris
