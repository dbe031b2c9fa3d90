// The body of a load, piece by piece, to records: CSV and JSON, as Doris's manual page "Data
// format" and the CSV and JSON readers of its backend read them.
#pragma once

#include <memory>
#include <string_view>

#include "minidoris/backend/row_builder.h"

namespace millrace::minidoris {

class BodyParser {
 public:
  virtual ~BodyParser() = default;
  virtual void Feed(std::string_view piece) = 0;  // records may be split anywhere
  virtual void Finish() = 0;                      // the body is complete
};

// The parser for the format of the plan. Plan and builder must outlive it.
std::unique_ptr<BodyParser> MakeBodyParser(const LoadPlan* plan, RowBuilder* rows);

}  // namespace millrace::minidoris
