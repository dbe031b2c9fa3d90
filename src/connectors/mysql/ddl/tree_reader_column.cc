// Columns, their types, and indexes.
#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/ascii.h"
#include "base/utf8.h"
#include "connectors/mysql/ddl/literal.h"
#include "connectors/mysql/ddl/tree_reader.h"

namespace millrace::mysql::ddl {
namespace {

// What types are called, in capital letters and without NATIONAL, and what they are.
struct TypeName {
  std::string_view written;
  std::string_view name;
};
constexpr std::array kTypes = std::to_array<TypeName>({
    {"BIGINT", "bigint"},
    {"BINARY", "binary"},
    {"BIT", "bit"},
    {"BLOB", "blob"},
    {"BOOL", "tinyint"},
    {"BOOLEAN", "tinyint"},
    {"CHAR VARCHAR", "varchar"},
    {"CHAR VARCHARACTER", "varchar"},
    {"CHAR VARYING", "varchar"},
    {"CHAR", "char"},
    {"CHARACTER VARYING", "varchar"},
    {"CHARACTER", "char"},
    {"CLOB", "longtext"},
    {"DATE", "date"},
    {"DATETIME", "datetime"},
    {"DEC", "decimal"},
    {"DECIMAL", "decimal"},
    {"DOUBLE PRECISION", "double"},
    {"DOUBLE", "double"},
    {"FIXED", "decimal"},
    {"FLOAT", "float"},
    {"FLOAT4", "float"},
    {"FLOAT8", "double"},
    {"GEOMCOLLECTION", "geomcollection"},
    {"GEOMETRY", "geometry"},
    {"GEOMETRYCOLLECTION", "geometrycollection"},
    {"INET4", "inet4"},
    {"INET6", "inet6"},
    {"INT", "int"},
    {"INT1", "tinyint"},
    {"INT2", "smallint"},
    {"INT3", "mediumint"},
    {"INT4", "int"},
    {"INT8", "bigint"},
    {"INTEGER", "int"},
    {"JSON", "json"},
    {"LINESTRING", "linestring"},
    {"LONG CHAR VARYING", "mediumtext"},
    {"LONG CHARACTER VARYING", "mediumtext"},
    {"LONG VARBINARY", "mediumblob"},
    {"LONG VARCHAR", "mediumtext"},
    {"LONG VARCHARACTER", "mediumtext"},
    {"LONG", "mediumtext"},
    {"LONGBLOB", "longblob"},
    {"LONGTEXT", "longtext"},
    {"MEDIUMBLOB", "mediumblob"},
    {"MEDIUMINT", "mediumint"},
    {"MEDIUMTEXT", "mediumtext"},
    {"MIDDLEINT", "mediumint"},
    {"MULTILINESTRING", "multilinestring"},
    {"MULTIPOINT", "multipoint"},
    {"MULTIPOLYGON", "multipolygon"},
    {"NUMBER", "decimal"},
    {"NUMERIC", "decimal"},
    {"POINT", "point"},
    {"POLYGON", "polygon"},
    {"RAW", "varbinary"},
    {"REAL", "double"},
    {"SERIAL", "bigint"},
    {"SMALLINT", "smallint"},
    {"TEXT", "text"},
    {"TIME", "time"},
    {"TIMESTAMP", "timestamp"},
    {"TINYBLOB", "tinyblob"},
    {"TINYINT", "tinyint"},
    {"TINYTEXT", "tinytext"},
    {"UUID", "uuid"},
    {"VARBINARY", "varbinary"},
    {"VARCHAR", "varchar"},
    {"VARCHAR2", "varchar"},
    {"VARCHARACTER", "varchar"},
    {"VECTOR", "vector"},
    {"XMLTYPE", "longtext"},
    {"YEAR", "year"},
});

constexpr uint32_t kFloatDigitsMax = 24;  // FLOAT(25) is a DOUBLE
constexpr uint32_t kMysql8 = 80000;       // has GEOMCOLLECTION

// Takes NATIONAL, or the N of NCHAR and NVARCHAR, off the front.
bool TakeNational(std::string* words) {
  constexpr std::string_view kNational = "NATIONAL ";
  if (words->starts_with(kNational)) {
    words->erase(0, kNational.size());
    return true;
  }
  if (!words->starts_with("NCHAR") && *words != "NVARCHAR") return false;
  words->erase(0, 1);
  return true;
}

// What the name means in the dialect; `schema` is what may stand before it: mariadb_schema.date.
void TranslateName(std::string_view words, std::string_view schema, const Dialect& dialect,
                   DataType* type) {
  const bool is_oracle = schema.empty() ? dialect.oracle : schema == "oracle_schema";
  const bool is_maxdb = schema.empty() ? dialect.maxdb : schema == "maxdb_schema";
  if (is_oracle && words == "DATE") type->name = "datetime";
  // Of the grammar of that mode, so that mariadb_schema.blob is one too.
  if (dialect.oracle && words == "BLOB" && !type->length) type->name = "longblob";
  if (is_oracle && words == "NUMBER" && !type->length) type->name = "double";
  if (is_maxdb && words == "TIMESTAMP") type->name = "datetime";
  if (words == "REAL" && dialect.real_as_float) type->name = "float";
  if (words.starts_with("BOOL")) type->length = 1;
  if (words == "SERIAL") type->is_unsigned = true;
  if (words == "JSON" && dialect.is_mariadb) {
    type->name = "longtext";
    type->charset = "utf8mb4";
    type->collation = "utf8mb4_bin";
  }
  if (type->name.starts_with("geom") && type->name.ends_with("collection")) {
    const bool is_short = !dialect.is_mariadb && dialect.server_version >= kMysql8;
    type->name = is_short ? "geomcollection" : "geometrycollection";
  }
  if (type->name == "float" && type->length && !type->decimals) {
    if (*type->length > kFloatDigitsMax) type->name = "double";
    type->length.reset();
  }
}

}  // namespace

DataType TreeReader::NamedType(Tree::DataTypeContext* tree) {
  DataType type;
  std::string words;
  for (size_t i = tree->typeName()->getStart()->getTokenIndex();
       i <= tree->typeName()->getStop()->getTokenIndex(); ++i) {
    if (!words.empty()) words += ' ';
    words += ToUpper(Text(tokens_->get(i)));
  }
  if (TakeNational(&words)) type.charset = "utf8mb3";
  const auto* const known = std::find_if(
      kTypes.begin(), kTypes.end(), [&](const TypeName& name) { return name.written == words; });
  if (known == kTypes.end()) {
    Fail(tree->typeName()->getStart(), "the type " + words + " is not known");
    return type;
  }
  type.name = known->name;
  const auto numbers = tree->NUMBER();
  if (!numbers.empty()) type.length = Number(numbers[0]);
  if (numbers.size() > 1) type.decimals = Number(numbers[1]);
  std::string schema;
  if (tree->identifier() != nullptr) schema = ToLower(Name(tree->identifier()));
  TranslateName(words, schema, dialect_, &type);
  return type;
}

DataType TreeReader::Type(Tree::DataTypeContext* tree) {
  if (tree->typeName() != nullptr) return NamedType(tree);
  DataType type;
  type.name = tree->ENUM() != nullptr ? "enum" : "set";
  for (Tree::LabelContext* label : tree->label()) type.labels.push_back(Label(label));
  return type;
}

// What labels are in the character set of their column.
void TreeReader::FinishLabels(Tree::DataTypeContext* tree, DataType* type) {
  const bool is_utf8 = type->charset.starts_with("utf8");
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  const bool is_wide = IsOneOf(type->charset, {"ucs2", "utf16", "utf16le", "utf32"});
  const auto written = tree->label();
  for (size_t i = 0; i < written.size(); ++i) {
    std::string& label = type->labels[i];
    const bool is_binary = type->charset == "binary" || type->collation == "binary";
    if (!is_binary) label.resize(label.find_last_not_of(' ') + 1);
    if (written[i]->text() != nullptr) continue;
    if (type->charset.empty()) {
      Fail(written[i]->getStart(),
           "labels as bytes need a character set in the definition of the column");
    } else if (is_wide ||
               (is_utf8 ? !IsUtf8(label) : !std::all_of(label.begin(), label.end(), is_ascii))) {
      Fail(written[i]->getStart(), "labels as bytes are understood in UTF-8 and ASCII only");
    }
  }
}

std::string TreeReader::Label(Tree::LabelContext* tree) {
  if (tree->text() != nullptr) return String(tree->text());
  const std::string_view token = Text(tree->getStart());
  const std::optional<std::string> bytes = tree->HEX() != nullptr ? HexOf(token) : BitsOf(token);
  if (!bytes) Fail(tree->getStart(), "not a number of whole bytes");
  return bytes.value_or("");
}

bool TreeReader::AddTypeAttribute(Tree::ColumnAttributeContext* attribute, DataType* type) {
  switch (attribute->getStart()->getType()) {
    case Tree::UNSIGNED:
    case Tree::ZEROFILL:
      type->is_unsigned = true;
      return true;
    case Tree::BINARY:
      type->has_binary = true;
      return true;
    case Tree::ASCII:
      type->charset = "latin1";
      return true;
    case Tree::UNICODE:
      type->charset = "ucs2";
      return true;
    case Tree::BYTE:
      type->charset = "binary";
      return true;
    case Tree::COMPRESSED:
      type->is_compressed = true;
      return true;
    default:
      break;
  }
  if (attribute->charset() != nullptr) {
    type->charset = CharsetName(attribute->charset()->charsetName());
  } else if (attribute->collation() != nullptr) {
    type->collation = CharsetName(attribute->collation()->charsetName());
  } else {
    return false;
  }
  return true;
}

void TreeReader::Add(Tree::ColumnAttributeContext* attribute, Column* column) {
  if (attribute->optionValue() != nullptr || AddTypeAttribute(attribute, &column->type)) return;
  switch (attribute->getStart()->getType()) {
    case Tree::NULL_WORD:
      column->is_nullable = true;
      return;
    case Tree::NOT:
      if (attribute->NULL_WORD() != nullptr) column->is_nullable = false;
      return;
    case Tree::AUTO_INCREMENT:
      column->is_nullable = false;
      return;
    case Tree::SERIAL:
      column->is_nullable = false;
      column->is_unique_key = true;
      return;
    case Tree::UNIQUE:
      column->is_unique_key = true;
      return;
    case Tree::PRIMARY:
    case Tree::KEY:
      column->is_primary_key = true;
      return;
    case Tree::WITH:
      is_versioned_ = true;
      return;
    default:
      column->is_row_start |= attribute->START() != nullptr;
      column->is_row_end |= attribute->END() != nullptr;
      return;
  }
}

Column TreeReader::ToColumn(Tree::ColumnContext* tree) {
  Column column;
  column.name = LastName(tree->fieldName());
  column.type = Type(tree->dataType());
  auto* const type_name = tree->dataType()->typeName();
  if (type_name != nullptr && EqualsIgnoreCase(Text(type_name->getStart()), "SERIAL")) {
    column.is_nullable = false;
    column.is_unique_key = true;
  }
  for (Tree::ColumnAttributeContext* attribute : tree->columnAttribute()) {
    Add(attribute, &column);
  }
  FinishLabels(tree->dataType(), &column.type);
  if (column.is_primary_key) {
    column.is_nullable = false;  // even after NULL, for MariaDB, which makes no second index
    if (dialect_.is_mariadb) column.is_unique_key = false;
  }
  return column;
}

bool TreeReader::UsesHash(Tree::IndexTypeContext* tree) const {
  return tree != nullptr && EqualsIgnoreCase(Name(tree->identifier()), "HASH");
}

Index TreeReader::ToIndex(Tree::IndexContext* tree) {
  Index index;
  if (tree->PRIMARY() != nullptr) index.kind = Index::Kind::kPrimary;
  if (tree->UNIQUE() != nullptr) index.kind = Index::Kind::kUnique;
  if (tree->indexName() != nullptr) {
    index.name = Name(tree->indexName()->identifier());
  } else if (tree->constraintName() != nullptr && tree->constraintName()->identifier() != nullptr) {
    index.name = Name(tree->constraintName()->identifier());
  }
  if (index.kind == Index::Kind::kPrimary) index.name.clear();  // whatever it is called
  index.uses_hash = UsesHash(tree->indexType());
  for (Tree::IndexOptionContext* option : tree->indexOption()) {
    index.uses_hash |= UsesHash(option->indexType());
  }
  index.parts = Parts(tree->indexParts());
  return index;
}

void TreeReader::AddPeriodParts(const std::string& name, std::vector<IndexPart>* parts) const {
  for (const Period& period : periods_) {
    if (!EqualsIgnoreCase(period.name, name)) continue;
    parts->push_back({period.columns.end});  // first, as the server puts them
    parts->push_back({period.columns.start});
    return;
  }
  parts->emplace_back();
}

std::vector<IndexPart> TreeReader::Parts(Tree::IndexPartsContext* tree) {
  std::vector<IndexPart> parts;
  for (Tree::IndexPartContext* written : tree->indexPart()) {
    if (written->OVERLAPS() != nullptr) {
      AddPeriodParts(LastName(written->fieldName()), &parts);
      continue;
    }
    IndexPart& part = parts.emplace_back();
    if (written->fieldName() == nullptr) continue;
    part.column = LastName(written->fieldName());
    part.is_prefix = written->NUMBER() != nullptr;
    if (part.is_prefix) part.prefix_length = Number(written->NUMBER());
  }
  return parts;
}

}  // namespace millrace::mysql::ddl
