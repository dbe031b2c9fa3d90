// One call of a function for one row: its arguments, and what it may keep from row to row.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "base/time_zone.h"
#include "row/batch.h"
#include "row/cell.h"
#include "row/type.h"

namespace millrace {

// What a run of a program needs beside its rows.
struct RunContext {
  TimeZone zone = {};  // of the session
  // The time of the query, for bounded runs; without it every row has its own time.
  std::optional<int64_t> query_time_ms = std::nullopt;  // since 1970 in UTC
  Clock* clock = &SystemClock();
};

// The time of a row, read from the clock at most once per row.
class RowTime final {
 public:
  explicit RowTime(const RunContext& context) : context_(context) {}

  void NextRow() { row_ms_.reset(); }
  int64_t OfRowMs() {
    if (!row_ms_) row_ms_ = context_.clock->WallMs();
    return *row_ms_;
  }
  // For CURRENT_TIMESTAMP and similar functions.
  int64_t OfQueryMs() { return context_.query_time_ms ? *context_.query_time_ms : OfRowMs(); }

 private:
  const RunContext& context_;
  std::optional<int64_t> row_ms_;
};

// What an instruction keeps from row to row, such as compiled patterns. Belongs to one run of one
// program.
class FunctionState {
 public:
  virtual ~FunctionState() = default;
};

// A few values made from strings, such as compiled patterns: the only one if the pattern is a
// constant, the latest ones if it is a column.
template <typename Value>
class TextCache final : public FunctionState {
 public:
  static constexpr size_t kEntriesMax = 16;

  // The value for `text`, made by `make(text)` if it is not cached. Valid until the next call.
  template <typename Make>
  Value& Get(std::string_view text, Make make) {
    if (last_ < entries_.size() && entries_[last_].first == text) [[likely]]
      return entries_[last_].second;
    for (last_ = 0; last_ < entries_.size(); ++last_) {
      if (entries_[last_].first == text) return entries_[last_].second;
    }
    if (entries_.size() < kEntriesMax) {
      entries_.emplace_back(std::string(text), make(text));
    } else {
      last_ = victim_ = (victim_ + 1) % kEntriesMax;
      entries_[last_] = {std::string(text), make(text)};
    }
    return entries_[last_].second;
  }

 private:
  std::vector<std::pair<std::string, Value>> entries_;
  size_t last_ = 0;
  size_t victim_ = 0;
};

struct FunctionCall {
  std::span<const Cell> arguments;
  const Type& type;  // of the result
  Arena* arena;      // for bytes of the result
  const TimeZone& zone;
  RowTime* time;
  std::unique_ptr<FunctionState>* state;  // null at first; set and used by the function

  size_t count() const { return arguments.size(); }
  const Cell& operator[](size_t index) const { return arguments[index]; }
  bool is_null(size_t index) const { return arguments[index].is_null(); }
  // An argument as a string; the cell may be of any kind.
  std::string_view Text(size_t index) const;
  int64_t Integer(size_t index) const { return arguments[index].i; }
  double Double(size_t index) const;  // of a number of any kind
  // The state as `State`, created by the first call.
  template <typename State>
  State& Keep() const {
    if (*state == nullptr) *state = std::make_unique<State>();
    return static_cast<State&>(**state);
  }
};

// Writes the result to `out`. An error says what is wrong with which value; the caller puts the
// name of the function before it.
using Evaluate = Status (*)(const FunctionCall& call, Cell* out);

}  // namespace millrace
