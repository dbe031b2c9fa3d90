// The JSON with which the backend answers a stream load.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "minidoris/store/load_transaction.h"

namespace millrace::minidoris {

struct LoadResult {
  int64_t transaction = -1;
  std::string label;
  std::string comment;
  bool two_phase = false;
  std::string_view status;          // "Success", "Fail", "Label Already Exists", "Publish Timeout"
  std::string existing_job_status;  // of a label conflict, else empty
  std::string_view message;
  LoadCounts counts;
  int64_t load_ms = 0;
  int64_t begin_ms = 0;     // until the transaction had begun
  int64_t body_ms = 0;      // from then on
  std::string error_url;    // empty: no row was filtered
  std::string first_error;  // shown with error_url
};

// The object as Doris prints it: its members in its order, with four blanks of indentation.
std::string LoadResultText(const LoadResult& result);

}  // namespace millrace::minidoris
