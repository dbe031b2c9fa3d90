#include "connectors/mysql/binlog/log_event.h"

#include <fmt/format.h>
#include <zlib.h>

#include <memory>

#include "base/bytes.h"
#include "connectors/mysql/binlog/table_map.h"
#include "connectors/mysql/values/address_text.h"

namespace millrace::mysql {
namespace {

constexpr uint64_t kInflatedBytesMax = 1024ull * 1024 * 1024;
constexpr uint64_t kDeflateRatioMax = 1040;  // deflate cannot do better
constexpr size_t kLoadQueryBytes =
    13;  // file, begin and end of its name, what to do with duplicates

// Of the session that executed a statement. Their lengths are not written, so that nothing after
// one that is not known here can be read; all that matter come early.
void ParseStatusVariables(std::string_view bytes, QueryText* query) {
  enum Variable : uint8_t {
    kFlags = 0,
    kSqlMode = 1,
    kAutoIncrement = 3,
    kCharset = 4,
    kTimeZone = 5,
    kCatalog = 6,
    kTimeNames = 7,
    kDatabaseCharset = 8,
  };
  ByteReader reader({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  while (reader.ok() && reader.remaining() > 0) {
    switch (reader.U8()) {
      case kFlags:
      case kAutoIncrement:
        reader.Skip(4);
        break;
      case kSqlMode:
        query->sql_mode = reader.U64();
        break;
      case kCharset:
        query->client_collation = reader.U16();
        reader.Skip(2);  // of literals
        query->server_collation = reader.U16();
        break;
      case kTimeZone:
      case kCatalog:
        reader.Skip(reader.U8());
        break;
      case kTimeNames:
        reader.Skip(2);
        break;
      case kDatabaseCharset:
        query->database_collation = reader.U16();
        return;
      default:
        return;
    }
  }
}

// Empty if bytes are missing.
std::string UuidText(std::string_view bytes) {
  if (bytes.size() != kUuidBytes) return "";
  const std::span uuid(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  char text[kAddressTextMax];
  return {text, PrintUuid(uuid.first<kUuidBytes>(), text)};
}

// MariaDB: 0x80 + n, n bytes of length, big-endian, then a zlib stream.
std::optional<std::string> InflateMaria(std::span<const uint8_t> bytes) {
  ByteReader reader(bytes);
  const uint8_t header = reader.U8();
  const uint64_t length = reader.Big(header & 0x07);
  if (!reader.ok() || (header & 0x80) == 0 || length > kInflatedBytesMax) return std::nullopt;
  // Before memory is allocated: what cannot come out of these bytes is malformed.
  if (length > (reader.remaining() + 1) * kDeflateRatioMax) return std::nullopt;
  std::string out(length, '\0');
  uLongf size = length;
  const int result = uncompress(reinterpret_cast<Bytef*>(out.data()), &size, reader.position(),
                                static_cast<uLong>(reader.remaining()));
  if (result != Z_OK || size != length) return std::nullopt;
  return out;
}

// The serialization of MySQL's newer events: varints whose length is the number of trailing ones of
// the first byte (mysql/serialization/variable_length_integers.h).
uint64_t ReadVarint(ByteReader* reader) {
  const uint8_t first = reader->U8();
  size_t more = 0;
  while (more < 8 && (first >> more & 1) != 0) ++more;
  if (more == 8) return reader->U64();
  const uint64_t rest = reader->Little(more);
  const uint64_t low = static_cast<uint64_t>(first) >> (more + 1);
  return low | rest << (7 - more);
}

int64_t ReadSignedVarint(ByteReader* reader) {
  const uint64_t value = ReadVarint(reader);
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

// message ::= version size last-non-ignorable-field {field-id value}
// fields: 0 flags (a byte), 1 uuid (16 varint bytes), 2 number (signed), 3 tag (length, characters)
std::optional<Gtid> ParseTaggedGtid(std::span<const uint8_t> body) {
  ByteReader reader(body);
  ReadVarint(&reader);
  ReadVarint(&reader);
  ReadVarint(&reader);
  Gtid gtid;
  std::string uuid;
  for (int expected = 0; expected <= 3; ++expected) {
    if (ReadVarint(&reader) != static_cast<uint64_t>(expected)) return std::nullopt;
    if (expected == 0) reader.Skip(1);
    if (expected == 1) {
      for (size_t i = 0; i < kUuidBytes; ++i) uuid += static_cast<char>(ReadVarint(&reader));
    }
    if (expected == 2) gtid.number = static_cast<uint64_t>(ReadSignedVarint(&reader));
    if (expected == 3) {
      const std::string_view tag = reader.Bytes(ReadVarint(&reader));
      gtid.source = UuidText(uuid) + (tag.empty() ? "" : ":" + std::string(tag));
    }
  }
  return reader.ok() ? std::optional(gtid) : std::nullopt;
}

}  // namespace

uint32_t EventBytes(std::span<const uint8_t> header) {
  ByteReader reader(header);
  reader.Skip(4 + 1 + 4);
  return reader.U32();
}

std::optional<Event> ParseEvent(std::span<const uint8_t> bytes, size_t checksum_bytes) {
  if (bytes.size() < kEventHeaderBytes + checksum_bytes) return std::nullopt;
  ByteReader reader(bytes);
  Event event;
  event.timestamp = reader.U32();
  event.type = reader.U8();
  reader.Skip(4);  // server id
  const uint32_t size = reader.U32();
  event.next_position = reader.U32();
  event.flags = reader.U16();
  if (size != bytes.size() && size < kEventHeaderBytes + checksum_bytes) return std::nullopt;
  event.body = bytes.subspan(kEventHeaderBytes, bytes.size() - kEventHeaderBytes - checksum_bytes);
  return event;
}

bool IsRows(uint8_t type) {
  return (type >= kWriteRowsV1 && type <= kDeleteRowsV1) ||
         (type >= kWriteRowsV2 && type <= kDeleteRowsV2) ||
         (type >= kMariaWriteRowsCompressed && type <= kMariaDeleteRowsCompressed);
}

uint64_t RowsTableId(const Event& event) { return ByteReader(event.body).U48(); }

std::optional<RowsEvent> ParseRows(const Event& event, std::string* unpacked) {
  RowsEvent rows;
  const bool compressed = event.type >= kMariaWriteRowsCompressed;
  const uint8_t base = compressed                   ? kMariaWriteRowsCompressed
                       : event.type >= kWriteRowsV2 ? kWriteRowsV2
                                                    : kWriteRowsV1;
  rows.kind = static_cast<RowsKind>(event.type - base);
  ByteReader reader(event.body);
  rows.table_id = reader.U48();
  reader.Skip(2);
  if (base == kWriteRowsV2) {
    const uint16_t extra = reader.U16();  // its own two bytes included
    if (extra < 2) return std::nullopt;
    reader.Skip(extra - 2);
  }
  rows.columns = reader.LengthEncoded();
  if (rows.columns > kColumnsMax) return std::nullopt;
  const size_t bitmap = (rows.columns + 7) / 8;
  rows.present = {reader.position(), reader.remaining() >= bitmap ? bitmap : 0};
  reader.Skip(bitmap);
  if (rows.kind == RowsKind::kUpdate) {
    rows.present_after = {reader.position(), reader.remaining() >= bitmap ? bitmap : 0};
    reader.Skip(bitmap);
  }
  if (!reader.ok()) return std::nullopt;
  rows.rows = {reader.position(), reader.remaining()};
  if (!compressed) return rows;
  std::optional<std::string> inflated = InflateMaria(rows.rows);
  if (!inflated) return std::nullopt;
  *unpacked = std::move(*inflated);
  rows.rows = {reinterpret_cast<const uint8_t*>(unpacked->data()), unpacked->size()};
  return rows;
}

std::optional<QueryText> ParseQuery(const Event& event, std::string* unpacked) {
  ByteReader reader(event.body);
  reader.Skip(8);  // thread, seconds
  const uint8_t database_length = reader.U8();
  reader.Skip(2);  // error code
  const uint16_t status_bytes = reader.U16();
  if (event.type == kExecuteLoadQueryEvent) reader.Skip(kLoadQueryBytes);
  QueryText query;
  ParseStatusVariables(reader.Bytes(status_bytes), &query);
  query.database = reader.BytesBeforeZero(database_length);
  if (!reader.ok()) return std::nullopt;
  query.statement = reader.Bytes(reader.remaining());
  if (event.type == kMariaQueryCompressed) {
    std::optional<std::string> inflated = InflateMaria(
        {reinterpret_cast<const uint8_t*>(query.statement.data()), query.statement.size()});
    if (!inflated) return std::nullopt;
    *unpacked = std::move(*inflated);
    query.statement = *unpacked;
  }
  return query;
}

std::optional<Gtid> ParseGtid(const Event& event) {
  if (event.type == kGtidTaggedEvent) return ParseTaggedGtid(event.body);
  ByteReader reader(event.body);
  reader.Skip(1);
  Gtid gtid;
  gtid.source = UuidText(reader.Bytes(kUuidBytes));
  gtid.number = reader.U64();
  return reader.ok() ? std::optional(gtid) : std::nullopt;
}

std::optional<Rotation> ParseRotate(std::span<const uint8_t> body) {
  ByteReader reader(body);
  Rotation rotation;
  rotation.position = reader.U64();
  rotation.file = reader.Bytes(reader.remaining());
  return reader.ok() && !rotation.file.empty() ? std::optional(rotation) : std::nullopt;
}

}  // namespace millrace::mysql
