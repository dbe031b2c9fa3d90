// The paths of JSON_VALUE, JSON_QUERY and JSON_EXISTS:
//
//   path := ["lax" | "strict"] "$" { "." name | "." "*" | "[" 'name' | "name" | integer | "*" "]" }
//
// Without a mode a path is strict. Negative indexes count from the end of an array. Only the
// json*.cc files of this folder include this header: it names a type of nlohmann's library.
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
  // With a * the result is an array of all values found, else the value at the path.
  Outcome Find(const JsonDocument& document, JsonDocument* result) const;

 private:
  struct Step {
    enum class Kind : uint8_t { kName, kIndex, kAll };
    Kind kind = Kind::kAll;
    std::string name;
    int64_t index = 0;
  };
  static bool TakeStep(std::string_view* text, Step* step);

  std::vector<Step> steps_;
  bool lax_ = false;
  bool many_ = false;  // has a *
};

// A document; nothing if the text is not JSON, or nested deeper than kJsonDepthMax.
inline constexpr int kJsonDepthMax = 512;
std::optional<JsonDocument> ParseJson(std::string_view text);
// Compact, UTF-8.
std::string JsonText(const JsonDocument& value);

}  // namespace millrace
