// Says once for each declared column of a source that its zero dates are read as NULL.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"

namespace millrace::mysql {

// Thread-safe; no lock, since a column may have nothing but zero dates.
class ZeroDates final {
 public:
  // `source`: the name of its table. `slots`: of a row that are read from columns.
  ZeroDates(Log* log, std::string source, size_t slots)
      : log_(log),
        source_(std::move(source)),
        slots_(slots),
        noted_(std::make_unique<std::atomic<bool>[]>(slots)) {}

  // `column`: database, table and column, for the message.
  void Note(uint32_t slot, std::string_view column) {
    if (slot >= slots_ || noted_[slot].load(std::memory_order_relaxed)) return;
    if (noted_[slot].exchange(true)) return;
    log_->Warning(
        "{}: column {} has zero dates ('0000-00-00'), which are read as NULL, as in every table "
        "that is read into this column; declare it as STRING to keep them",
        source_, column);
  }

 private:
  Log* const log_;
  const std::string source_;
  const size_t slots_;
  const std::unique_ptr<std::atomic<bool>[]> noted_;  // by slot
};

}  // namespace millrace::mysql
