// Results on their way to the screen or into a program: small ones that the session gives, and the
// rows of a SELECT. `tableau` is what Flink's client prints: bounded results with widths from their
// content, streams with an op column and widths from their types.
#pragma once

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "engine/cursor.h"
#include "plan/result_table.h"
#include "plan/settings.h"

namespace millrace {

enum class ResultLayout : unsigned char { kTableau, kVertical, kCsv, kJson };

struct ResultStyle {
  ResultLayout layout = ResultLayout::kTableau;
  size_t text_width = 30;  // where text in a SELECT is cut
  bool op_column = false;  // every row says what kind of change it is
  bool print_time = false;
};
// What the settings ask for; op_column is left to the caller.
ResultStyle StyleFrom(const Settings& settings);

// Prints a result that the session itself gave. Empty ones print "Empty set".
void PrintTable(const ResultTable& table, const ResultStyle& style, int64_t elapsed_ms,
                std::FILE* out);

// " (1.23 seconds)", or nothing if the style does not want it.
std::string TimeCost(const ResultStyle& style, int64_t elapsed_ms);

// The columns of a SELECT's result, and how instants in them are shown.
struct ResultColumns {
  ResultColumns(const Schema& schema, const std::string& time_zone)
      : columns(schema.columns), zone(TimeZone::Parse(time_zone).value_or(TimeZone())) {}

  // Of each column where widths are fixed before any row is there.
  std::vector<size_t> Widths(size_t text_width) const;
  std::vector<std::string> Names() const;

  std::vector<Column> columns;
  TimeZone zone;
};

// Prints the rows of a SELECT. Bounded results in tableau are kept, up to a limit, and printed at
// the end; everything else is printed as it comes.
class ResultPrinter final {
 public:
  ResultPrinter(const ResultColumns& columns, const ResultStyle& style, std::FILE* out);

  void Begin();
  // Permanent error if there are more rows than can be kept, or the output was closed.
  Status Print(const Page& page);
  // The foot of the result.
  void Finish(int64_t elapsed_ms);

 private:
  bool keeps_rows() const { return style_.layout == ResultLayout::kTableau && !style_.op_column; }
  std::string RowText(const Cell* row, RowKind kind) const;

  const ResultColumns columns_;
  const ResultStyle style_;
  std::FILE* const out_;
  std::vector<std::string> headings_;  // with the op column
  std::vector<size_t> widths_;
  ResultTable kept_;
  int64_t rows_ = 0;
};

}  // namespace millrace
