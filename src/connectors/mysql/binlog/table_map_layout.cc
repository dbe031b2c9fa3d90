#include "connectors/mysql/binlog/table_map_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/quote.h"
#include "connectors/mysql/binlog/logged_type.h"
#include "connectors/mysql/values/address_text.h"
#include "connectors/mysql/values/charset.h"

namespace millrace::mysql {
namespace {

using enum FieldType::Code;

constexpr size_t kLabelsOfOneByte = 255;
const std::string kBinaryCharset = "binary";  // of columns without one

// Goes over the columns of a map together with the lists that have an entry for some of them only.
class MapColumn final {
 public:
  MapColumn(const TableMap& map, const ServerFacts& server)
      : map_(map), is_mariadb_(server.is_mariadb) {}

  size_t index() const { return index_; }
  uint8_t type() const { return map_.types[index_]; }
  uint16_t metadata() const { return map_.metadata[index_]; }
  uint8_t low() const { return static_cast<uint8_t>(metadata() & 0xff); }
  uint8_t high() const { return static_cast<uint8_t>(metadata() >> 8); }
  bool is_enum() const { return IsEnum(type(), metadata()); }
  bool is_text_or_bytes() const { return HasCollation(type(), metadata(), false); }
  bool is_set() const { return IsSet(type(), metadata()); }
  // The type, also if it is logged as a string.
  uint8_t code() const {
    if (is_enum()) return kEnum;
    return is_set() ? static_cast<uint8_t>(kSet) : type();
  }

  std::optional<bool> is_unsigned() const {
    if (!IsNumeric(type()) || numeric_ >= map_.extras.is_unsigned.size()) return std::nullopt;
    return map_.extras.is_unsigned[numeric_];
  }
  std::optional<uint16_t> collation() const {
    const bool has_labels = is_enum() || is_set();
    const auto& list = has_labels ? map_.extras.label_collations : map_.extras.collations;
    const size_t at = has_labels ? enums_ + sets_ : text_;
    const bool has = has_labels || HasCollation(type(), metadata(), is_mariadb_);
    return has && at < list.size() ? std::optional(list[at]) : std::nullopt;
  }
  const std::string* name() const {
    return map_.extras.names.empty() ? nullptr : &map_.extras.names[index_];
  }
  const std::vector<std::string>* labels() const {
    const auto& lists = is_enum() ? map_.extras.enum_labels : map_.extras.set_labels;
    const size_t at = is_enum() ? enums_ : sets_;
    return (is_enum() || is_set()) && at < lists.size() ? &lists[at] : nullptr;
  }

  void Next() {
    numeric_ += IsNumeric(type()) ? 1 : 0;
    text_ += HasCollation(type(), metadata(), is_mariadb_) ? 1 : 0;
    enums_ += is_enum() ? 1 : 0;
    sets_ += is_set() ? 1 : 0;
    ++index_;
  }

