// What the headers of one load ask for, checked against its table: everything the body needs and
// nothing else. The headers are those of Doris's manual page STREAM LOAD.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/message.h"
#include "minidoris/table/table.h"

namespace millrace::minidoris {

enum class BodyFormat : unsigned char { kCsv, kJson };

struct CsvFormat {
  std::string column_separator = "\t";
  std::string line_delimiter = "\n";
  bool keep_carriage_return = false;
  bool trim_double_quotes = false;
  bool empty_field_as_null = false;
  int64_t skip_lines = 0;
  std::optional<char> enclose;
  std::optional<char> escape;
};

struct JsonFormat {
  bool by_line = true;
  bool strip_outer_array = false;
};

inline constexpr int kNoSource = -1;

struct LoadPlan {
  std::shared_ptr<const Table> table;  // also held by the catalog until the table is dropped
  BodyFormat format = BodyFormat::kCsv;
  bool gzip = false;
  CsvFormat csv;
  JsonFormat json;

  std::vector<std::string> sources;   // the fields of a record: names, in order
  std::vector<int> source_of_column;  // per table column: index into sources, or kNoSource
  int delete_sign_source = kNoSource;
  bool always_delete = false;  // merge_type DELETE

  bool strict = false;
  double max_filter_ratio = 0;
  int zone_offset_minutes = 0;
};

// The part of the headers that is looked at before a transaction begins.
struct LoadEnvelope {
  std::string label;  // empty: none
  bool two_phase = false;
  BodyFormat format = BodyFormat::kCsv;
  bool gzip = false;
  std::optional<int64_t> timeout_seconds;
  std::string comment;
};

// A value, or the text of the Message the load fails with.
template <typename T>
using OrMessage = std::variant<T, std::string>;

OrMessage<LoadEnvelope> ReadEnvelope(const http::Request& request);
OrMessage<LoadPlan> PlanLoad(const http::Request& request, const LoadEnvelope& envelope,
                             std::shared_ptr<const Table> table);

}  // namespace millrace::minidoris
