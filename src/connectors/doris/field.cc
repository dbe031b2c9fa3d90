#include "connectors/doris/field.h"

#include "base/units.h"

namespace millrace::doris {

std::string TextOf(const Json& object, std::string_view name) {
  const Json& field = object[name];
  if (field.is_null()) return {};
  const std::optional<std::string> text = field.AsString();
  return text ? *text : field.ToText();
}

int64_t NumberOf(const Json& object, std::string_view name, int64_t fallback) {
  const Json& field = object[name];
  if (const std::optional<std::string> text = field.AsString()) {
    return ParseInteger(*text).value_or(fallback);
  }
  return field.AsInt().value_or(fallback);
}

}  // namespace millrace::doris