 private:
  const TableMap& map_;
  const bool is_mariadb_;
  size_t index_ = 0;
  size_t numeric_ = 0;
  size_t text_ = 0;
  size_t enums_ = 0;
  size_t sets_ = 0;
};

// The most bytes of a CHAR, VARCHAR, BINARY or VARBINARY.
uint32_t BytesMax(const ServerColumn& column) {
  const bool text = column.type == ColumnType::kChar || column.type == ColumnType::kVarChar;
  return text ? column.length * BytesPerCharacter(column.charset) : column.length;
}

struct SizedType {
  std::string_view name;
  uint8_t length_bytes;
};

constexpr std::array kSizedTypes = {
    SizedType{"tinytext", 1},   SizedType{"text", 2},     SizedType{"mediumtext", 3},
    SizedType{"longtext", 4},   SizedType{"tinyblob", 1}, SizedType{"blob", 2},
    SizedType{"mediumblob", 3}, SizedType{"longblob", 4},
};

uint8_t LengthBytesOf(std::string_view type_name) {
  for (const SizedType& sized : kSizedTypes) {
    if (sized.name == type_name) return sized.length_bytes;
  }
  return 0;
}

bool IsCode(const MapColumn& map, uint8_t code) { return map.type() == code; }
bool IsCode(const MapColumn& map, uint8_t code, unsigned low) {
  return map.type() == code && map.low() == low;
}

bool IsStringOf(const MapColumn& map, uint32_t bytes) {
  const auto logged = ParseLoggedType(map.type(), map.metadata());
  return map.code() == kString && logged && logged->bytes_max == bytes;
}

// The old formats of times have no fraction.
bool IsTemporal(const MapColumn& map, uint8_t code, uint8_t old_code, uint32_t digits) {
  return IsCode(map, code, digits) || (map.type() == old_code && digits == 0);
}

bool FitsType(const MapColumn& map, const ServerColumn& column) {
  switch (column.type) {
    case ColumnType::kTinyInt:
      return IsCode(map, kTiny);
    case ColumnType::kSmallInt:
      return IsCode(map, kShort);
    case ColumnType::kMediumInt:
      return IsCode(map, kInt24);
    case ColumnType::kInt:
      return IsCode(map, kLong);
    case ColumnType::kBigInt:
      return IsCode(map, kLongLong);
    case ColumnType::kYear:
      return IsCode(map, kYear);
    case ColumnType::kFloat:
      return IsCode(map, kFloat);
    case ColumnType::kDouble:
      return IsCode(map, kDouble);
    case ColumnType::kDecimal:
      return IsCode(map, kDecimal, column.length) && map.high() == column.scale;
    case ColumnType::kBit:
      return IsCode(map, kBit) && map.high() * 8u + map.low() == column.length;
    case ColumnType::kDate:
      return IsCode(map, kDate);
    case ColumnType::kTime:
      return IsTemporal(map, kTime2, kOldTime, column.length);
    case ColumnType::kDateTime:
      return IsTemporal(map, kDateTime2, kOldDateTime, column.length);
    case ColumnType::kTimestamp:
      return IsTemporal(map, kTimestamp2, kOldTimestamp, column.length);
    case ColumnType::kChar:
    case ColumnType::kBinary:
      return IsStringOf(map, BytesMax(column));
    case ColumnType::kVarChar:
    case ColumnType::kVarBinary: {
      // A compressed column has a byte more, for its header.
      const bool plain = IsCode(map, kVarchar) || IsCode(map, kVarString);
      return (plain && map.metadata() == BytesMax(column)) ||
             (IsCode(map, kCompressedVarchar) && map.metadata() == BytesMax(column) + 1);
    }
    case ColumnType::kText:
    case ColumnType::kBlob:
      return IsCode(map, kBlob, LengthBytesOf(column.type_name)) || IsCode(map, kCompressedBlob);
    case ColumnType::kGeometry:
      return IsCode(map, kGeometry);
    case ColumnType::kVector:
      return IsCode(map, kVector) || IsCode(map, kVarchar);
    case ColumnType::kJson:
      return IsCode(map, kJson);
    case ColumnType::kEnum:
      return map.is_enum() && map.high() == (column.labels.size() > kLabelsOfOneByte ? 2 : 1);
    case ColumnType::kSet:
      return map.is_set();
    case ColumnType::kUuid:
      return IsStringOf(map, kUuidBytes);
    case ColumnType::kInet:
      return IsStringOf(map, kInet6Bytes) || IsStringOf(map, kInet4Bytes);
    case ColumnType::kOther:
      return true;
  }
  return false;
}

// Labels of a column as UTF-8.
std::optional<std::vector<std::string>> InUtf8(const std::vector<std::string>& labels,
                                               const std::string& charset) {
  const auto converter = Charset::ForName(charset);
  if (!converter.ok()) return std::nullopt;
  Arena arena;
  std::vector<std::string> converted;
  for (const std::string& label : labels) converted.emplace_back(converter->ToUtf8(label, &arena));
  return converted;
}

// What differs between a column of the map and one that is known; empty: nothing.
std::string Difference(const MapColumn& map, const ServerColumn& column,
                       const ServerFacts& server) {
  if (map.name() != nullptr && !IsSameName(*map.name(), column.name)) {
    return "is called " + Quoted(*map.name());
  }
  if (!FitsType(map, column)) {
    return fmt::format("has type code {} with metadata {:#06x}", map.type(), map.metadata());
  }
  const auto is_unsigned = map.is_unsigned();
  const bool has_sign = column.type != ColumnType::kOther && column.type != ColumnType::kYear;
  if (is_unsigned && has_sign && *is_unsigned != column.is_unsigned) {
    return *is_unsigned ? "is UNSIGNED" : "is not UNSIGNED";
  }
  const auto collation = map.collation();
  const std::string charset = collation ? server.CharsetOf(*collation) : "";
  const std::string& known = column.charset.empty() ? kBinaryCharset : column.charset;
  if (!charset.empty() && column.type != ColumnType::kOther && charset != known) {
    return "has the character set " + charset;
  }
  if (map.labels() == nullptr) return "";
  const auto labels = InUtf8(*map.labels(), column.charset);
  return labels && *labels != column.labels ? "has other labels" : "";
}

struct TypeOfCode {
  uint8_t code;
  ColumnType type;
  std::string_view name;
};

constexpr TypeOfCode kTypes[] = {
    {kTiny, ColumnType::kTinyInt, "tinyint"},
    {kShort, ColumnType::kSmallInt, "smallint"},
    {kInt24, ColumnType::kMediumInt, "mediumint"},
    {kLong, ColumnType::kInt, "int"},
    {kLongLong, ColumnType::kBigInt, "bigint"},
    {kYear, ColumnType::kYear, "year"},
    {kFloat, ColumnType::kFloat, "float"},
    {kDouble, ColumnType::kDouble, "double"},
    {kDecimal, ColumnType::kDecimal, "decimal"},
    {kBit, ColumnType::kBit, "bit"},
    {kDate, ColumnType::kDate, "date"},
    {kTime2, ColumnType::kTime, "time"},
    {kDateTime2, ColumnType::kDateTime, "datetime"},
    {kTimestamp2, ColumnType::kTimestamp, "timestamp"},
    {kJson, ColumnType::kJson, "json"},
    {kGeometry, ColumnType::kGeometry, "geometry"},
    {kVector, ColumnType::kVector, "vector"},
    {kEnum, ColumnType::kEnum, "enum"},
    {kSet, ColumnType::kSet, "set"},
};

// Of text without a character set, which is bytes.
struct TextType {
  ColumnType type;
  std::string name;
};

TextType TextTypeOf(const MapColumn& map, bool is_bytes) {
  switch (map.type()) {
    case kString:
      return is_bytes ? TextType{ColumnType::kBinary, "binary"}
                      : TextType{ColumnType::kChar, "char"};
    case kVarchar:
    case kVarString:
    case kCompressedVarchar:
      return is_bytes ? TextType{ColumnType::kVarBinary, "varbinary"}
                      : TextType{ColumnType::kVarChar, "varchar"};
    default:
      break;
  }
  for (const SizedType& sized : kSizedTypes) {
    if (sized.length_bytes == map.low() && sized.name.ends_with("blob") == is_bytes) {
      return {is_bytes ? ColumnType::kBlob : ColumnType::kText, std::string(sized.name)};
    }
  }
  return {ColumnType::kOther, "blob"};
}

uint32_t LengthOf(const MapColumn& map, const ServerColumn& column) {
  const auto logged = ParseLoggedType(map.type(), map.metadata());
  if (!logged) return 0;
  const uint32_t unit = column.charset.empty() ? 1 : BytesPerCharacter(column.charset);
  switch (column.type) {
    case ColumnType::kChar:
    case ColumnType::kBinary:
      return logged->bytes_max / unit;
    case ColumnType::kVarChar:
    case ColumnType::kVarBinary:
      return (map.metadata() - (map.type() == kCompressedVarchar ? 1 : 0)) / unit;
    case ColumnType::kDecimal:
      return logged->precision;
    case ColumnType::kBit:
      return logged->bits;
    case ColumnType::kTime:
    case ColumnType::kDateTime:
    case ColumnType::kTimestamp:
      return logged->digits;
    default:
      return 0;
  }
}

std::optional<ServerColumn> ColumnOf(const MapColumn& map, const ServerFacts& server) {
  ServerColumn column;
  column.name = *map.name();
  column.is_unsigned = map.type() != kYear && map.is_unsigned().value_or(false);
  const bool has_charset = map.collation().has_value();
  if (has_charset) {
    column.charset = server.CharsetOf(*map.collation());
    if (column.charset.empty()) return std::nullopt;
    if (column.charset == kBinaryCharset) column.charset.clear();
  }
  if (map.is_enum() || map.is_set()) {
    if (map.labels() == nullptr || !has_charset) return std::nullopt;
    const auto labels = InUtf8(*map.labels(), column.charset);
    if (!labels) return std::nullopt;
    column.labels = *labels;
  }
  if (map.is_text_or_bytes()) {
    if (!has_charset) return std::nullopt;
    TextType text = TextTypeOf(map, column.charset.empty());
    column.type = text.type;
    column.type_name = std::move(text.name);
  } else {
    const auto* const found =
        std::find_if(std::begin(kTypes), std::end(kTypes),
                     [&](const TypeOfCode& known) { return known.code == map.code(); });
    if (found == std::end(kTypes)) return std::nullopt;
    column.type = found->type;
    column.type_name = found->name;
  }
  if (column.type == ColumnType::kOther) return std::nullopt;
  column.length = LengthOf(map, column);
  if (column.type == ColumnType::kDecimal) column.scale = map.high();
  return column;
}

}  // namespace

Status CheckTableMap(const TableMap& map, const TableLayout& layout, const ServerFacts& server) {
  if (map.types.size() != layout.columns.size()) {
    return Status::Permanent(fmt::format("its rows there have {} columns, not {}", map.types.size(),
                                         layout.columns.size()));
  }
  for (MapColumn column(map, server); column.index() < map.types.size(); column.Next()) {
    const ServerColumn& known = layout.columns[column.index()];
    const std::string difference = Difference(column, known, server);
    if (difference.empty()) continue;
    return Status::Permanent(fmt::format("column {}, {} {}, {} there", column.index() + 1,
                                         Quoted(known.name), known.TypeText(), difference));
  }
  return Status::Ok();
}

std::optional<TableLayout> LayoutOf(const TableMap& map, const ServerFacts& server) {
  if (map.extras.names.empty()) return std::nullopt;
  TableLayout layout;
  for (MapColumn column(map, server); column.index() < map.types.size(); column.Next()) {
    std::optional<ServerColumn> described = ColumnOf(column, server);
    if (!described) return std::nullopt;
    described->is_nullable = map.is_nullable[column.index()];
    layout.columns.push_back(std::move(*described));
  }
  if (map.extras.primary_key.empty()) return layout;
  TableIndex primary;
  primary.name = "PRIMARY";
  primary.is_unique = primary.is_primary = true;
  for (const uint32_t index : map.extras.primary_key) {
    primary.columns.push_back(layout.columns[index].name);
  }
  layout.indexes.push_back(std::move(primary));
  return layout;
}

}  // namespace millrace::mysql
