#include "connectors/connector.h"

namespace millrace {

std::string_view ToString(SourcePhase phase) {
  constexpr std::string_view kNames[] = {"opening", "snapshot", "streaming", "done"};
  return kNames[static_cast<size_t>(phase)];
}

}  // namespace millrace
