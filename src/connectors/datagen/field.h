// How datagen generates the values of one column, as the options under "fields." say.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "connectors/options.h"
#include "row/schema.h"

namespace millrace::datagen {

inline constexpr int64_t kDefaultLength = 100;      // of random text, as in Flink
inline constexpr int64_t kDefaultItems = 3;         // of random arrays and maps, as in Flink
inline constexpr int64_t kMapLengthMax = 1'000;     // of random arrays and maps
inline constexpr int64_t kLengthMax = 1 << 20;      // of random text
inline constexpr int64_t kRateMax = 1'000'000'000;  // rows per second

struct Field {
  Type type;
  std::string name;  // of the column; inside of it "column.element", "column.key", "column.field"
  uint64_t column = 0;  // no other field has it
  bool sequence = false;
  int64_t first = 0;  // random: min; sequence: start
  int64_t last = 0;   // random: max; sequence: end
  int64_t length = kDefaultLength;
  double null_rate = 0;
  std::vector<Field> children;  // of an ARRAY, MAP or ROW
  bool wrong = false;           // an option of it is, which was reported
};

// What is wrong with an option; `key` need not be one that was written.
struct Problem {
  std::string key;
  std::string message;
  std::string hint;
};

// One field per column of the schema. Every value such a field generates fits its column if there
// are no problems.
std::vector<Field> FieldsOf(const Options& options, const Schema& schema,
                            std::vector<Problem>* problems);

// Rows the options allow in all; -1: no end.
int64_t RowCount(const Options& options, const std::vector<Field>& fields);

}  // namespace millrace::datagen
