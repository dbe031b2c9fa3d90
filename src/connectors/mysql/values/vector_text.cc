#include "connectors/mysql/values/vector_text.h"

#include <fmt/format.h>

#include <bit>
#include <iterator>

#include "base/bytes.h"

namespace millrace::mysql {
namespace {

constexpr size_t kFloatBytes = 4;

template <typename Put>
bool ForEachFloat(std::string_view bytes, Put put) {
  ByteReader reader({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  const size_t count = bytes.size() / kFloatBytes;
  for (size_t i = 0; i < count; ++i) put(i, std::bit_cast<float>(reader.U32()));
  return reader.remaining() == 0;
}

}  // namespace

bool AppendVectorText(std::string_view bytes, std::string* out) {
  *out += '[';
  const bool whole = ForEachFloat(bytes, [&](size_t i, float value) {
    fmt::format_to(std::back_inserter(*out), "{}{:.5e}", i > 0 ? "," : "", value);
  });
  *out += ']';
  return whole;
}

bool ReadVector(std::string_view bytes, Arena* arena, Cell* cell) {
  const size_t count = bytes.size() / kFloatBytes;
  Cell* const floats = arena->AllocateCells(count);
  *cell = Cell::Structure(CellKind::kArray, {floats, count});
  return ForEachFloat(bytes, [&](size_t i, float value) { floats[i] = Cell::Float(value); });
}

}  // namespace millrace::mysql
