// The body of a load, piece by piece, to records: CSV and JSON, as Doris's manual page "Data
// format" and the CSV and JSON readers of its backend read them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "minidoris/backend/row_builder.h"

namespace millrace::minidoris {

class BodyParser {
 public:
  virtual ~BodyParser() = default;
  virtual void Feed(std::string_view piece) = 0;  // records may be split anywhere
  virtual void Finish() = 0;                      // the body is complete
};

inline constexpr size_t kRecordBytesMax = 100 << 20;  // one CSV line, or one whole JSON document

// The parser for the format of the plan. Plan and builder must outlive it.
std::unique_ptr<BodyParser> MakeBodyParser(const LoadPlan* plan, RowBuilder* rows);

// Decompresses gzip (members may follow each other) for another parser.
std::unique_ptr<BodyParser> MakeGunzip(std::unique_ptr<BodyParser> next, RowBuilder* rows);

// Cuts a stream into lines. Calls `take(line)` for each; keeps the unfinished rest.
class LineCutter final {
 public:
  explicit LineCutter(std::string delimiter) : delimiter_(std::move(delimiter)) {}

  // False if a line grew beyond kRecordBytesMax.
  template <typename Take>
  bool Feed(std::string_view piece, Take&& take) {
    if (rest_.empty()) {
      rest_ = piece.substr(CutAll(piece, take));
      return rest_.size() <= kRecordBytesMax;
    }
    // Only the end of the rest can hold the beginning of a delimiter.
    const size_t from = rest_.size() < delimiter_.size() ? 0 : rest_.size() - delimiter_.size() + 1;
    const size_t old_size = rest_.size();
    rest_ += piece.substr(0, delimiter_.size() - 1);
    size_t found = rest_.find(delimiter_, from);
    if (found == rest_.npos) {
      const size_t in_piece = piece.find(delimiter_);
      if (in_piece == piece.npos) {
        rest_.resize(old_size);
        rest_ += piece;
        return rest_.size() <= kRecordBytesMax;
      }
      found = old_size + in_piece;
      rest_.resize(old_size);
      rest_ += piece.substr(0, in_piece);
    }
    take(std::string_view(rest_).substr(0, found));
    piece.remove_prefix(found + delimiter_.size() - old_size);
    rest_.clear();
    rest_ = piece.substr(CutAll(piece, take));
    return rest_.size() <= kRecordBytesMax;
  }

  template <typename Take>
  void Finish(Take&& take) {
    if (!rest_.empty()) take(std::string_view(rest_));
    rest_.clear();
  }

 private:
  // Returns the bytes used.
  template <typename Take>
  size_t CutAll(std::string_view piece, Take& take) {
    size_t at = 0;
    for (size_t end; (end = piece.find(delimiter_, at)) != piece.npos;
         at = end + delimiter_.size()) {
      take(piece.substr(at, end - at));
    }
    return at;
  }

  const std::string delimiter_;
  std::string rest_;
};

}  // namespace millrace::minidoris
