#include "connectors/mysql/schema/row_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/quote.h"
#include "connectors/mysql/options.h"
#include "connectors/mysql/schema/column_rules.h"
#include "connectors/mysql/values/charset.h"

namespace millrace::mysql {
namespace {

constexpr uint8_t kInstantDigits = 3;       // op_ts is TIMESTAMP_LTZ(3)
constexpr uint32_t kDecimalDigitsMax = 38;  // of a declared type

// Bits that an integer column needs in a signed type; 0 for other columns.
int SignedBits(const ServerColumn& column) {
  const int sign = column.is_unsigned ? 1 : 0;
  switch (column.type) {
    case ColumnType::kTinyInt:
      return 8 + sign;
    case ColumnType::kSmallInt:
      return 16 + sign;
    case ColumnType::kMediumInt:
      return 24 + sign;
    case ColumnType::kInt:
      return 32 + sign;
    case ColumnType::kBigInt:
      return 64 + sign;
    case ColumnType::kYear:
      return 16;
    default:
      return 0;
  }
}

// Under a text type.
std::optional<Target> TextTargetOf(const ServerColumn& column, BytesAs bytes_as) {
  if (column.type == ColumnType::kGeometry) return Target::kGeoJson;
  if (column.type == ColumnType::kVector) return Target::kVectorText;
  if (bytes_as == BytesAs::kBytes) {
    return IsByteString(column.type) ? std::nullopt : std::optional(Target::kText);
  }
  const bool is_bytes = IsByteString(column.type) || column.type == ColumnType::kBit;
  return is_bytes ? Target::kBytesAsText : Target::kText;
}

std::optional<Target> ArrayTargetOf(const ServerColumn& column, const Type& element) {
  if (column.type == ColumnType::kSet && element.is_text()) return Target::kLabels;
  const bool is_vector = column.type == ColumnType::kVector && element.kind == TypeKind::kFloat;
  return is_vector ? std::optional(Target::kVector) : std::nullopt;
}

// Lends its characters to every masked cell.
constexpr std::array<char, kMaskCharactersMax> kAsterisks = [] {
  std::array<char, kMaskCharactersMax> asterisks{};
  asterisks.fill('*');
  return asterisks;
}();

// Debezium masks and cuts what is a text to it; ENUM and SET are.
bool IsMaskable(const ServerColumn& column) {
  return column.type == ColumnType::kChar || column.type == ColumnType::kVarChar ||
         column.type == ColumnType::kText || HasLabels(column.type);
}

// Whether it may have values of more than `characters`.
bool IsLonger(const ServerColumn& column, uint32_t characters) {
  if (column.type == ColumnType::kChar || column.type == ColumnType::kVarChar)
    return column.length > characters;
  return column.type == ColumnType::kText || column.type == ColumnType::kSet ||
         column.type == ColumnType::kJson;
}

// What a column of the server becomes under a declared type; nothing if the type cannot hold it.
std::optional<Target> TargetOf(const ServerColumn& column, const Type& type, BytesAs bytes_as,
                               bool checks_values) {
  const ColumnType server = column.type;
  const int bits = SignedBits(column);
  switch (type.kind) {
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      return TextTargetOf(column, bytes_as);
    case TypeKind::kBoolean:
      return server == ColumnType::kTinyInt || (server == ColumnType::kBit && column.length == 1)
                 ? std::optional(Target::kBoolean)
                 : std::nullopt;
    case TypeKind::kTinyInt:
    case TypeKind::kSmallInt:
    case TypeKind::kInt:
    case TypeKind::kBigInt: {
      const int width = 8 << (static_cast<int>(type.kind) - static_cast<int>(TypeKind::kTinyInt));
      const bool bit = server == ColumnType::kBit && static_cast<int>(column.length) < width;
      if (bits > width && checks_values) return Target::kCheckedInteger;
      return (bits > 0 && bits <= width) || bit ? std::optional(Target::kInteger) : std::nullopt;
    }
    case TypeKind::kFloat:
      return server == ColumnType::kFloat ? std::optional(Target::kFloat) : std::nullopt;
    case TypeKind::kDouble:
      return server == ColumnType::kFloat || server == ColumnType::kDouble ||
                     (bits > 0 && bits <= 33)
                 ? std::optional(Target::kDouble)
                 : std::nullopt;
    case TypeKind::kDecimal:
      return server == ColumnType::kDecimal || bits > 0 ? std::optional(Target::kDecimal)
                                                        : std::nullopt;
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      if (server == ColumnType::kGeometry) return Target::kWkb;
      return IsBinary(column.type) || server == ColumnType::kBit ? std::optional(Target::kBytes)
                                                                 : std::nullopt;
    case TypeKind::kDate:
      return server == ColumnType::kDate ? std::optional(Target::kDate) : std::nullopt;
    case TypeKind::kTime:
      return server == ColumnType::kTime ? std::optional(Target::kTime) : std::nullopt;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz: {
      if (server != ColumnType::kDateTime && server != ColumnType::kTimestamp) return std::nullopt;
      return type.kind == TypeKind::kTimestamp ? Target::kTimestamp : Target::kInstant;
    }
    case TypeKind::kArray:
      return ArrayTargetOf(column, type.children()[0]);
    default:
      return std::nullopt;
  }
}

Metadata MetadataOf(std::string_view key) {
  if (key == "database_name") return Metadata::kDatabaseName;
  if (key == "table_name") return Metadata::kTableName;
  return key == "op_ts" ? Metadata::kOperationTime : Metadata::kRowKind;
}

Status DoesNotFit(const ServerTable& table, const ServerColumn& column, const Type& type,
                  const std::string& source) {
  const bool is_text_of_bytes = IsByteString(column.type) && type.is_text();
  return Status::Permanent(fmt::format(
      "column {} of MySQL table {} is {} and cannot be read as {}; declare it as {} in table {}{}",
      Quoted(column.name), table.FullName(), column.TypeText(), ToString(type.Nullable()),
      SuggestedType(column), Quoted(source),
      is_text_of_bytes ? ", or set 'bytes-as' to 'text', 'hex' or 'base64' there" : ""));
}

// Result rows come as UTF-8, those of the binlog do not: better known before the snapshot.
Status CheckCharset(const ServerTable& table, const ServerColumn& column) {
  if (Charset::IsKnown(column.charset)) return Status::Ok();
  return Status::Permanent(fmt::format("column {} of MySQL table {}: {}", Quoted(column.name),
                                       table.FullName(), Charset::UnknownText(column.charset)));
}

}  // namespace

std::string SuggestedType(const ServerColumn& column) {
  const int bits = SignedBits(column);
  if (bits > 0) {
    return bits <= 8    ? "TINYINT"
           : bits <= 16 ? "SMALLINT"
           : bits <= 32 ? "INT"
           : bits <= 64 ? "BIGINT"
                        : "DECIMAL(20, 0)";
  }
  const ColumnType server = column.type;
  if (server == ColumnType::kFloat) return "FLOAT";
  if (server == ColumnType::kDouble) return "DOUBLE";
  if (server == ColumnType::kDate) return "DATE";
  if (server == ColumnType::kTime) return fmt::format("TIME({})", column.length);
  if (server == ColumnType::kDateTime || server == ColumnType::kTimestamp) {
    return fmt::format("TIMESTAMP({})", column.length);
  }
  if (server == ColumnType::kBit) return column.length == 1 ? "BOOLEAN" : "BYTES";
  if (server == ColumnType::kDecimal) {
    if (column.length > kDecimalDigitsMax) return "STRING";
    return fmt::format("DECIMAL({}, {})", column.length, column.scale);
  }
  return IsByteString(column.type) ? "BYTES" : "STRING";
}

bool CanRead(const ServerColumn& column, const Type& declared, BytesAs bytes_as) {
  return TargetOf(column, declared, bytes_as, true).has_value();
}

namespace {

// One slot after the other of the rows of a table.
class LayoutMaker final {
 public:
  LayoutMaker(const ServerTable& table, const SourceRequest& request, const ReadRules& rules)
      : table_(table),
        request_(request),
        rules_(rules),
        columns_(request.options),
        bytes_as_(ReadBytesAs(request.options)) {
    layout_.capture = request.number;
    layout_.table = table;
    layout_.targets.resize(table.columns().size());
  }

