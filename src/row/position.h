// Where a source can go on: a value that only the source itself understands, readable JSON without
// secrets (an object). Others keep it, compare it and write it down; it is parsed only where a
// checkpoint file is.
#pragma once

#include <string>
#include <utility>

#include "base/json.h"

namespace millrace {

class Position final {
 public:
  Position() = default;  // from the start
  explicit Position(Json value) : value_(std::move(value)) {}

  bool empty() const { return value_.is_null(); }
  const Json& json() const { return value_; }
  // For logs and messages; empty if this is.
  std::string ToText() const { return empty() ? std::string() : value_.ToText(); }
  void clear() { value_ = Json(); }

  bool operator==(const Position& other) const = default;

 private:
  Json value_;
};

}  // namespace millrace
