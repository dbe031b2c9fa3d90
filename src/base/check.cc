#include "base/check.h"

#include <fmt/format.h>

namespace millrace {

void FailCheck(const char* why, const char* file, int line) {
  throw CheckFailure(fmt::format("{} does not hold ({}:{})", why, file, line));
}

}  // namespace millrace
