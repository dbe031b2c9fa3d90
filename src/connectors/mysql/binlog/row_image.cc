#include "connectors/mysql/binlog/row_image.h"

#include <fmt/format.h>
#include <zlib.h>

#include <bit>

#include "base/quote.h"
#include "connectors/mysql/values/decimal.h"
#include "connectors/mysql/values/json_binary.h"
#include "row/print.h"

namespace millrace::mysql {
namespace {

// Column types of table maps (MySQL, include/field_types.h).
enum LoggedType : uint8_t {
  kTiny = 1,
  kShort = 2,
  kLong = 3,
  kFloatType = 4,
  kDoubleType = 5,
  kLongLong = 8,
  kInt24 = 9,
  kDateType = 10,
  kYearType = 13,
  kVarcharType = 15,
  kBitType = 16,
  kTimestamp2Type = 17,
  kDateTime2Type = 18,
  kTime2Type = 19,
  kBlobCompressed = 140,
  kVarcharCompressed = 141,
  kVector = 242,
  kJsonType = 245,
  kNewDecimal = 246,
  kEnumType = 247,
  kSetType = 248,
  kBlobType = 252,
  kVarString = 253,
  kStringType = 254,
  kGeometry = 255,
};

constexpr int64_t kSecondUs = 1'000'000;
constexpr uint8_t kFractionDigitsMax = 6;
constexpr size_t kUncompressedMax = 1024ull * 1024 * 1024;

// 0 for types that are no integers.
uint8_t IntegerBytes(uint8_t type) {
  switch (type) {
    case kTiny:
      return 1;
    case kShort:
      return 2;
    case kInt24:
      return 3;
    case kLong:
      return 4;
    case kLongLong:
      return 8;
    default:
      return 0;
  }
}

bool HasBit(std::span<const uint8_t> bitmap, size_t index) {
  return (bitmap[index / 8] >> (index % 8) & 1) != 0;
}

size_t CountBits(std::span<const uint8_t> bitmap, size_t bits) {
  size_t count = 0;
  for (size_t i = 0; i < bits; ++i) count += HasBit(bitmap, i) ? 1 : 0;
  return count;
}

// Fraction of a second in ceil(digits/2) big-endian bytes, in microseconds.
int64_t ReadFraction(ByteReader* reader, uint8_t digits) {
  constexpr int64_t kUnits[] = {0, 10'000, 100, 1};
  const size_t bytes = (digits + 1u) / 2;
  return static_cast<int64_t>(reader->Big(bytes)) * kUnits[bytes];
}

// The end of rows that are: the last moment TIMESTAMP(6) knows, in 2038 or (MariaDB 11.5) in 2106.
bool IsForever(ByteReader reader) {
  const uint64_t second = reader.Big(4);
  return (second == INT32_MAX || second == UINT32_MAX) && reader.Big(3) == kSecondUs - 1;
}

int64_t ReadTime2(ByteReader* reader, uint8_t digits) {
  const size_t fraction_bytes = (digits + 1u) / 2;
  const size_t bytes = 3 + fraction_bytes;
  const int64_t packed = static_cast<int64_t>(reader->Big(bytes)) - (int64_t{1} << (8 * bytes - 1));
  const int64_t magnitude = packed < 0 ? -packed : packed;
  constexpr int64_t kUnits[] = {0, 10'000, 100, 1};
  const int64_t fraction = magnitude & ((int64_t{1} << (8 * fraction_bytes)) - 1);
  const int64_t whole = magnitude >> (8 * fraction_bytes);
  const int64_t hour = whole >> 12 & 0x3ff;
  const int64_t minute = whole >> 6 & 0x3f;
  const int64_t second = whole & 0x3f;
  const int64_t time =
      ((hour * 60 + minute) * 60 + second) * kSecondUs + fraction * kUnits[fraction_bytes];
  return packed < 0 ? -time : time;
}

}  // namespace

bool RowImageDecoder::SetWire(uint8_t type, uint16_t metadata, Step* step) {
  const auto low = static_cast<uint8_t>(metadata & 0xff);
  const auto high = static_cast<uint8_t>(metadata >> 8);
  const auto fixed = [&](Wire wire, uint8_t width) {
    step->wire = wire;
    step->width = width;
    return true;
  };
  const auto with_fraction = [&](Wire wire, unsigned bytes_before) {
    step->digits = low;
    return low <= kFractionDigitsMax &&
           fixed(wire, static_cast<uint8_t>(bytes_before + (low + 1u) / 2));
  };
  if (const uint8_t bytes = IntegerBytes(type); bytes > 0) return fixed(Wire::kInteger, bytes);
  switch (type) {
    case kYearType:
      return fixed(Wire::kYear, 1);
    case kFloatType:
      return fixed(Wire::kFloat, 4);
    case kDoubleType:
      return fixed(Wire::kDouble, 8);
    case kDateType:
      return fixed(Wire::kDate, 3);
    case kNewDecimal:
      step->precision = low;
      step->digits = high;
      return IsDecimal(low, high) &&
             fixed(Wire::kDecimal, static_cast<uint8_t>(DecimalBytes(low, high)));
    case kDateTime2Type:
      return with_fraction(Wire::kDateTime2, 5);
    case kTimestamp2Type:
      return with_fraction(Wire::kTimestamp2, 4);
    case kTime2Type:
      return with_fraction(Wire::kTime2, 3);
    case kBitType:
      step->bits = high * 8 + low;
      return step->bits >= 1 && step->bits <= 64 &&
             fixed(Wire::kBit, static_cast<uint8_t>((step->bits + 7) / 8));
    case kVarcharType:
    case kVarString:
      return fixed(Wire::kVarchar, metadata > 255 ? 2 : 1);
    case kVarcharCompressed:
      return fixed(Wire::kCompressedVarchar, metadata > 255 ? 2 : 1);
    case kBlobType:
    case kGeometry:
    case kVector:
      return low >= 1 && low <= 4 && fixed(Wire::kBlob, low);
    case kBlobCompressed:
      return low >= 1 && low <= 4 && fixed(Wire::kCompressedBlob, low);
    case kJsonType:
      return low >= 1 && low <= 4 && fixed(Wire::kJson, low);
    case kEnumType:
      return high >= 1 && high <= 2 && fixed(Wire::kEnum, high);
    case kSetType:
      return high >= 1 && high <= 8 && fixed(Wire::kSet, high);
    case kStringType: {  // CHAR, BINARY, and ENUM and SET in disguise: the first byte tells
      if (low == kEnumType || low == kSetType) return SetWire(low, metadata, step);
      const unsigned most = ((low & 0x30u) ^ 0x30u) << 4 | high;
      step->pad_to = most;
      return fixed(Wire::kString, most > 255 ? 2 : 1);
    }
    default:
      return false;
  }
}

Result<RowImageDecoder::Step> RowImageDecoder::MakeStep(const TableMap& map, size_t index,
                                                        const RowLayout& layout) {
  const ServerColumn& column = layout.table.columns[index];
  const std::string where =
      fmt::format("column {} of {}", Quoted(column.name), layout.table.FullName());
  if (!map.names.empty() && map.names[index] != column.name) {
    return Status::Permanent(
        fmt::format("{} is called {} in the binlog: the table was altered; start "
                    "the job anew with --fresh",
                    where, Quoted(map.names[index])));
  }
  Step step;
  step.is_unsigned = column.is_unsigned();
  if (!SetWire(map.types[index], map.metadata[index], &step)) {
    return Status::Permanent(
        fmt::format("{} has type code {} ({:#06x}) in the binlog, which is not known here", where,
                    map.types[index], map.metadata[index]));
  }
  step.is_row_end = index == layout.table.row_end && step.wire == Wire::kTimestamp2;
  if (!layout.targets[index]) return step;
  step.needed = true;
  step.target = *layout.targets[index];
  step.is_binary = step.target.target == Target::kBytes;
  if (column.type != ColumnType::kBinary) step.pad_to = 0;
  if (step.wire == Wire::kEnum || step.wire == Wire::kSet) {
    step.labels = column.Labels();
    return step;
  }
  const bool text = step.wire == Wire::kVarchar || step.wire == Wire::kBlob ||
                    step.wire == Wire::kString || step.wire == Wire::kCompressedVarchar ||
                    step.wire == Wire::kCompressedBlob;
  if (text && !step.is_binary) {
    MR_ASSIGN_OR_RETURN(step.charset, Charset::ForName(column.charset));
    if (column.type == ColumnType::kUuid || column.type == ColumnType::kInet) {
      return Status::Permanent(
          fmt::format("{} is {}, which cannot be read from the binlog yet; leave it "
                      "out of the table's columns",
                      where, column.column_type));
    }
  }
  return step;
}

Result<std::unique_ptr<RowImageDecoder>> RowImageDecoder::Make(const TableMap& map,
                                                               RowLayout layout) {
  if (map.types.size() != layout.table.columns.size()) {
    return Status::Permanent(
        fmt::format("table {} has {} columns now, but {} in the binlog: it was altered since; "
                    "start the job anew with "
                    "--fresh",
                    layout.table.FullName(), layout.table.columns.size(), map.types.size()));
  }
  std::unique_ptr<RowImageDecoder> decoder(new RowImageDecoder(std::move(layout)));
  for (size_t i = 0; i < map.types.size(); ++i) {
    MR_ASSIGN_OR_RETURN(Step step, MakeStep(map, i, decoder->layout_));
    decoder->steps_.push_back(std::move(step));
  }
  return decoder;
}

bool RowImageDecoder::Decode(ByteReader* reader, std::span<const uint8_t> present,
                             CellWriter* writer, Cell* row) {
  const size_t in_image = CountBits(present, steps_.size());
  const uint8_t* nulls = reader->position();
  reader->Skip((in_image + 7) / 8);
  if (!reader->ok()) return false;
  size_t at = 0;
  for (size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    if (!HasBit(present, i)) {
      if (step.needed || step.is_row_end) {
        missing_column_ = layout_.table.FullName() + "." + layout_.table.columns[i].name;
        return false;
      }
      continue;
    }
    const bool is_null = (nulls[at / 8] >> (at % 8) & 1) != 0;
    ++at;
    if (step.is_row_end) is_history_ = !IsForever(*reader);
    if (is_null) {
      if (step.needed) row[step.target.slot] = Cell::Null();
    } else if (step.needed) {
      Value(step, reader, writer, row + step.target.slot);
    } else {
      Skip(step, reader);
    }
  }
  return reader->ok();
}

void RowImageDecoder::Skip(const Step& step, ByteReader* reader) {
  switch (step.wire) {
    case Wire::kVarchar:
    case Wire::kCompressedVarchar:
    case Wire::kBlob:
    case Wire::kCompressedBlob:
    case Wire::kJson:
    case Wire::kString:
      reader->Skip(reader->Little(step.width));
      return;
    default:
      reader->Skip(step.width);
  }
}

void RowImageDecoder::Integer(const Step& step, ByteReader* reader, CellWriter* writer,
                              Cell* cell) {
  const uint64_t value = reader->Little(step.width);
  if (step.is_unsigned) return writer->Unsigned(step.target, value, cell);
  const int shift = 64 - 8 * step.width;
  writer->Integer(step.target, static_cast<int64_t>(value << shift) >> shift, cell);
}

void RowImageDecoder::Text(const Step& step, std::string_view bytes, CellWriter* writer,
                           Cell* cell) {
  if (step.is_binary) {
    if (bytes.size() < step.pad_to) {
      char* padded = writer->arena()->Allocate(step.pad_to);
      bytes.copy(padded, bytes.size());
      std::fill(padded + bytes.size(), padded + step.pad_to, '\0');
      bytes = {padded, step.pad_to};
    }
    return writer->Bytes(step.target, bytes, cell);
  }
  writer->Text(step.target, step.charset.ToUtf8(bytes, writer->arena()), cell);
}

void RowImageDecoder::Labels(const Step& step, uint64_t value, CellWriter* writer, Cell* cell) {
  if (step.wire == Wire::kEnum) {
    const bool known = value >= 1 && value <= step.labels.size();  // 0 is the invalid value ''
    if (!known && value != 0) return writer->Fail(step.target, fmt::format("label {}", value));
    return writer->Text(step.target, known ? writer->arena()->Copy(step.labels[value - 1]) : "",
                        cell);
  }
  scratch_.clear();
  for (size_t i = 0; i < step.labels.size() && i < 64; ++i) {
    if ((value >> i & 1) == 0) continue;
    if (!scratch_.empty()) scratch_ += ',';
    scratch_ += step.labels[i];
  }
  writer->Text(step.target, writer->arena()->Copy(scratch_), cell);
}

// MariaDB's compressed columns: a header byte 0 and the plain value, or the number of length bytes
// (low three bits) and whether the deflate stream has no zlib header (bit 3).
void RowImageDecoder::Compressed(const Step& step, std::string_view bytes, CellWriter* writer,
                                 Cell* cell) {
  ByteReader reader({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  const uint8_t header = bytes.empty() ? 0 : reader.U8();
  if (header == 0) return Text(step, reader.Bytes(reader.remaining()), writer, cell);
  const uint64_t length = reader.Big(header & 0x07);
  if (!reader.ok() || length > kUncompressedMax) return writer->Fail(step.target, "(malformed)");
  char* out = writer->arena()->Allocate(length);
  z_stream stream{};
  stream.next_in = const_cast<Bytef*>(reader.position());
  stream.avail_in = static_cast<uInt>(reader.remaining());
  stream.next_out = reinterpret_cast<Bytef*>(out);
  stream.avail_out = static_cast<uInt>(length);
  if (inflateInit2(&stream, (header & 0x08) != 0 ? -MAX_WBITS : MAX_WBITS) != Z_OK) {
    return writer->Fail(step.target, "(malformed)");
  }
  const int result = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (result != Z_STREAM_END || stream.total_out != length)
    return writer->Fail(step.target, "(malformed)");
  Text(step, {out, length}, writer, cell);
}

void RowImageDecoder::Value(const Step& step, ByteReader* reader, CellWriter* writer, Cell* cell) {
  switch (step.wire) {
    case Wire::kInteger:
      return Integer(step, reader, writer, cell);
    case Wire::kVarchar:
    case Wire::kString:
    case Wire::kBlob:
      return Text(step, reader->Bytes(reader->Little(step.width)), writer, cell);
    case Wire::kDate: {
      const uint32_t packed = reader->U24();
      return writer->Date(step.target, packed >> 9, packed >> 5 & 0x0f, packed & 0x1f, cell);
    }
    case Wire::kEnum:
    case Wire::kSet:
      return Labels(step, reader->Little(step.width), writer, cell);
    case Wire::kDateTime2: {
      const uint64_t packed = reader->Big(5) - 0x8000000000ull;
      const auto months = static_cast<unsigned>(packed >> 22 & 0x1ffff);
      const auto day = static_cast<unsigned>(packed >> 17 & 0x1f);
      const int64_t second = static_cast<int64_t>(
          ((packed >> 12 & 0x1f) * 60 + (packed >> 6 & 0x3f)) * 60 + (packed & 0x3f));
      const int64_t time = second * kSecondUs + ReadFraction(reader, step.digits);
      return writer->DateTime(step.target, months / 13, months % 13, day, time, step.digits, cell);
    }
    case Wire::kTimestamp2: {
      const auto second = static_cast<int64_t>(reader->Big(4));
      const int64_t time = second * kSecondUs + ReadFraction(reader, step.digits);
      if (time == 0) return writer->ZeroTimestamp(step.target, step.digits, cell);
      return writer->Timestamp(step.target, time, step.digits, cell);
    }
    case Wire::kTime2:
      return writer->Time(step.target, ReadTime2(reader, step.digits), step.digits, cell);
    case Wire::kDecimal: {
      char text[kDecimalTextMax];
      const size_t size = PrintDecimal(reader, step.precision, step.digits, text);
      if (size == 0) return reader->Fail();
      return writer->Decimal(step.target, {text, size}, cell);
    }
    case Wire::kFloat:
      return writer->Float(step.target, std::bit_cast<float>(reader->U32()), cell);
    case Wire::kDouble:
      return writer->Double(step.target, std::bit_cast<double>(reader->U64()), cell);
    case Wire::kYear: {
      const uint8_t year = reader->U8();
      return writer->Year(step.target, year == 0 ? 0 : 1900 + year, cell);
    }
    case Wire::kBit:
      return writer->Bit(step.target, reader->Bytes(step.width), step.bits, cell);
    case Wire::kJson: {
      const std::string_view bytes = reader->Bytes(reader->Little(step.width));
      scratch_.clear();
      if (!AppendJsonText({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()},
                          &scratch_)) {
        return writer->Fail(step.target, "(malformed JSON)");
      }
      return writer->Text(step.target, writer->arena()->Copy(scratch_), cell);
    }
    case Wire::kCompressedBlob:
    case Wire::kCompressedVarchar:
      return Compressed(step, reader->Bytes(reader->Little(step.width)), writer, cell);
  }
}

}  // namespace millrace::mysql
