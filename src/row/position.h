// Where a source can go on: a value that only the source itself understands, readable JSON without
// secrets (an object). Others keep it, compare it and write it down; it is parsed only where a
// checkpoint file is.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/json.h"

namespace millrace {

class Position final {
 public:
  Position() = default;  // from the start
  explicit Position(Json value) : value_(std::move(value)) {}
  // `shared`: an object with further members, which many positions have in common.
  Position(Json value, std::shared_ptr<const Json> shared)
      : value_(std::move(value)), shared_(std::move(shared)) {}

  bool empty() const { return value_.is_null(); }
  // With all members.
  Json json() const {
    Json json = value_;
    if (shared_ == nullptr) return json;
    for (const Json::Member& member : shared_->members()) json.Set(member.name, member.value);
    return json;
  }
  // For logs and messages, without the shared members; empty if this is.
  std::string ToText() const { return empty() ? std::string() : value_.ToText(); }
  void clear() { *this = Position(); }

  bool operator==(const Position& other) const {
    return shared_ == other.shared_ ? value_ == other.value_ : json() == other.json();
  }

 private:
  Json value_;
  std::shared_ptr<const Json> shared_;
};

}  // namespace millrace
