#include "minidoris/frontend/load_path.h"

#include <vector>

#include "base/ascii.h"

namespace millrace::minidoris {

std::optional<LoadPath> ReadLoadPath(const std::string& path) {
  std::vector<std::string> parts = Split(path, '/');
  std::erase(parts, "");
  if (parts.size() < 3 || parts.size() > 5 || parts[0] != "api") return std::nullopt;
  if (parts.size() == 5) parts.erase(parts.begin() + 1);  // /api/{catalog}/{db}/{table}/...
  if (parts.size() == 3) return LoadPath{parts[1], "", parts[2]};
  return LoadPath{parts[1], parts[2], parts[3]};
}

}  // namespace millrace::minidoris
