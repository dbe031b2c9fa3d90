// Types of Doris columns as DESC spells them, and which of ours with elements go into them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "row/type.h"

namespace millrace::doris {

struct DorisType {
  std::string name;  // in lower case, without parameters: "array", "varchar"
  std::vector<DorisType> elements;
  std::vector<std::string> fields;  // of a struct
};

// "array<map<varchar(10),int>>", in any case. Nothing if it is not such a text.
std::optional<DorisType> ParseDorisType(std::string_view text);

// Whether it is ARRAY, MAP or STRUCT, by its name in lower case.
bool HasElements(std::string_view name);

// Whether values of `type` can be the elements, entries or fields that `target` wants: arrays in
// arrays, and rows in structs with the same names in the same order.
bool FitsElements(const Type& type, const DorisType& target);

// The type a Doris column should have for these values: "ARRAY<INT>".
std::string SuggestedDorisType(const Type& type);

}  // namespace millrace::doris