  Result<RowLayout> Make() {
    MR_RETURN_IF_ERROR(SetChanges());
    for (uint32_t slot = 0; slot < request_.columns.size(); ++slot) {
      const Column& declared = request_.schema.columns[request_.columns[slot]];
      if (declared.metadata_key.empty()) {
        MR_RETURN_IF_ERROR(AddColumn(slot, declared));
      } else {
        layout_.metadata.push_back({slot, MetadataOf(declared.metadata_key)});
      }
    }
    return std::move(layout_);
  }

 private:
  Status SetChanges() {
    if (request_.options == nullptr) return Status::Ok();
    const Options& options = *request_.options;
    layout_.append_only = IsAppendOnly(options);
    if (!options.Given(kSkippedOperations)) return Status::Ok();
    const std::string& skipped = options.Text(kSkippedOperations);
    layout_.skipped = ParseSkippedOperations(skipped).value_or(SkippedKinds());
    const bool skips = layout_.skipped != SkippedKinds();
    if (!skips || !table_.layout->is_versioned) return Status::Ok();
    return Status::Permanent(fmt::format(
        "table {} is system-versioned, and MariaDB logs the end of its rows as updates: leave "
        "option '{}' out, or the table out of 'table-name'",
        table_.FullName(), kSkippedOperations));
  }

