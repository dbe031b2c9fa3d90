// One load transaction as it is remembered.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace millrace::minidoris {

// The numbers are kept in files: never renumber.
enum class TransactionState : uint8_t {
  kPrepare = 0,
  kPrecommitted = 1,
  kCommitted = 2,
  kVisible = 3,
  kAborted = 4,
};

std::string_view StateText(TransactionState state);  // upper case

struct LoadCounts {
  int64_t total = 0;
  int64_t loaded = 0;
  int64_t filtered = 0;
  int64_t bytes = 0;
};

struct LoadTransaction {  // times are wall ms, 0 if not reached
  int64_t id = 0;
  std::string database;
  std::string table;
  int64_t table_id = 0;
  std::string label;
  TransactionState state = TransactionState::kPrepare;
  bool two_phase = false;
  int64_t prepare_ms = 0;
  int64_t precommit_ms = 0;
  int64_t commit_ms = 0;
  int64_t finish_ms = 0;
  int64_t timeout_ms = 0;
  std::string reason;  // of an abort
  LoadCounts counts;
  std::string client_ip;
  std::string user;
  std::string comment;
  std::string error_url;
};

}  // namespace millrace::minidoris
