#include "connectors/connector.h"

namespace millrace {

std::string_view ToString(SourcePhase phase) {
  constexpr std::string_view kNames[] = {"opening", "snapshot", "streaming", "done"};
  return kNames[static_cast<size_t>(phase)];
}

Result<int64_t> Sink::DeleteRows(const Batch& /*batch*/, uint32_t /*row*/,
                                 std::span<const uint32_t> /*columns*/) {
  return Status::Permanent("this connector cannot delete the rows of a table");
}

}  // namespace millrace
