// Prints rows into the body of a load: one JSON object per line, or CSV. This is the hot path of
// the whole program: what can be decided once per table is decided in the constructor, a row costs
// no allocation and one look at each byte.
//
// A value arrives in Doris as it was, or the row is refused here with the column's name; it never
// turns into NULL and never breaks a row. In JSON everything is a string but whole numbers,
// booleans and NULL, so that Doris's own conversion sees the exact text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time_zone.h"
#include "connectors/doris/sink_config.h"
#include "connectors/doris/table.h"
#include "row/cell.h"

namespace millrace::doris {

struct BodyOptions {
  BodyFormat format = BodyFormat::kJson;
  BytesAs bytes_as = BytesAs::kText;
  std::string column_separator = "\t";
  std::string line_delimiter = "\n";
  TimeZone zone = {};
};

class BodyWriter final {
 public:
  BodyWriter(const Layout& layout, BodyOptions options);

  // Room that Put may need for this row.
  size_t Bound(const Cell* row) const {
    size_t text = 0;
    for (const uint32_t slot : slots_) text += row[slot].size;
    const size_t structures = structures_.empty() ? 0 : StructuresBound(row);
    return fixed_bytes_ + growth_ * text + structures;
  }

  // Writes the row with its end of line; returns the end, or null if a value cannot be written,
  // with bad_column() and bad_reason().
  char* Put(char* out, const Cell* row, bool deleted) {
    return options_.format == BodyFormat::kJson ? PutJson(out, row, deleted)
                                                : PutCsv(out, row, deleted);
  }

  const std::string& bad_column() const { return columns_[bad_step_].name; }
  const std::string& bad_reason() const { return bad_reason_; }

  // "Name: value" headers that go with such a body.
  std::vector<std::string> Headers(const std::string& user_columns) const;

 private:
  static constexpr size_t kFragment = 32;  // copied whole, whatever part of it counts

  // What stands before a value and how the value is written.
  struct Step {
    uint32_t slot = 0;
    ValueStyle style = ValueStyle::kText;
    BytesAs bytes_as = BytesAs::kText;
    uint8_t fraction_digits_max = kFractionDigitsAll;
    uint8_t inline_bytes = 0;                // of `fragment`; 0: see Column::prefix
    std::array<char, kFragment> fragment{};  // `,"name":`, and the quote if the style is kText

    bool native() const { return style == ValueStyle::kNative; }
  };
  struct Column {
    std::string name;
    std::string prefix;  // `,"name":` with or without the quote, however long
    Type type;
    StructureForm form = StructureForm::kJson;
  };

  char* PutJson(char* out, const Cell* row, bool deleted);
  size_t PutCutTime(char* out, const Step& step, const Cell& cell) const;
  size_t PutPlain(char* out, const Step& step, const Cell& cell) const;
  char* PutJsonCell(char* out, const Step& step, const Cell& cell);
  char* PutJsonStructure(char* out, const Step& step, const Cell& cell);
  char* PutCsvStructure(char* out, const Step& step, const Cell& cell);
  bool PrintStructure(const Step& step, const Cell& cell);
  size_t StructuresBound(const Cell* row) const;
  char* PutJsonBytes(char* out, const Step& step, std::string_view bytes);
  char* PutCsv(char* out, const Cell* row, bool deleted);
  char* PutCsvCell(char* out, const Step& step, const Cell& cell, const std::string& follower);
  std::string CsvRefusal(std::string_view text, std::string_view follower,
                         bool may_be_broken) const;
  char* Refuse(const Step& step, std::string reason);

  const BodyOptions options_;
  std::vector<Step> steps_;
  std::vector<Column> columns_;     // of the steps
  std::vector<uint32_t> slots_;     // of the steps
  std::vector<size_t> structures_;  // steps whose values have elements
  StructureWriter structure_writer_;
  std::string structure_;             // the one written last
  std::array<std::string, 2> tails_;  // end of a row that stays, of one that is deleted
  std::array<std::array<char, kFragment>, 2> json_tails_{};
  std::array<bool, 256> suspicious_{};  // bytes a CSV field needs a closer look for
  bool delete_sign_ = false;
  size_t fixed_bytes_ = 0;
  size_t growth_ = 1;
  size_t bad_step_ = 0;
  std::string bad_reason_;
};

}  // namespace millrace::doris
