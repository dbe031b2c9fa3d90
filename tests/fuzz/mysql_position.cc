// Whatever a checkpoint holds as the position of a mysql-cdc table: it is taken or refused with a
// status, and what was taken is written as it was read.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "connectors/mysql/position.h"

using namespace millrace;
using namespace millrace::mysql;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Result<Json> json = Json::Parse({reinterpret_cast<const char*>(data), size});
  if (!json.ok()) return 0;
  const Result<SourcePosition> position = SourcePosition::Parse(Position(*json));
  if (!position.ok()) return 0;
  const Position written = position->ToPosition();
  const Result<SourcePosition> again = SourcePosition::Parse(written);
  if (!again.ok() || again->ToPosition() != written) std::abort();
  return 0;
}
