// From the pieces of a stream to its lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace millrace::minidoris {

inline constexpr size_t kRecordBytesMax = 100 << 20;  // one CSV line, or one whole JSON document

// Cuts a stream into lines, wherever its pieces end, also inside a delimiter. Calls `take(line)`
// for each line, without its delimiter, and keeps the unfinished rest. Linear in the bytes.
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
