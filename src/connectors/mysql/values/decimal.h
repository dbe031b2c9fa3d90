// MySQL's packed decimals: groups of nine digits in four bytes, big-endian, the first bit turned,
// all bits turned if negative.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace millrace::mysql {

// Whether there is a column of DECIMAL(precision, scale).
bool IsDecimal(uint8_t precision, uint8_t scale);
// Bytes of one there is.
size_t DecimalBytes(uint8_t precision, uint8_t scale);
// Appends plain notation with exactly `scale` digits after the point. False for impossible
// precisions; the values of JSON may have more digits than those of columns.
bool AppendDecimal(ByteReader* reader, uint8_t precision, uint8_t scale, std::string* out);
// The same into a buffer of kDecimalTextMax characters; returns the length, 0 if impossible.
inline constexpr size_t kDecimalTextMax = 88;
size_t PrintDecimal(ByteReader* reader, uint8_t precision, uint8_t scale, char* out);

}  // namespace millrace::mysql
