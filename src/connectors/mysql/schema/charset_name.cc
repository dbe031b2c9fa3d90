#include "connectors/mysql/schema/charset_name.h"

#include "base/ascii.h"

namespace millrace::mysql {

std::string CharsetNamed(std::string_view name) {
  std::string lower = ToLower(name);
  return lower == "utf8" ? "utf8mb3" : lower;
}

std::string CharsetOfCollation(std::string_view collation) {
  const std::string lower = ToLower(collation);
  if (lower == "default" || lower.starts_with("uca1400_")) return "";
  return CharsetNamed(std::string_view(lower).substr(0, lower.find('_')));
}

}  // namespace millrace::mysql
