// CSV bodies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "minidoris/backend/body_parser.h"
#include "minidoris/backend/line_cutter.h"

namespace millrace::minidoris {

class CsvParser final : public BodyParser {
 public:
  CsvParser(const LoadPlan* plan, RowBuilder* rows);
  void Feed(std::string_view piece) override;
  void Finish() override;

 private:
  void Line(std::string_view line);
  void TakePhysicalLine(std::string_view line);
  void SplitPlain(std::string_view line);
  void SplitEnclosed(std::string_view line);
  bool EndsInsideEnclosure(std::string_view line) const;
  Field MakeField(std::string_view text) const;

  const LoadPlan& plan_;
  const CsvFormat& csv_;
  RowBuilder* const rows_;
  LineCutter cutter_;
  int64_t lines_to_skip_;
  bool first_line_ = true;
  std::string open_line_;  // with enclose: lines so far of a record that is not complete
  std::vector<Field> fields_;
  std::vector<std::string> unescaped_;  // what fields of the current record point into
};

}  // namespace millrace::minidoris
