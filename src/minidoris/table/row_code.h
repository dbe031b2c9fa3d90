// The bytes of a staged row, in memory and in the staging file.
//
//   row   := operation value*          one value for each column of the table
//   operation := 0 (upsert) | 1 (delete)
//   value := 0                         NULL
//          | 1 int64                   integers and booleans
//          | 2 float64                 FLOAT and DOUBLE
//          | 3 uint32 bytes            everything else, as the text Doris shows
//
// Numbers are in the machine's byte order: the file never leaves the machine.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace millrace::minidoris {

enum class RowOperation : char { kUpsert = 0, kDelete = 1 };
enum class ValueTag : char { kNull = 0, kInt = 1, kDouble = 2, kText = 3 };

inline void AppendNull(std::string* out) { out->push_back(static_cast<char>(ValueTag::kNull)); }

inline void AppendInt(int64_t value, std::string* out) {
  char bytes[1 + sizeof value];
  bytes[0] = static_cast<char>(ValueTag::kInt);
  std::memcpy(bytes + 1, &value, sizeof value);
  out->append(bytes, sizeof bytes);
}

inline void AppendDouble(double value, std::string* out) {
  char bytes[1 + sizeof value];
  bytes[0] = static_cast<char>(ValueTag::kDouble);
  std::memcpy(bytes + 1, &value, sizeof value);
  out->append(bytes, sizeof bytes);
}

inline void AppendText(std::string_view text, std::string* out) {
  const auto size = static_cast<uint32_t>(text.size());
  char head[1 + sizeof size];
  head[0] = static_cast<char>(ValueTag::kText);
  std::memcpy(head + 1, &size, sizeof size);
  out->append(head, sizeof head);
  out->append(text);
}

}  // namespace millrace::minidoris
