#include "connectors/mysql/snapshot/result_row.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/bytes.h"
#include "row/calendar.h"
#include "row/print.h"

namespace millrace::mysql {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kTimeDaysMax = 34;  // TIME ends at 838:59:59

// length, year, month, day, hour, minute, second, microsecond: later parts are left out if zero.
struct DateTimeParts {
  unsigned year = 0, month = 0, day = 0;
  int64_t microseconds = 0;
};

DateTimeParts ReadDateTime(ByteReader* reader) {
  DateTimeParts parts;
  const uint8_t length = reader->U8();
  if (length >= 4) {
    parts.year = reader->U16();
    parts.month = reader->U8();
    parts.day = reader->U8();
  }
  if (length >= 7) {
    const int64_t hour = reader->U8();
    const int64_t minute = reader->U8();
    parts.microseconds = ((hour * 60 + minute) * 60 + reader->U8()) * kSecondUs;
  }
  if (length >= 11) parts.microseconds += reader->U32();
  return parts;
}

// The value of an integer of Signed's width, with or without its sign.
template <typename Signed>
int64_t Extended(bool is_unsigned, int64_t bits) {
  return is_unsigned ? bits : int64_t{static_cast<Signed>(bits)};
}

int64_t ReadTime(ByteReader* reader) {
  const uint8_t length = reader->U8();
  if (length == 0) return 0;
  const bool negative = reader->U8() != 0;
  const int64_t days = reader->U32();
  if (days > kTimeDaysMax) {
    reader->Fail();
    return 0;
  }
  const int64_t hours = days * 24 + reader->U8();
  const int64_t minutes = hours * 60 + reader->U8();
  int64_t microseconds = (minutes * 60 + reader->U8()) * kSecondUs;
  if (length >= 12) microseconds += reader->U32();
  return negative ? -microseconds : microseconds;
}

}  // namespace

ResultRowDecoder::Wire ResultRowDecoder::WireOf(const ServerColumn& column) {
  switch (column.type) {
    case ColumnType::kTinyInt:
      return Wire::kInt8;
    case ColumnType::kSmallInt:
      return Wire::kInt16;
    case ColumnType::kMediumInt:
    case ColumnType::kInt:
      return Wire::kInt32;
    case ColumnType::kBigInt:
      return Wire::kInt64;
    case ColumnType::kYear:
      return Wire::kYear;
    case ColumnType::kFloat:
      return Wire::kFloat;
    case ColumnType::kDouble:
      return Wire::kDouble;
    case ColumnType::kDecimal:
      return Wire::kDecimal;
    case ColumnType::kBit:
      return Wire::kBit;
    case ColumnType::kDate:
      return Wire::kDate;
    case ColumnType::kDateTime:
      return Wire::kDateTime;
    case ColumnType::kTimestamp:
      return Wire::kTimestamp;
    case ColumnType::kTime:
      return Wire::kTime;
    default:
      return column.charset.empty() && IsBinary(column.type) ? Wire::kBytes : Wire::kText;
  }
}

ResultRowDecoder::ResultRowDecoder(const RowLayout& layout, std::span<const uint32_t> selected) {
  for (const uint32_t index : selected) {
    const ServerColumn& column = layout.table.columns()[index];
    Step step;
    step.wire = WireOf(column);
    step.is_unsigned = column.is_unsigned;
    if (step.wire == Wire::kBit) {
      step.bits = column.length;
    } else {
      step.digits = static_cast<uint8_t>(column.length);
    }
    const TargetColumn target = layout.targets[index].value_or(TargetColumn{});
    step.needed = layout.targets[index].has_value();
    step.slot = target.slot;
    step.wire = PlainWireOf(step.wire, step, target.target);
    steps_.push_back(step);
    targets_.push_back(target);
  }
}

ResultRowDecoder::Wire ResultRowDecoder::PlainWireOf(Wire wire, const Step& step, Target target) {
  if (!step.needed) return wire;
  const bool plain_integer = !step.is_unsigned && target == Target::kInteger;
  if (wire == Wire::kInt32 && plain_integer) return Wire::kPlainInt32;
  if (wire == Wire::kInt64 && plain_integer) return Wire::kPlainInt64;
  if (wire == Wire::kDate && target == Target::kDate) return Wire::kPlainDate;
  return wire == Wire::kText && target == Target::kText ? Wire::kPlainText : wire;
}

void ResultRowDecoder::DecodeInteger(size_t index, ByteReader* reader, CellWriter* writer,
                                     Cell* cell) const {
  const Step& step = steps_[index];
  const TargetColumn& target = targets_[index];
  int64_t value = 0;
  switch (step.wire) {
    case Wire::kInt8:
      value = Extended<int8_t>(step.is_unsigned, reader->U8());
      break;
    case Wire::kInt16:
      value = Extended<int16_t>(step.is_unsigned, reader->U16());
      break;
    case Wire::kInt32:
    case Wire::kPlainInt32:
      value = Extended<int32_t>(step.is_unsigned, reader->U32());
      break;
    default:
      if (step.is_unsigned) {
        if (step.needed) writer->Unsigned(target, reader->U64(), cell);
        if (!step.needed) reader->Skip(8);
        return;
      }
      value = static_cast<int64_t>(reader->U64());
  }
  if (step.needed) writer->Integer(target, value, cell);
}

