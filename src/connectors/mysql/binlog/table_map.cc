#include "connectors/mysql/binlog/table_map.h"

#include "base/bytes.h"
#include "connectors/mysql/binlog/logged_type.h"

namespace millrace::mysql {
namespace {

using enum FieldType::Code;

// MySQL, libbinlogevents, Table_map_event::Optional_metadata_field_type.
enum Extra : uint8_t {
  kSignedness = 1,
  kDefaultCharset = 2,
  kColumnCharset = 3,
  kColumnName = 4,
  kSetLabels = 5,
  kEnumLabels = 6,
  kSimplePrimaryKey = 8,
  kPrimaryKeyWithPrefix = 9,
  kLabelDefaultCharset = 10,
  kLabelColumnCharset = 11,
};

// ENUM and SET are logged as strings whose metadata says what they are.
uint8_t RealType(uint8_t type, uint16_t metadata) {
  const auto low = static_cast<uint8_t>(metadata & 0xff);
  return type == kString && (low == kEnum || low == kSet) ? low : type;
}

struct Counts {
  size_t columns = 0;
  size_t text = 0;
  size_t enums = 0;
  size_t sets = 0;
};

Counts CountColumns(const TableMap& map, bool is_mariadb) {
  Counts counts;
  counts.columns = map.types.size();
  for (size_t i = 0; i < map.types.size(); ++i) {
    counts.text += HasCollation(map.types[i], map.metadata[i], is_mariadb) ? 1 : 0;
    counts.enums += IsEnum(map.types[i], map.metadata[i]) ? 1 : 0;
    counts.sets += IsSet(map.types[i], map.metadata[i]) ? 1 : 0;
  }
  return counts;
}

// signs ::= a bit for each column, the highest of a byte first
void ReadSigns(ByteReader* field, std::vector<bool>* signs) {
  while (field->remaining() > 0) {
    const uint8_t bits = field->U8();
    for (int i = 7; i >= 0; --i) signs->push_back((bits >> i & 1) != 0);
  }
}

// default ::= collation (index collation)*: of all columns but those with an index
void ReadDefault(ByteReader* field, size_t count, std::vector<uint16_t>* collations) {
  collations->assign(count, static_cast<uint16_t>(field->LengthEncoded()));
  while (field->ok() && field->remaining() > 0) {
    const uint64_t index = field->LengthEncoded();
    const uint64_t collation = field->LengthEncoded();
    if (index >= count) return field->Fail();
    (*collations)[index] = static_cast<uint16_t>(collation);
  }
}

void ReadCollations(ByteReader* field, std::vector<uint16_t>* collations) {
  while (field->ok() && field->remaining() > 0) {
    collations->push_back(static_cast<uint16_t>(field->LengthEncoded()));
  }
}

void ReadNames(ByteReader* field, std::vector<std::string>* names) {
  while (field->ok() && field->remaining() > 0) {
    names->emplace_back(field->Bytes(field->LengthEncoded()));
  }
}

// labels ::= (count (length label)*)*
void ReadLabels(ByteReader* field, std::vector<std::vector<std::string>>* lists) {
  while (field->ok() && field->remaining() > 0) {
    std::vector<std::string>& labels = lists->emplace_back();
    for (uint64_t left = field->LengthEncoded(); left > 0 && field->ok(); --left) {
      labels.emplace_back(field->Bytes(field->LengthEncoded()));
    }
  }
}

void ReadPrimaryKey(ByteReader* field, bool with_prefix, std::vector<uint32_t>* key) {
  bool whole = true;
  while (field->ok() && field->remaining() > 0) {
    key->push_back(static_cast<uint32_t>(field->LengthEncoded()));
    if (with_prefix) whole = field->LengthEncoded() == 0 && whole;
  }
  if (!whole) key->clear();
}

void ReadExtra(uint8_t kind, ByteReader* field, const Counts& counts, TableMapExtras* extras) {
  switch (kind) {
    case kSignedness:
      return ReadSigns(field, &extras->is_unsigned);
    case kDefaultCharset:
      return ReadDefault(field, counts.text, &extras->collations);
    case kColumnCharset:
      return ReadCollations(field, &extras->collations);
    case kColumnName:
      return ReadNames(field, &extras->names);
    case kSetLabels:
      return ReadLabels(field, &extras->set_labels);
    case kEnumLabels:
      return ReadLabels(field, &extras->enum_labels);
    case kSimplePrimaryKey:
    case kPrimaryKeyWithPrefix:
      return ReadPrimaryKey(field, kind == kPrimaryKeyWithPrefix, &extras->primary_key);
    case kLabelDefaultCharset:
      return ReadDefault(field, counts.enums + counts.sets, &extras->label_collations);
    case kLabelColumnCharset:
      return ReadCollations(field, &extras->label_collations);
    default:
      return;
  }
}

template <typename List>
bool IsEmptyOr(const List& list, size_t count) {
  return list.empty() || list.size() == count;
}

// extra ::= kind (1) length field
bool ReadExtras(ByteReader* reader, bool is_mariadb, TableMap* map) {
  const Counts counts = CountColumns(*map, is_mariadb);
  TableMapExtras& extras = map->extras;
  while (reader->ok() && reader->remaining() > 0) {
    const uint8_t kind = reader->U8();
    const std::string_view bytes = reader->Bytes(reader->LengthEncoded());
    ByteReader field({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
    ReadExtra(kind, &field, counts, &extras);
    if (!field.ok()) return false;
  }
  for (const uint32_t index : extras.primary_key) {
    if (index >= counts.columns) return false;
  }
  return reader->ok() && IsEmptyOr(extras.collations, counts.text) &&
         IsEmptyOr(extras.label_collations, counts.enums + counts.sets) &&
         IsEmptyOr(extras.names, counts.columns) && IsEmptyOr(extras.enum_labels, counts.enums) &&
         IsEmptyOr(extras.set_labels, counts.sets);
}

}  // namespace

bool IsNumeric(uint8_t type) {
  switch (type) {
    case kTiny:
    case kShort:
    case kInt24:
    case kLong:
    case kLongLong:
    case kFloat:
    case kDouble:
    case kDecimal:
    case kYear:
      return true;
    default:
      return false;
  }
}

bool HasCollation(uint8_t type, uint16_t metadata, bool is_mariadb) {
  switch (RealType(type, metadata)) {
    case kGeometry:
      return is_mariadb;
    case kVarchar:
    case kCompressedBlob:
    case kCompressedVarchar:
    case kBlob:
    case kVarString:
    case kString:
      return true;
    default:
      return false;
  }
}

bool IsEnum(uint8_t type, uint16_t metadata) { return RealType(type, metadata) == kEnum; }
bool IsSet(uint8_t type, uint16_t metadata) { return RealType(type, metadata) == kSet; }

std::optional<TableMapName> ParseTableMapName(std::span<const uint8_t> body) {
  ByteReader reader(body);
  TableMapName name;
  name.id = reader.U48();
  reader.Skip(2);
  name.database = reader.BytesBeforeZero(reader.U8());
  name.table = reader.BytesBeforeZero(reader.U8());
  return reader.ok() ? std::optional(name) : std::nullopt;
}

std::optional<TableMap> ParseTableMap(std::span<const uint8_t> body, bool is_mariadb) {
  const std::optional<TableMapName> name = ParseTableMapName(body);
  if (!name) return std::nullopt;
  TableMap map;
  map.id = name->id;
  map.database = name->database;
  map.table = name->table;
  ByteReader reader(body);
  reader.Skip(6 + 2 + 1 + map.database.size() + 1 + 1 + map.table.size() + 1);
  const uint64_t columns = reader.LengthEncoded();
  if (columns > kColumnsMax) return std::nullopt;
  const std::string_view types = reader.Bytes(columns);
  map.types.assign(types.begin(), types.end());
  const std::string_view field = reader.Bytes(reader.LengthEncoded());
  ByteReader metadata({reinterpret_cast<const uint8_t*>(field.data()), field.size()});
  for (const uint8_t type : map.types) {
    map.metadata.push_back(static_cast<uint16_t>(metadata.Little(MetadataBytes(type))));
  }
  const std::string_view nullable = reader.Bytes((columns + 7) / 8);
  if (!reader.ok() || !metadata.ok()) return std::nullopt;
  for (size_t i = 0; i < columns; ++i) {
    map.is_nullable.push_back((static_cast<uint8_t>(nullable[i / 8]) >> i % 8 & 1) != 0);
  }
  return ReadExtras(&reader, is_mariadb, &map) ? std::optional(map) : std::nullopt;
}

}  // namespace millrace::mysql
