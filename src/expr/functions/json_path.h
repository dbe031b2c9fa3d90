// The paths of JSON_VALUE, JSON_QUERY and JSON_EXISTS, as the library Jayway JsonPath reads them:
//
//   path   := ["lax" | "strict"] ["$"] { step } [ ".size()" | ".length()" ]
//   step   := "." name | "." "*" | "[" list "]" | ".." name | ".." "*" | ".." "[" list "]"
//   list   := "*" | 'name' {"," 'name'} | integer {"," integer} | [integer] ":" [integer]
//
// Without a mode a path is strict. Negative indexes count from the end of an array. Filters and
// other functions are not supported. Only the json*.cc files of this folder include this header: it
// names a type of nlohmann's library.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

using JsonDocument = nlohmann::ordered_json;

class JsonPath final {
 public:
  static std::optional<JsonPath> Compile(std::string_view text);

  bool lax() const { return lax_; }

  enum class Outcome : unsigned char { kFound, kMissing };
  // The value at the path; an array of all values found if the path may lead to several. Missing
  // too where a step before the first of several ones fits no value.
  Outcome Find(const JsonDocument& document, JsonDocument* result) const;

 private:
  struct Step {
    enum class Kind : uint8_t { kNames, kIndexes, kSlice, kAll, kDeep };
    Kind kind = Kind::kAll;
    std::vector<std::string> names;
    std::vector<int64_t> indexes;
    std::optional<int64_t> from;  // of a slice
    std::optional<int64_t> to;

    bool one() const { return names.size() == 1 || indexes.size() == 1; }
  };
  using Values = std::vector<const JsonDocument*>;
  static bool TakeList(std::string_view* text, Step* step);
  bool TakeStep(std::string_view* text);
  bool TakeSize(std::string_view* text);
  // The values a step leads to; false if it does not fit one of them.
  static bool Follow(const Step& step, bool last, const Values& from, Values* to);
  // Members of several names as one object, where they are the end of the path.
  bool merges() const;
  Outcome PutSize(const JsonDocument& value, JsonDocument* result) const;

  std::vector<Step> steps_;
  bool lax_ = false;
  bool many_ = false;  // may lead to several values
  bool size_ = false;  // ends with size() or length()
};

// A document; nothing if the text is not JSON, or nested deeper than kJsonDepthMax.
inline constexpr int kJsonDepthMax = 512;
std::optional<JsonDocument> ParseJson(std::string_view text);
// Compact, UTF-8.
std::string JsonText(const JsonDocument& value);

}  // namespace millrace
