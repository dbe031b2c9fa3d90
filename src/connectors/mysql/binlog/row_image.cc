#include "connectors/mysql/binlog/row_image.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <bit>

#include "base/quote.h"
#include "connectors/mysql/values/address_text.h"
#include "connectors/mysql/values/decimal.h"
#include "connectors/mysql/values/json_binary.h"
#include "row/print.h"

namespace millrace::mysql {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr size_t kUncompressedMax = 1024ull * 1024 * 1024;
constexpr size_t kDeflateRatioMax = 1040;  // deflate cannot do better

bool HasBit(std::span<const uint8_t> bitmap, size_t index) {
  return (bitmap[index / 8] >> (index % 8) & 1) != 0;
}

// Fraction of a second in ceil(digits/2) big-endian bytes, in microseconds.
int64_t ReadFraction(ByteReader* reader, uint8_t digits) {
  constexpr int64_t kUnits[] = {0, 10'000, 100, 1};
  const size_t bytes = (digits + 1u) / 2;
  return static_cast<int64_t>(reader->Big(bytes)) * kUnits[bytes];
}

// The end of rows that have not ended: the last moment of TIMESTAMP(6), in 2038 or (MariaDB 11.5)
// in 2106.
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

int64_t SignExtended(uint64_t value, uint8_t bytes) {
  const int shift = 64 - 8 * bytes;  // bytes is 1 to 8
  // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult)
  return static_cast<int64_t>(value << shift) >> shift;
}

bool IsText(Wire wire) { return HasLength(wire) && wire != Wire::kJson; }

}  // namespace

RowImageDecoder::RowImageDecoder(RowLayout layout)
    : layout_(std::move(layout)),
      full_name_(layout_.table.FullName()),
      fixed_slots_(layout_.null_slots) {
  for (const MetadataSlot& metadata : layout_.metadata) fixed_slots_.push_back(metadata.slot);
}

Status RowImageDecoder::AddColumn(const TableMap& map, size_t index) {
  const ServerColumn& column = layout_.table.columns()[index];
  const std::string where = fmt::format("column {} of {}", Quoted(column.name), full_name_);
  const std::optional<LoggedType> type = ParseLoggedType(map.types[index], map.metadata[index]);
  if (!type) {
    return Status::Permanent(fmt::format("{} has unknown type code {} ({:#06x}) in the binlog",
                                         where, map.types[index], map.metadata[index]));
  }
  Details details;
  details.type = *type;
  details.is_unsigned = column.is_unsigned;
  Step step{Action::kSkip, type->wire, type->width, layout_.targets[index].has_value(), 0};
  if (step.needed) {
    details.target = *layout_.targets[index];
    details.is_binary = IsOfBytes(details.target.target);
    details.is_address = column.type == ColumnType::kUuid || column.type == ColumnType::kInet;
    if (details.is_address || column.type == ColumnType::kBinary) details.pad_to = type->bytes_max;
    details.is_uuid = column.type == ColumnType::kUuid;
    const bool has_labels = step.wire == Wire::kEnum || step.wire == Wire::kSet;
    if (has_labels) details.labels = column.labels;
    const bool is_text = IsText(step.wire) && !details.is_binary;
    if (is_text) {
      MR_ASSIGN_OR_RETURN(details.charset, Charset::ForName(column.charset));
    }
    step.slot = details.target.slot;
    const bool is_plain_integer = step.wire == Wire::kInteger && !details.is_unsigned &&
                                  details.target.target == Target::kInteger;
    const bool is_plain_text = is_text && !details.is_address &&
                               details.target.target == Target::kText &&
                               step.wire < Wire::kCompressedVarchar;
    step.action = is_plain_integer           ? Action::kPlainInteger
                  : is_plain_text            ? Action::kPlainText
                  : step.wire == Wire::kDate ? Action::kDate
                                             : Action::kValue;
  }
  const bool is_row_end = index == layout_.table.layout->row_end && step.wire == Wire::kTimestamp2;
  if (is_row_end) step.action = Action::kRowEnd;
  steps_.push_back(step);
  details_.push_back(std::move(details));
  return Status::Ok();
}

Result<std::unique_ptr<RowImageDecoder>> RowImageDecoder::Make(const TableMap& map,
                                                               RowLayout layout) {
  if (map.types.size() != layout.table.columns().size()) {
    return Status::Permanent(fmt::format("table {} has {} columns, but {} in the binlog",
                                         layout.table.FullName(), layout.table.columns().size(),
                                         map.types.size()));
  }
  std::unique_ptr<RowImageDecoder> decoder(new RowImageDecoder(std::move(layout)));
  for (size_t i = 0; i < map.types.size(); ++i) MR_RETURN_IF_ERROR(decoder->AddColumn(map, i));
  return decoder;
}

ImageColumns RowImageDecoder::ColumnsOf(std::span<const uint8_t> present) const {
  ImageColumns columns{present, 0, true};
  const size_t whole = steps_.size() / 8;
  for (size_t i = 0; i < whole; ++i) columns.count += std::popcount(present[i]);
  const size_t rest = steps_.size() % 8;
  if (rest > 0) columns.count += std::popcount(static_cast<uint8_t>(present[whole] << (8 - rest)));
  columns.all = columns.count == steps_.size();
  return columns;
}

bool RowImageDecoder::HandleMissing(size_t index) {
  const Step& step = steps_[index];
  if (!step.needed && step.action != Action::kRowEnd) return true;
  missing_column_ = full_name_ + "." + layout_.table.columns()[index].name;
  return false;
}

// image ::= a bit for each column that is present: it is NULL; then the values that are not NULL
bool RowImageDecoder::Decode(ByteReader* reader, const ImageColumns& columns, CellWriter* writer,
                             Cell* row) {
  const uint8_t* const nulls = reader->position();
  reader->Skip((columns.count + 7) / 8);
  if (!reader->ok()) return false;
  size_t at = 0;  // among the columns of the image
  ByteReader values =
      *reader;  // a copy whose bounds stay in registers: cell writes cannot alias it
  const std::span<const Step> steps(steps_);
  for (size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    if (!columns.all && !HasBit(columns.present, i)) {
      if (!HandleMissing(i)) return false;
      continue;
    }
    const bool is_null = (nulls[at / 8] >> (at % 8) & 1) != 0;
    ++at;
    if (step.action == Action::kRowEnd) is_history_ = !IsForever(values);
    if (is_null) {
      if (step.needed) row[step.slot] = Cell::Null();
      continue;
    }
    switch (step.action) {
      case Action::kPlainInteger:
        row[step.slot] = Cell::Int(SignExtended(values.Little(step.width), step.width));
        break;
      case Action::kPlainText: {
        const std::string_view text = values.Bytes(values.Little(step.width));
        row[step.slot] = Cell::Text(details_[i].charset.ToUtf8(text, writer->arena()));
        break;
      }
      case Action::kDate: {
        const uint32_t packed = values.U24();
        writer->Date(details_[i].target, packed >> 9, packed >> 5 & 0x0f, packed & 0x1f,
                     row + step.slot);
        break;
      }
      case Action::kRowEnd:
      case Action::kSkip:
      case Action::kValue:
        if (step.needed) {
          Value(i, &values, writer, row + step.slot);
        } else {
          values.Skip(HasLength(step.wire) ? values.Little(step.width) : step.width);
        }
        break;
    }
  }
  *reader = values;
  return reader->ok();
}

void RowImageDecoder::Text(const Details& details, std::string_view bytes, CellWriter* writer,
                           Cell* cell) {
  if (!details.is_binary && !details.is_address) {
    return writer->Text(details.target, details.charset.ToUtf8(bytes, writer->arena()), cell);
  }
  if (bytes.size() < details.pad_to) {
    char* padded = writer->arena()->Allocate(details.pad_to);
    bytes.copy(padded, bytes.size());
    std::fill(padded + bytes.size(), padded + details.pad_to, '\0');
    bytes = {padded, details.pad_to};
  }
  if (details.is_address) return Address(details, bytes, writer, cell);
  writer->Bytes(details.target, bytes, cell);
}

void RowImageDecoder::Address(const Details& details, std::string_view bytes, CellWriter* writer,
                              Cell* cell) {
  const std::span address(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  char text[kAddressTextMax];
  size_t size = 0;
  if (address.size() == kInet4Bytes) {
    size = PrintInet4(address.first<kInet4Bytes>(), text);
  } else if (address.size() == kUuidBytes && details.is_uuid) {
    size = PrintUuid(address.first<kUuidBytes>(), text);
  } else if (address.size() == kInet6Bytes) {
    size = PrintInet6(address.first<kInet6Bytes>(), text);
  } else {
    return writer->Fail(details.target, "(malformed)");
  }
  writer->Text(details.target, writer->arena()->Copy({text, size}), cell);
}

void RowImageDecoder::Labels(const Details& details, uint64_t value, CellWriter* writer,
                             Cell* cell) {
  const std::vector<std::string>& labels = details.labels;
  if (details.type.wire == Wire::kEnum) {
    const bool known = value >= 1 && value <= labels.size();  // 0 is the invalid value ''
    if (!known && value != 0) return writer->Fail(details.target, fmt::format("label {}", value));
    return writer->Text(details.target, known ? writer->arena()->Copy(labels[value - 1]) : "",
                        cell);
  }
  scratch_.clear();
  for (size_t i = 0; i < labels.size() && i < 64; ++i) {
    if ((value >> i & 1) == 0) continue;
    if (!scratch_.empty()) scratch_ += ',';
    scratch_ += labels[i];
  }
  writer->Text(details.target, writer->arena()->Copy(scratch_), cell);
}

// MariaDB's compressed columns: a header byte 0 and the plain value, or the number of length bytes
// (low three bits) and whether the deflate stream has no zlib header (bit 3).
void RowImageDecoder::Compressed(const Details& details, std::string_view bytes, CellWriter* writer,
                                 Cell* cell) {
  ByteReader reader({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  const uint8_t header = bytes.empty() ? 0 : reader.U8();
  if (header == 0) return Text(details, reader.Bytes(reader.remaining()), writer, cell);
  const uint64_t length = reader.Big(header & 0x07);
  const bool possible = reader.ok() && length <= kUncompressedMax &&
                        length <= (reader.remaining() + 1) * kDeflateRatioMax;
  if (!possible) return writer->Fail(details.target, "(malformed)");
  char* out = writer->arena()->Allocate(length);
  z_stream stream{};
  stream.next_in = const_cast<Bytef*>(reader.position());
  stream.avail_in = static_cast<uInt>(reader.remaining());
  stream.next_out = reinterpret_cast<Bytef*>(out);
  stream.avail_out = static_cast<uInt>(length);
  if (inflateInit2(&stream, (header & 0x08) != 0 ? -MAX_WBITS : MAX_WBITS) != Z_OK) {
    return writer->Fail(details.target, "(malformed)");
  }
  const int result = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (result != Z_STREAM_END || stream.total_out != length) {
    return writer->Fail(details.target, "(malformed)");
  }
  Text(details, {out, length}, writer, cell);
}

// What tables from before MySQL 5.6 have, and those that MariaDB makes with mysql56_temporal_format
// off. `value` is not negative, but for a time.
void RowImageDecoder::OldTemporal(const Details& details, int64_t value, CellWriter* writer,
                                  Cell* cell) {
  const TargetColumn& target = details.target;
  if (details.type.wire == Wire::kOldTimestamp) {
    if (value == 0) return writer->ZeroTimestamp(target, 0, cell);
    return writer->Timestamp(target, value * kSecondUs, 0, cell);
  }
  const int64_t digits = value < 0 ? -value : value;
  const int64_t second =
      ((digits / 10'000 % (details.type.wire == Wire::kOldTime ? 1'000 : 100)) * 60 +
       digits / 100 % 100) *
          60 +
      digits % 100;
  if (details.type.wire == Wire::kOldTime) {
    return writer->Time(target, (value < 0 ? -second : second) * kSecondUs, 0, cell);
  }
  const int64_t date = digits / 1'000'000;
  writer->DateTime(target, static_cast<unsigned>(date / 10'000),
                   static_cast<unsigned>(date / 100 % 100), static_cast<unsigned>(date % 100),
                   second * kSecondUs, 0, cell);
}

void RowImageDecoder::Temporal(const Details& details, ByteReader* reader, CellWriter* writer,
                               Cell* cell) {
  const TargetColumn& target = details.target;
  const uint8_t digits = details.type.digits;
  if (details.type.wire == Wire::kTime2) {
    return writer->Time(target, ReadTime2(reader, digits), digits, cell);
  }
  if (details.type.wire == Wire::kTimestamp2) {
    const auto second = static_cast<int64_t>(reader->Big(4));
    const int64_t time = second * kSecondUs + ReadFraction(reader, digits);
    if (time == 0) return writer->ZeroTimestamp(target, digits, cell);
    return writer->Timestamp(target, time, digits, cell);
  }
  // sign, year * 13 + month (17 bits), day (5), hour (5), minute (6), second (6)
  const uint64_t packed = reader->Big(5) - 0x8000000000ull;
  const auto months = static_cast<unsigned>(packed >> 22 & 0x1ffff);
  const auto day = static_cast<unsigned>(packed >> 17 & 0x1f);
  const int64_t second = static_cast<int64_t>(
      ((packed >> 12 & 0x1f) * 60 + (packed >> 6 & 0x3f)) * 60 + (packed & 0x3f));
  const int64_t time = second * kSecondUs + ReadFraction(reader, digits);
  writer->DateTime(target, months / 13, months % 13, day, time, digits, cell);
}

void RowImageDecoder::Value(size_t index, ByteReader* reader, CellWriter* writer, Cell* cell) {
  const Details& details = details_[index];
  const LoggedType& type = details.type;
  const TargetColumn& target = details.target;
  switch (type.wire) {
    case Wire::kInteger: {
      const uint64_t value = reader->Little(type.width);
      if (details.is_unsigned) return writer->Unsigned(target, value, cell);
      return writer->Integer(target, SignExtended(value, type.width), cell);
    }
    case Wire::kVarchar:
    case Wire::kString:
    case Wire::kBlob:
      return Text(details, reader->Bytes(reader->Little(type.width)), writer, cell);
    case Wire::kEnum:
    case Wire::kSet:
      return Labels(details, reader->Little(type.width), writer, cell);
    case Wire::kDate: {  // has an action of its own
      const uint32_t packed = reader->U24();
      return writer->Date(target, packed >> 9, packed >> 5 & 0x0f, packed & 0x1f, cell);
    }
    case Wire::kDateTime2:
    case Wire::kTimestamp2:
    case Wire::kTime2:
      return Temporal(details, reader, writer, cell);
    case Wire::kOldDateTime:
    case Wire::kOldTimestamp:
      return OldTemporal(details, static_cast<int64_t>(reader->Little(type.width)), writer, cell);
    case Wire::kOldTime:
      return OldTemporal(details, SignExtended(reader->Little(type.width), type.width), writer,
                         cell);
    case Wire::kDecimal: {
      char text[kDecimalTextMax];
      const size_t size = PrintDecimal(reader, type.precision, type.digits, text);
      if (size == 0) return reader->Fail();
      return writer->Decimal(target, {text, size}, cell);
    }
    case Wire::kFloat:
      return writer->Float(target, std::bit_cast<float>(reader->U32()), cell);
    case Wire::kDouble:
      return writer->Double(target, std::bit_cast<double>(reader->U64()), cell);
    case Wire::kYear: {
      const uint8_t year = reader->U8();
      return writer->Year(target, year == 0 ? 0 : 1900 + year, cell);
    }
    case Wire::kBit:
      return writer->Bit(target, reader->Bytes(type.width), type.bits, cell);
    case Wire::kJson: {
      const std::string_view bytes = reader->Bytes(reader->Little(type.width));
      scratch_.clear();
      if (!AppendJsonText({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()},
                          &scratch_)) {
        return writer->Fail(target, "(malformed JSON)");
      }
      return writer->Text(target, writer->arena()->Copy(scratch_), cell);
    }
    case Wire::kCompressedBlob:
    case Wire::kCompressedVarchar:
      return Compressed(details, reader->Bytes(reader->Little(type.width)), writer, cell);
  }
}

}  // namespace millrace::mysql