  Status AddColumn(uint32_t slot, const Column& declared) {
    const std::optional<uint32_t> index = table_.Find(declared.name);
    if (!index || rules_.null_columns.contains(declared.name)) {
      layout_.null_slots.push_back(slot);
      return Status::Ok();
    }
    const ServerColumn& column = table_.columns()[*index];
    std::string name = fmt::format("{}.{}", table_.FullName(), column.name);
    if (columns_.IsExcluded(name)) return Exclude(slot, declared, name);
    const std::optional<uint32_t> mask = columns_.MaskOf(name);
    if (mask && IsMaskable(column)) return Mask(slot, declared, name, *mask);
    const std::optional<Target> target =
        TargetOf(column, declared.type, bytes_as_, rules_.checks_values);
    if (!target) return DoesNotFit(table_, column, declared.type, request_.table);
    MR_RETURN_IF_ERROR(CheckCharset(table_, column));
    TargetColumn read{.slot = slot,
                      .target = *target,
                      .type = declared.type,
                      .name = std::move(name),
                      .bytes_as = bytes_as_,
                      .zero_dates = rules_.zero_dates};
    const std::optional<uint32_t> length = columns_.LengthOf(read.name);
    if (length && *target == Target::kText && IsLonger(column, *length)) {
      read.target = Target::kCutText;
      read.characters_max = *length;
    }
    layout_.targets[*index] = std::move(read);
    return Status::Ok();
  }

  Status Exclude(uint32_t slot, const Column& declared, const std::string& name) {
    layout_.null_slots.push_back(slot);
    if (declared.type.nullable) return Status::Ok();
    return Status::Permanent(fmt::format(
        "column {} is excluded by 'debezium.column.exclude.list' or 'debezium.column.include.list' "
        "and would be NULL, but {} is NOT NULL in table {}: leave it out of CREATE TABLE, or "
        "change the option",
        name, Quoted(declared.name), Quoted(request_.table)));
  }

  Status Mask(uint32_t slot, const Column& declared, const std::string& name, uint32_t characters) {
    layout_.metadata.push_back({slot, Metadata::kMask, characters});
    if (declared.type.is_text()) return Status::Ok();
    return Status::Permanent(fmt::format(
        "column {} is masked by option '{}{}.chars' and cannot be read as {}; declare "
        "it as STRING in table {}",
        name, kColumnMask, characters, ToString(declared.type.Nullable()), Quoted(request_.table)));
  }

  const ServerTable& table_;
  const SourceRequest& request_;
  const ReadRules& rules_;
  const ColumnRules columns_;
  const BytesAs bytes_as_;
  RowLayout layout_;
};

}  // namespace

Result<RowLayout> MakeLayout(const ServerTable& table, const SourceRequest& request,
                             const ReadRules& rules) {
  return LayoutMaker(table, request, rules).Make();
}

TableNames CopyNames(const RowLayout& layout, Arena* arena) {
  return {arena->Copy(layout.table.database), arena->Copy(layout.table.name)};
}

void FillMetadata(const RowLayout& layout, const TableNames& names, RowKind kind, int64_t second,
                  Cell* row) {
  for (const uint32_t slot : layout.null_slots) row[slot] = Cell::Null();
  for (const MetadataSlot& metadata : layout.metadata) {
    Cell& cell = row[metadata.slot];
    switch (metadata.what) {
      case Metadata::kDatabaseName:
        cell = Cell::Text(names.database);
        break;
      case Metadata::kTableName:
        cell = Cell::Text(names.table);
        break;
      case Metadata::kOperationTime:
        cell = Cell::Temporal(CellKind::kInstant, second * 1'000'000, kInstantDigits);
        break;
      case Metadata::kRowKind:
        cell = Cell::Text(ToString(kind));
        break;
      case Metadata::kMask:
        cell = Cell::Text({kAsterisks.data(), metadata.characters});
        break;
    }
  }
}

}  // namespace millrace::mysql
