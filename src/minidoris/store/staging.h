// Rows of loads that are not committed yet, in a file of their own so that a long commit does not
// hold up a load.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "minidoris/store/sqlite.h"

namespace millrace::minidoris {

// Any thread. Rows are in the form of row_code.h and keep the order in which they were added.
class Staging final {
 public:
  static Result<std::unique_ptr<Staging>> Open(const std::string& path);

  Status Add(int64_t transaction, std::string_view rows);
  Status Drop(int64_t transaction);
  Result<std::vector<int64_t>> Transactions();  // those that have rows
  // Calls `take` for the rows of the transaction, piece by piece, until it fails. Reads through a
  // connection of its own, so that Add need not wait.
  Status Read(int64_t transaction, const std::function<Status(std::string_view rows)>& take) const;

 private:
  Staging(std::string path, Sqlite sqlite) : path_(std::move(path)), sqlite_(std::move(sqlite)) {}

  const std::string path_;
  std::mutex mutex_;
  Sqlite sqlite_;  // mutex_
};

}  // namespace millrace::minidoris
