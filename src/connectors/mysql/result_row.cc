#include "connectors/mysql/result_row.h"

#include <array>
#include <bit>

#include "base/bytes.h"
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
  constexpr std::array<std::pair<std::string_view, Wire>, 14> kWires = {{
      {"tinyint", Wire::kInt8},
      {"smallint", Wire::kInt16},
      {"mediumint", Wire::kInt32},
      {"int", Wire::kInt32},
      {"bigint", Wire::kInt64},
      {"year", Wire::kYear},
      {"float", Wire::kFloat},
      {"double", Wire::kDouble},
      {"decimal", Wire::kDecimal},
      {"bit", Wire::kBit},
      {"date", Wire::kDate},
      {"datetime", Wire::kDateTime},
      {"timestamp", Wire::kTimestamp},
      {"time", Wire::kTime},
  }};
  for (const auto& [name, wire] : kWires) {
    if (column.data_type == name) return wire;
  }
  return column.charset.empty() && SuggestedType(column) == "BYTES" ? Wire::kBytes : Wire::kText;
}

ResultRowDecoder::ResultRowDecoder(const RowLayout& layout, std::span<const uint32_t> selected) {
  for (const uint32_t index : selected) {
    const ServerColumn& column = layout.table.columns[index];
    Step step;
    step.wire = WireOf(column);
    step.is_unsigned = column.is_unsigned();
    if (step.wire == Wire::kBit) {
      step.bits = column.Parameter(1);
    } else {
      step.digits = static_cast<uint8_t>(column.Parameter(0));
    }
    if (layout.targets[index]) {
      step.needed = true;
      step.target = *layout.targets[index];
    }
    steps_.push_back(std::move(step));
  }
}

void ResultRowDecoder::DecodeInteger(const Step& step, ByteReader* reader, CellWriter* writer,
                                     Cell* cell) const {
  int64_t value = 0;
  switch (step.wire) {
    case Wire::kInt8:
      value = Extended<int8_t>(step.is_unsigned, reader->U8());
      break;
    case Wire::kInt16:
      value = Extended<int16_t>(step.is_unsigned, reader->U16());
      break;
    case Wire::kInt32:
      value = Extended<int32_t>(step.is_unsigned, reader->U32());
      break;
    default:
      if (step.is_unsigned) {
        if (step.needed) writer->Unsigned(step.target, reader->U64(), cell);
        if (!step.needed) reader->Skip(8);
        return;
      }
      value = static_cast<int64_t>(reader->U64());
  }
  if (step.needed) writer->Integer(step.target, value, cell);
}

void ResultRowDecoder::DecodeTemporal(const Step& step, ByteReader* reader, CellWriter* writer,
                                      Cell* cell) const {
  if (step.wire == Wire::kTime) {
    const int64_t time = ReadTime(reader);
    if (step.needed) writer->Time(step.target, time, step.digits, cell);
    return;
  }
  const DateTimeParts parts = ReadDateTime(reader);
  if (!step.needed) return;
  if (step.wire == Wire::kDate) {
    writer->Date(step.target, parts.year, parts.month, parts.day, cell);
  } else if (step.wire == Wire::kDateTime) {
    writer->DateTime(step.target, parts.year, parts.month, parts.day, parts.microseconds,
                     step.digits, cell);
  } else if (parts.month == 0) {
    writer->ZeroTimestamp(step.target, step.digits, cell);
  } else {  // in the session's zone, UTC
    const int64_t days = DaysFromCivil(parts.year, parts.month, parts.day);
    writer->Timestamp(step.target, days * 86'400 * kSecondUs + parts.microseconds, step.digits,
                      cell);
  }
}

bool ResultRowDecoder::Decode(std::span<const uint8_t> packet, CellWriter* writer,
                              Cell* row) const {
  ByteReader reader(packet);
  reader.Skip(1);
  const uint8_t* nulls = reader.position();
  reader.Skip((steps_.size() + 9) / 8);  // two bits in front are not used
  if (!reader.ok()) return false;
  Cell ignored;
  for (size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    Cell* cell = step.needed ? row + step.target.slot : &ignored;
    if ((nulls[(i + 2) / 8] >> ((i + 2) % 8) & 1) != 0) {
      *cell = Cell::Null();
      continue;
    }
    switch (step.wire) {
      case Wire::kInt8:
      case Wire::kInt16:
      case Wire::kInt32:
      case Wire::kInt64:
        DecodeInteger(step, &reader, writer, cell);
        break;
      case Wire::kYear: {
        const uint16_t year = reader.U16();
        if (step.needed) writer->Year(step.target, year, cell);
        break;
      }
      case Wire::kFloat: {
        const float value = std::bit_cast<float>(reader.U32());
        if (step.needed) writer->Float(step.target, value, cell);
        break;
      }
      case Wire::kDouble: {
        const double value = std::bit_cast<double>(reader.U64());
        if (step.needed) writer->Double(step.target, value, cell);
        break;
      }
      case Wire::kDate:
      case Wire::kDateTime:
      case Wire::kTimestamp:
      case Wire::kTime:
        DecodeTemporal(step, &reader, writer, cell);
        break;
      default: {
        const std::string_view bytes = reader.Bytes(reader.LengthEncoded());
        if (!step.needed) break;
        if (step.wire == Wire::kText) writer->Text(step.target, bytes, cell);
        if (step.wire == Wire::kBytes) writer->Bytes(step.target, bytes, cell);
        if (step.wire == Wire::kDecimal) writer->Decimal(step.target, bytes, cell);
        if (step.wire == Wire::kBit) writer->Bit(step.target, bytes, step.bits, cell);
      }
    }
  }
  return reader.ok() && reader.remaining() == 0;
}

}  // namespace millrace::mysql
