// JSON: what came from outside, read without exceptions, and what we write. A value owns all that
// is in it and is compared by meaning. Reading asks for what it needs and gets nothing where the
// text has something else: a missing member of an object reads like null.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/status.h"

namespace millrace {

class Json final {
 public:
  struct Member;

  Json();  // null
  ~Json();
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  // Implicit, so that values and objects are written as in JSON.  NOLINTBEGIN(google-explicit-*)
  Json(bool value);
  Json(int value);
  Json(int64_t value);
  Json(uint32_t value);
  Json(uint64_t value);
  Json(double value);
  Json(std::string value);
  Json(std::string_view value);
  Json(const char* value);
  // NOLINTEND(google-explicit-*)
  static Json Array();
  static Json Array(std::vector<Json> items);
  static Json Object();
  static Json Object(std::vector<Member> members);
  // An array of whatever a Json can be made of.
  template <typename Range>
  static Json ArrayOf(const Range& values);

  // Permanent error saying what is wrong and at which byte, also for values nested deeper than
  // kDepthMax. Of a member given twice the last one counts.
  static Result<Json> Parse(std::string_view text);
  // On one line, or with `blanks` of indentation a level. What is not UTF-8 becomes U+FFFD.
  std::string ToText() const;
  std::string ToIndentedText(int blanks = 2) const;

  bool is_null() const;
  bool is_object() const;
  bool is_array() const;
  bool is_string() const;

  // The value as a string, a truth value, a whole number in range, a number; nothing if it is none.
  std::optional<std::string> AsString() const;
  std::optional<bool> AsBool() const;
  std::optional<int64_t> AsInt() const;
  std::optional<uint64_t> AsUint() const;
  std::optional<double> AsDouble() const;

  // The elements of an array and the members of an object, in their order; none of anything else.
  std::span<const Json> items() const;
  std::span<const Member> members() const;
  // A member of an object; null if there is none or this is not an object.
  const Json& operator[](std::string_view name) const;
  bool Has(std::string_view name) const;

  // Makes this an array or an object if it is null; only for those.
  void Append(Json item);
  void Set(std::string name, Json value);

  bool operator==(const Json& other) const;

  static constexpr int kDepthMax = 200;

 private:
  using Items = std::vector<Json>;
  using Members = std::vector<Member>;
  // Numbers are int64_t where they fit, so that equal ones are equal here.
  std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string, Items, Members> value_;
};

struct Json::Member {
  std::string name;
  Json value;
  bool operator==(const Member& other) const = default;
};

template <typename Range>
Json Json::ArrayOf(const Range& values) {
  std::vector<Json> items;
  for (const auto& value : values) items.emplace_back(value);
  return Array(std::move(items));
}

}  // namespace millrace
