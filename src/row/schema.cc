#include "row/schema.h"

namespace millrace {

std::optional<uint32_t> Schema::Find(std::string_view name) const {
  for (uint32_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
  }
  return std::nullopt;
}

}  // namespace millrace
