// The body of a load under --discard.
#pragma once

#include <cstdint>
#include <string_view>

#include "minidoris/backend/body_parser.h"

namespace millrace::minidoris {

// Counts the lines and keeps none. An unfinished last line counts.
class LineCounter final : public BodyParser {
 public:
  // Adds to `*lines`, which must outlive the counter.
  explicit LineCounter(int64_t* lines) : lines_(*lines) {}
  void Feed(std::string_view piece) override;
  void Finish() override { lines_ += open_ ? 1 : 0; }

 private:
  int64_t& lines_;
  bool open_ = false;
};

}  // namespace millrace::minidoris
