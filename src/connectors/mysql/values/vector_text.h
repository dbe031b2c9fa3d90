// MySQL's VECTOR: 4-byte floats, little-endian.
#pragma once

#include <string>
#include <string_view>

#include "row/batch.h"

namespace millrace::mysql {

// Appends the text that VECTOR_TO_STRING gives: [1.00000e+00,-2.50000e-01]. False if the bytes are
// not whole floats.
bool AppendVectorText(std::string_view bytes, std::string* out);
// The same as an ARRAY in memory of the arena.
bool ReadVector(std::string_view bytes, Arena* arena, Cell* cell);

}  // namespace millrace::mysql