void ResultRowDecoder::DecodeTemporal(size_t index, ByteReader* reader, CellWriter* writer,
                                      Cell* cell) const {
  const Step& step = steps_[index];
  const TargetColumn& target = targets_[index];
  if (step.wire == Wire::kTime) {
    const int64_t time = ReadTime(reader);
    if (step.needed) writer->Time(target, time, step.digits, cell);
    return;
  }
  const DateTimeParts parts = ReadDateTime(reader);
  if (!step.needed) return;
  if (step.wire == Wire::kDate || step.wire == Wire::kPlainDate) {
    writer->Date(target, parts.year, parts.month, parts.day, cell);
  } else if (step.wire == Wire::kDateTime) {
    writer->DateTime(target, parts.year, parts.month, parts.day, parts.microseconds, step.digits,
                     cell);
  } else if (parts.month == 0) {
    writer->ZeroTimestamp(target, step.digits, cell);
  } else {  // in the session's zone, UTC
    const int64_t days = DaysFromCivil(parts.year, parts.month, parts.day);
    writer->Timestamp(target, days * 86'400 * kSecondUs + parts.microseconds, step.digits, cell);
  }
}

void ResultRowDecoder::DecodeCell(size_t index, ByteReader* reader, CellWriter* writer,
                                  Cell* cell) const {
  const Step& step = steps_[index];
  const TargetColumn& target = targets_[index];
  switch (step.wire) {
    case Wire::kPlainInt32:
    case Wire::kPlainInt64:
    case Wire::kInt8:
    case Wire::kInt16:
    case Wire::kInt32:
    case Wire::kInt64:
      DecodeInteger(index, reader, writer, cell);
      break;
    case Wire::kYear: {
      const uint16_t year = reader->U16();
      if (step.needed) writer->Year(target, year, cell);
      break;
    }
    case Wire::kFloat: {
      const float value = std::bit_cast<float>(reader->U32());
      if (step.needed) writer->Float(target, value, cell);
      break;
    }
    case Wire::kDouble: {
      const double value = std::bit_cast<double>(reader->U64());
      if (step.needed) writer->Double(target, value, cell);
      break;
    }
    case Wire::kPlainDate:
    case Wire::kDate:
    case Wire::kDateTime:
    case Wire::kTimestamp:
    case Wire::kTime:
      DecodeTemporal(index, reader, writer, cell);
      break;
    default: {
      const std::string_view bytes = reader->Bytes(reader->LengthEncoded());
      if (!step.needed) break;
      if (step.wire == Wire::kPlainText || step.wire == Wire::kText) {
        writer->Text(target, bytes, cell);
      }
      if (step.wire == Wire::kBytes) writer->Bytes(target, bytes, cell);
      if (step.wire == Wire::kDecimal) writer->Decimal(target, bytes, cell);
      if (step.wire == Wire::kBit) writer->Bit(target, bytes, step.bits, cell);
    }
  }
}

// Not inlined: the loop of Decode must have no local variable whose address is taken, or the stack
// protector costs it instructions in every row.
[[gnu::noinline]] const uint8_t* ResultRowDecoder::DecodeOther(size_t index,
                                                               std::span<const uint8_t> rest,
                                                               CellWriter* writer,
                                                               Cell* cell) const {
  ByteReader reader(rest);
  DecodeCell(index, &reader, writer, cell);
  return reader.ok() ? reader.position() : nullptr;
}

// Binary Protocol Resultset Row (MySQL internals manual): a zero byte, a bitmap of the NULLs whose
// first two bits are not used, the values one after the other. Plain steps are decoded here, at
// `at`; all others, and values that do not look as a plain step expects, go to DecodeCell.
bool ResultRowDecoder::Decode(std::span<const uint8_t> packet, CellWriter* writer,
                              Cell* row) const {
  constexpr uint8_t kDateBytes = 4;
  constexpr uint8_t kShortMax = 0xfa;  // lengths up to it are one byte
  const size_t values = 1 + (steps_.size() + 9) / 8;
  if (packet.size() < values) return false;
  const uint8_t* const nulls = packet.data() + 1;
  const uint8_t* at = packet.data() + values;
  const uint8_t* const end = packet.data() + packet.size();
  const bool any_null = std::any_of(nulls, at, [](uint8_t bits) { return bits != 0; });
  // A local copy: cell writes cannot alias it, so its bounds stay in registers.
  const std::span<const Step> steps(steps_);
  for (size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    Cell* const cell = step.needed ? row + step.slot : nullptr;
    if (any_null && (nulls[(i + 2) / 8] >> ((i + 2) % 8) & 1) != 0) {
      if (cell != nullptr) *cell = Cell::Null();
      continue;
    }
    const auto left = static_cast<size_t>(end - at);
    // The plain ones are needed: cell is not null.
    // NOLINTBEGIN(clang-analyzer-core.CallAndMessage)
    if (step.wire == Wire::kPlainText) {
      if (left > 0 && at[0] <= kShortMax && at[0] < left) [[likely]] {
        *cell = Cell::Text({reinterpret_cast<const char*>(at) + 1, at[0]});
        at += size_t{1} + at[0];
        continue;
      }
    } else if (step.wire == Wire::kPlainDate) {
      if (left > kDateBytes && at[0] == kDateBytes) [[likely]] {
        writer->Date(targets_[i], at[1] | unsigned{at[2]} << 8, at[3], at[4], cell);
        at += 1 + kDateBytes;
        continue;
      }
    } else if (step.wire == Wire::kPlainInt32 && left >= sizeof(int32_t)) {
      int32_t value = 0;
      std::memcpy(&value, at, sizeof value);
      *cell = Cell::Int(value);
      at += sizeof value;
      continue;
    } else if (step.wire == Wire::kPlainInt64 && left >= sizeof(int64_t)) {
      int64_t value = 0;
      std::memcpy(&value, at, sizeof value);
      *cell = Cell::Int(value);
      at += sizeof value;
      continue;
    }
    // NOLINTEND(clang-analyzer-core.CallAndMessage)
    at = DecodeOther(i, {at, left}, writer, cell);
    if (at == nullptr) return false;
  }
  return at == end;
}

}  // namespace millrace::mysql
