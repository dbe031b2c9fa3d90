// A path and a document, parted by the first line break: every path ends with a value or none, and
// what is found prints as JSON.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "expr/functions/json_path.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t line = std::min(input.find('\n'), input.size());
  const auto path = millrace::JsonPath::Compile(input.substr(0, line));
  const auto document = millrace::ParseJson(input.substr(std::min(line + 1, input.size())));
  if (!path || !document) return 0;
  millrace::JsonDocument found;
  if (path->Find(*document, &found) != millrace::JsonPath::Outcome::kFound) return 0;
  if (!millrace::ParseJson(millrace::JsonText(found))) {
    // Values in arrays of values may be nested deeper than a document.
    if (!found.is_structured()) std::abort();
  }
  return 0;
}
