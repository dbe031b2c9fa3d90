// From a MySQL value to a cell of the declared type, the same for both phases: a value from
// a binary result row and one from a row image of the binlog go through here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "base/time_zone.h"
#include "connectors/mysql/values/bytes_as.h"
#include "connectors/mysql/values/zero_dates.h"
#include "row/batch.h"
#include "row/type.h"

namespace millrace::mysql {

// What a needed column becomes.
enum class Target : uint8_t {
  kBoolean,
  kInteger,
  kCheckedInteger,  // of a wider column
  kFloat,
  kDouble,
  kDecimal,
  kText,  // declared as a text type: every value by its text
  kBytes,
  kBytesAsText,  // declared as a text type, see BytesAs
  kWkb,          // a geometry without its reference system
  kGeoJson,
  kVectorText,
  kVector,  // as ARRAY of floats
  kDate,
  kTime,
  kTimestamp,  // wall clock
  kInstant,    // TIMESTAMP_LTZ
  kLabels,     // a SET as ARRAY of texts
  kCutText,    // the beginning of a text
};

// Those of columns whose values are bytes without a character set.
constexpr bool IsOfBytes(Target target) {
  return target >= Target::kBytes && target <= Target::kVector;
}

struct TargetColumn {
  uint32_t slot = 0;
  Target target = Target::kText;
  Type type;         // as declared
  std::string name;  // table and column, for messages
  BytesAs bytes_as = BytesAs::kBytes;
  ZeroDates* zero_dates = nullptr;  // outlives the column; may be null
  uint32_t characters_max = 0;      // kCutText
};

// Writes values into cells; bytes must already be in memory of the batch. The first value that does
// not fit is remembered; the caller looks at status() once per row or event.
class CellWriter final {
 public:
  // `server_zone`: the server's time zone, for TIMESTAMP columns that are declared without a zone.
  explicit CellWriter(const TimeZone& server_zone) : server_zone_(server_zone) {}

  void set_arena(Arena* arena) { arena_ = arena; }
  Arena* arena() { return arena_; }

  void Integer(const TargetColumn& column, int64_t value, Cell* cell);
  void Unsigned(const TargetColumn& column, uint64_t value, Cell* cell);
  void Year(const TargetColumn& column, int64_t year, Cell* cell);
  void Float(const TargetColumn& column, float value, Cell* cell);
  void Double(const TargetColumn& column, double value, Cell* cell);
  void Decimal(const TargetColumn& column, std::string_view text, Cell* cell);  // plain notation
  void Text(const TargetColumn& column, std::string_view utf8, Cell* cell);
  // Of a column whose target IsOfBytes.
  void Bytes(const TargetColumn& column, std::string_view bytes, Cell* cell);
  // `big_endian` as on the wire, `bits` as declared in MySQL.
  void Bit(const TargetColumn& column, std::string_view big_endian, int64_t bits, Cell* cell);
  void Date(const TargetColumn& column, unsigned year, unsigned month, unsigned day, Cell* cell);
  void Time(const TargetColumn& column, int64_t microseconds, uint8_t digits, Cell* cell);
  void DateTime(const TargetColumn& column, unsigned year, unsigned month, unsigned day,
                int64_t microseconds_of_day, uint8_t digits, Cell* cell);
  // Microseconds since 1970 in UTC; for the zero TIMESTAMP there is ZeroTimestamp.
  void Timestamp(const TargetColumn& column, int64_t microseconds, uint8_t digits, Cell* cell);
  void ZeroTimestamp(const TargetColumn& column, uint8_t digits, Cell* cell);

  void Fail(const TargetColumn& column, std::string_view value);
  const Status& status() const { return status_; }
  // The same, and forgets it.
  Status TakeStatus() { return std::exchange(status_, Status::Ok()); }

 private:
  void FailWith(std::string message);
  void PutOtherText(const TargetColumn& column, std::string_view utf8, Cell* cell);
  void PutLabels(std::string_view utf8, Cell* cell);
  void PutBytesAsText(const TargetColumn& column, std::string_view bytes, Cell* cell);
  void PutText(const char* text, size_t size, Cell* cell);
  void PutDateText(int64_t days, Cell* cell);
  // A date that is none, with the time of day unless `digits` is negative.
  void NoDate(const TargetColumn& column, unsigned year, unsigned month, unsigned day,
              int64_t microseconds_of_day, int digits, Cell* cell);

  const TimeZone server_zone_;
  Arena* arena_ = nullptr;
  std::string scratch_;
  Status status_;
};

}  // namespace millrace::mysql
