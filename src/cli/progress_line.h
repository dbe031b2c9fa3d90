// The line at the foot of a terminal that shows how the jobs are doing. Whatever else is written
// there begins with kEraseLine, so that nothing of the line remains.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "runtime/coordinator.h"

namespace millrace {

inline constexpr std::string_view kEraseLine = "\r\033[K";

// Facts of one job: in the snapshot tables, rows, rows/s and time left; then position, lag, rows/s
// and the latest checkpoint.
std::string ProgressText(const JobProgress& progress, int64_t rows_per_second, int64_t wall_ms);

// "1,234,567"
std::string Grouped(int64_t number);

// Rates of several jobs from what was seen at earlier looks.
class RowRates final {
 public:
  // Rows per second of a job, smoothed over the last looks.
  int64_t Look(const std::string& job, int64_t rows, int64_t now_ms);

 private:
  struct Rate {
    int64_t rows = 0;
    int64_t at_ms = 0;
    double per_second = -1;
  };
  std::map<std::string, Rate> rates_;
};

// As many characters of `text` as fit into `columns` of a terminal.
std::string Shortened(const std::string& text, size_t columns);

}  // namespace millrace
