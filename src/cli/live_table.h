// A stream shown as the table it adds up to, drawn again about once a second on a terminal. Rows
// that changes take back are found by their text, as Flink's client does; only the newest rows are
// kept.
#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cli/result_table.h"

namespace millrace {

class LiveTable final {
 public:
  // At most `rows_max` rows are kept. `clock` must outlive the table.
  LiveTable(const ResultColumns& columns, const ResultStyle& style, size_t rows_max, Clock* clock,
            std::FILE* out);

  void Begin();
  // Takes in the changes of a page.
  Status Print(const Page& page);
  // Draws, if something changed and it is time to.
  void Tick();
  // The last picture, and the line below it.
  void Finish(int64_t elapsed_ms);

 private:
  void Apply(RowKind kind, std::string line);
  void Draw(const std::string& footer);

  const ResultColumns columns_;
  const ResultStyle style_;
  const size_t rows_max_;
  Clock& clock_;
  std::FILE* const out_;
  const std::vector<std::string> headings_;
  const std::vector<size_t> widths_;
  std::deque<std::string> lines_;  // as drawn, oldest first
  int64_t changes_ = 0;
  bool drawn_ = true;
  int64_t drawn_ms_ = 0;
};

}  // namespace millrace
