#include "connectors/mysql/schema/layout_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/overloaded.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "connectors/mysql/schema/column_definition.h"
#include "connectors/mysql/schema/column_text.h"
#include "connectors/mysql/values/charset.h"

namespace millrace::mysql {
namespace {

// MySQL's sql_generate_invisible_primary_key: stays the first column whatever FIRST says.
constexpr std::string_view kGeneratedKey = "my_row_id";
constexpr uint64_t kInnodbKeyBytesMax = 3'072;  // MariaDB: longer unique ones are hashes

// MariaDB makes a unique index over long values a hash. Other engines have other limits: such
// indexes are known from the server only.
bool NeedsHash(const TableLayout& layout, const TableIndex& index) {
  if (!index.is_unique || index.is_primary) return false;
  uint64_t bytes = 0;
  for (const std::string& name : index.columns) {
    const std::optional<uint32_t> column = layout.Find(name);
    const uint64_t part = column ? KeyBytes(layout.columns[*column]) : 0;
    if (part == UINT64_MAX && index.has_prefix) return false;
    if (part == UINT64_MAX) return true;
    bytes += part;
  }
  return !index.has_prefix && bytes > kInnodbKeyBytesMax;
}

// A prefix as long as the column is none.
bool IsWhole(const ddl::IndexPart& part, const ServerColumn& column) {
  if (column.type == ColumnType::kGeometry) return false;
  return !part.is_prefix || (HasLength(column.type) && part.prefix_length >= column.length);
}

Status NotKnown(std::string_view column) {
  return Status::Permanent(
      fmt::format("column {} of the statement is not among those that are known", Quoted(column)));
}

class LayoutBuilder final {
 public:
  explicit LayoutBuilder(const TableRules& rules) : rules_(rules) {}

  TableLayout Create(const ddl::CreateTable& create);
  Result<TableLayout> Alter(const TableLayout& layout,
                            std::span<const ddl::Alteration> alterations);

 private:
  struct Slot {
    ServerColumn column;
    std::string origin;  // its name before; of a new column its own
    bool is_row_end = false;
    bool is_new = false;    // from a definition of this statement
    bool is_added = false;  // by ADD COLUMN
  };

  void Load(const TableLayout& layout);
  Status ReadAlteration(const ddl::Alteration& alteration);
  Status ReplaceColumns(std::span<const ddl::Alteration> alterations);
  void Replace(const ddl::Column& column, Slot* slot) const;
  Status Change(const ddl::ChangeColumn& change);
  Status Add(const ddl::AddColumn& add);
  Status PlaceColumns(std::span<const ddl::Alteration> alterations);
  Status Insert(Slot slot, const std::optional<ddl::Place>& place);
  Status CheckNames() const;
  void FollowColumns();
  void AddIndex(const ddl::Index& index, bool if_not_exists);
  void AddIndexesOf(const ddl::Column& column);
  void AddIndexes(std::span<const ddl::Alteration> alterations);
  TableLayout Finish();

  Slot Defined(const ddl::Column& column) const;
  std::vector<Slot>::iterator Find(std::string_view name);
  std::vector<Slot>::iterator FindOld(std::string_view name);
  bool HasIndex(std::string_view name) const;
  std::string NameFor(const ddl::Index& index) const;
  bool HasGeneratedKey() const;

  const TableRules& rules_;
  DefinitionContext definitions_;
  std::vector<Slot> slots_;
  std::vector<std::string> names_before_;
  std::string row_end_;             // that a period names
  bool engine_has_hashes_ = false;  // by itself
  TableLayout result_;              // its indexes; columns come in the end
};

LayoutBuilder::Slot LayoutBuilder::Defined(const ddl::Column& column) const {
  return {DefinedColumn(column, definitions_), column.name, column.is_row_end, true, false};
}

std::vector<LayoutBuilder::Slot>::iterator LayoutBuilder::Find(std::string_view name) {
  return std::find_if(slots_.begin(), slots_.end(),
                      [&](const Slot& slot) { return IsSameName(slot.column.name, name); });
}

// By the name it had before.
std::vector<LayoutBuilder::Slot>::iterator LayoutBuilder::FindOld(std::string_view name) {
  return std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) {
    return !slot.is_added && IsSameName(slot.origin, name);
  });
}

bool LayoutBuilder::HasIndex(std::string_view name) const {
  return std::any_of(result_.indexes.begin(), result_.indexes.end(),
                     [&](const TableIndex& index) { return IsSameName(index.name, name); });
}

// As the server names an index that the text does not name: after its first column.
std::string LayoutBuilder::NameFor(const ddl::Index& index) const {
  if (index.kind == ddl::Index::Kind::kPrimary) return std::string(kPrimaryName);
  if (!index.name.empty()) return index.name;
  std::string base = "functional_index";
  // MariaDB has no expressions there, but periods.
  const bool has_expression =
      !rules_.is_mariadb && std::any_of(index.parts.begin(), index.parts.end(),
                                        [](const auto& part) { return part.column.empty(); });
  if (!has_expression && !index.parts.empty()) {
    base = index.parts[0].column;
    for (const Slot& slot : slots_) {
      if (IsSameName(slot.column.name, base)) base = slot.column.name;
    }
  }
  if (!HasIndex(base) && !IsSameName(base, kPrimaryName)) return base;
  int number = 2;
  while (HasIndex(fmt::format("{}_{}", base, number))) ++number;
  return fmt::format("{}_{}", base, number);
}

void LayoutBuilder::AddIndex(const ddl::Index& index, bool if_not_exists) {
  const std::string name = NameFor(index);
  const bool is_named = index.kind == ddl::Index::Kind::kPrimary || !index.name.empty();
  if (if_not_exists && HasIndex(is_named || index.parts.empty() ? name : index.parts[0].column)) {
    return;
  }
  TableIndex added;
  added.name = name;
  added.is_primary = index.kind == ddl::Index::Kind::kPrimary;
  added.is_unique = index.kind != ddl::Index::Kind::kOther;
  uint64_t bytes = 0;
  for (const ddl::IndexPart& part : index.parts) {
    const auto slot = part.column.empty() ? slots_.end() : Find(part.column);
    const bool is_column = slot != slots_.end();
    added.columns.push_back(is_column ? slot->column.name : std::string());
    const bool is_whole = is_column && IsWhole(part, slot->column);
    added.has_prefix = added.has_prefix || (added.is_unique && !is_whole);
    if (is_column && !is_whole) {
      bytes += uint64_t{part.prefix_length} * BytesPerCharacter(slot->column.charset);
    } else if (is_column) {
      bytes += std::min(KeyBytes(slot->column), kInnodbKeyBytesMax + 1);
    }
    if (added.is_primary && is_column) slot->column.is_nullable = false;
  }
  // NeedsHash does not know how long its prefixes are.
  const bool may_be_hash = rules_.is_mariadb && added.is_unique && !added.is_primary;
  added.is_hash = may_be_hash && ((added.has_prefix && bytes > kInnodbKeyBytesMax) ||
                                  (index.uses_hash && !engine_has_hashes_));
  result_.indexes.push_back(std::move(added));
}

void LayoutBuilder::AddIndexesOf(const ddl::Column& column) {
  ddl::Index index;
  index.parts.push_back({column.name});
  index.kind = ddl::Index::Kind::kPrimary;
  if (column.is_primary_key) AddIndex(index, false);
  index.kind = ddl::Index::Kind::kUnique;
  if (column.is_unique_key) AddIndex(index, false);
}

TableLayout LayoutBuilder::Create(const ddl::CreateTable& create) {
  result_.charset = ResolvedCharset(create.charset, create.collation, rules_.database_charset);
  result_.is_versioned = create.is_versioned;
  definitions_ = {result_.charset, "", rules_.timestamps_may_be_null, rules_.is_mariadb};
  engine_has_hashes_ = IsOneOf(create.engine, {"memory", "heap"});
  if (create.period) row_end_ = create.period->end;
  for (const ddl::Column& column : create.columns) slots_.push_back(Defined(column));
  for (const ddl::Column& column : create.columns) AddIndexesOf(column);
  for (const ddl::Index& index : create.indexes) AddIndex(index, false);
  return Finish();
}

// Without the columns that no query shows.
void LayoutBuilder::Load(const TableLayout& layout) {
  result_ = layout;
  result_.columns.clear();
  result_.row_end.reset();
  result_.has_hidden_period = false;
  result_.hash_columns = 0;
  const size_t hidden = layout.hash_columns + (layout.has_hidden_period ? 2 : 0);
  for (size_t i = 0; i + hidden < layout.columns.size(); ++i) {
    const ServerColumn& column = layout.columns[i];
    slots_.push_back({column, column.name, layout.row_end == i, false, false});
    names_before_.push_back(column.name);
  }
  // What is a hash without need stays one.
  for (TableIndex& index : result_.indexes) {
    index.is_hash = index.is_hash && !NeedsHash(layout, index);
  }
}

// What is true for the whole statement, wherever it stands.
Status LayoutBuilder::ReadAlteration(const ddl::Alteration& alteration) {
  return std::visit(
      Overloaded{
          [&](const ddl::SetCharset& set) {
            result_.charset = ResolvedCharset(set.charset, set.collation,
                                              set.charset.empty() && set.collation != "default"
                                                  ? result_.charset
                                                  : rules_.default_charset);
            if (set.convert) definitions_.convert_charset = result_.charset;
            return Status::Ok();
          },
          [&](const ddl::DropColumn& drop) {
            const auto slot = FindOld(drop.name);
            if (slot != slots_.end()) {
              slots_.erase(slot);
            } else if (!drop.if_exists) {
              return NotKnown(drop.name);
            }
            return Status::Ok();
          },
          [&](const ddl::DropIndex& drop) {  // of any constraint, which may not be an index
            std::erase_if(result_.indexes, [&](const TableIndex& index) {
              return IsSameName(index.name, drop.name);
            });
            return Status::Ok();
          },
          [&](const ddl::SetVersioning& set) {
            result_.is_versioned = set.on;
            return Status::Ok();
          },
          [&](const ddl::AddPeriod& period) {
            row_end_ = period.end;
            return Status::Ok();
          },
          [](const auto&) { return Status::Ok(); },
      },
      alteration);
}

// The column of a definition takes the place of another.
void LayoutBuilder::Replace(const ddl::Column& column, Slot* slot) const {
  Slot changed = Defined(column);
  changed.origin = slot->origin;
  changed.is_row_end = changed.is_row_end || slot->is_row_end;
  changed.is_added = slot->is_added;
  *slot = std::move(changed);
}

// Columns that change get their new definitions and names where they are.
Status LayoutBuilder::ReplaceColumns(std::span<const ddl::Alteration> alterations) {
  for (const ddl::Alteration& alteration : alterations) {
    if (const auto* const change = std::get_if<ddl::ChangeColumn>(&alteration)) {
      const auto slot = FindOld(change->name);
      if (slot != slots_.end()) Replace(change->column, &*slot);
    } else if (const auto* const rename = std::get_if<ddl::RenameColumn>(&alteration)) {
      const auto slot = FindOld(rename->from);
      if (slot != slots_.end()) slot->column.name = rename->to;
      if (slot == slots_.end() && !rename->if_exists) return NotKnown(rename->from);
    }
  }
  for (Slot& slot : slots_) {
    const std::string& charset = definitions_.convert_charset;
    if (!slot.is_new && !charset.empty()) ConvertColumn(charset, &slot.column);
  }
  return Status::Ok();
}

bool LayoutBuilder::HasGeneratedKey() const {
  if (rules_.is_mariadb || slots_.empty()) return false;
  const ServerColumn& first = slots_[0].column;
  const bool is_primary =
      std::any_of(result_.indexes.begin(), result_.indexes.end(), [&](const TableIndex& index) {
        return index.is_primary && index.columns == std::vector<std::string>{first.name};
      });
  return is_primary && first.name == kGeneratedKey && first.type == ColumnType::kBigInt &&
         first.is_unsigned;
}

Status LayoutBuilder::Insert(Slot slot, const std::optional<ddl::Place>& place) {
  auto at = slots_.end();
  if (place && place->after) {
    at = Find(*place->after);
    if (at == slots_.end()) return NotKnown(*place->after);
    ++at;
  } else if (place) {
    at = slots_.begin() + (HasGeneratedKey() ? 1 : 0);
  }
  slots_.insert(at, std::move(slot));
  return Status::Ok();
}

Status LayoutBuilder::Change(const ddl::ChangeColumn& change) {
  auto slot = FindOld(change.name);
  if (slot == slots_.end()) {  // MariaDB: one that the same statement has added
    slot = Find(change.name);
    if (slot == slots_.end()) return change.if_exists ? Status::Ok() : NotKnown(change.name);
    if (!slot->is_added) return NotKnown(change.name);
    Replace(change.column, &*slot);
  } else if (!change.place) {
    return Status::Ok();
  }
  Slot moved = std::move(*slot);
  slots_.erase(slot);
  return Insert(std::move(moved), change.place);
}

Status LayoutBuilder::Add(const ddl::AddColumn& add) {
  const bool is_there =
      Find(add.column.name) != slots_.end() ||
      std::any_of(names_before_.begin(), names_before_.end(),
                  [&](const std::string& name) { return IsSameName(name, add.column.name); });
  if (add.if_not_exists && is_there) return Status::Ok();
  Slot added = Defined(add.column);
  added.is_added = true;
  return Insert(std::move(added), add.place);
}

// One after the other, among the columns with their new names.
Status LayoutBuilder::PlaceColumns(std::span<const ddl::Alteration> alterations) {
  for (const ddl::Alteration& alteration : alterations) {
    if (const auto* const change = std::get_if<ddl::ChangeColumn>(&alteration)) {
      MR_RETURN_IF_ERROR(Change(*change));
    } else if (const auto* const add = std::get_if<ddl::AddColumn>(&alteration)) {
      MR_RETURN_IF_ERROR(Add(*add));
    }
  }
  return CheckNames();
}

Status LayoutBuilder::CheckNames() const {
  std::set<std::string> names;
  for (const Slot& slot : slots_) {
    if (names.insert(ToLowerUtf8(slot.column.name)).second) continue;
    return Status::Permanent(
        fmt::format("column {} would be there twice", Quoted(slot.column.name)));
  }
  return names.empty() ? Status::Permanent("no column would be left") : Status::Ok();
}

// Indexes follow their columns to new names, and go with the last of them.
void LayoutBuilder::FollowColumns() {
  for (TableIndex& index : result_.indexes) {
    std::vector<std::string> columns;
    for (const std::string& name : index.columns) {
      if (name.empty()) {
        columns.push_back(name);
        continue;
      }
      // One that is added in the place of another takes over its indexes.
      const auto slot = std::find_if(slots_.begin(), slots_.end(),
                                     [&](const Slot& one) { return IsSameName(one.origin, name); });
      if (slot == slots_.end()) continue;
      columns.push_back(slot->column.name);
      if (index.is_primary) slot->column.is_nullable = false;
    }
    index.columns = std::move(columns);
  }
  std::erase_if(result_.indexes, [](const TableIndex& index) { return index.columns.empty(); });
}

void LayoutBuilder::AddIndexes(std::span<const ddl::Alteration> alterations) {
  for (const ddl::Alteration& alteration : alterations) {
    if (const auto* const rename = std::get_if<ddl::RenameIndex>(&alteration)) {
      for (TableIndex& index : result_.indexes) {
        if (!IsSameName(index.name, rename->from)) continue;
        index.name = rename->to;
        break;
      }
    }
  }
  for (const ddl::Alteration& alteration : alterations) {
    if (const auto* const add = std::get_if<ddl::AddIndex>(&alteration)) {
      AddIndex(add->index, add->if_not_exists);
    } else if (const auto* const column = std::get_if<ddl::AddColumn>(&alteration)) {
      const auto slot = Find(column->column.name);
      if (slot != slots_.end()) AddIndexesOf(column->column);
    } else if (const auto* const change = std::get_if<ddl::ChangeColumn>(&alteration)) {
      if (FindOld(change->name) != slots_.end()) AddIndexesOf(change->column);
    }
  }
}

TableLayout LayoutBuilder::Finish() {
  const auto period_end = row_end_.empty() ? slots_.end() : Find(row_end_);
  if (period_end != slots_.end()) period_end->is_row_end = true;
  for (Slot& slot : slots_) {
    if (slot.is_row_end && result_.is_versioned) {
      result_.row_end = static_cast<uint32_t>(result_.columns.size());
    }
    result_.columns.push_back(std::move(slot.column));
  }
  result_.NormalizeIndexes();
  if (rules_.is_mariadb) {
    for (TableIndex& index : result_.indexes) {
      index.is_hash = index.is_hash || NeedsHash(result_, index);
    }
  }
  result_.AddHiddenColumns();
  return std::move(result_);
}

Result<TableLayout> LayoutBuilder::Alter(const TableLayout& layout,
                                         std::span<const ddl::Alteration> alterations) {
  Load(layout);
  for (const ddl::Alteration& alteration : alterations) {
    MR_RETURN_IF_ERROR(ReadAlteration(alteration));
  }
  definitions_.table_charset = result_.charset;
  definitions_.timestamps_may_be_null = rules_.timestamps_may_be_null;
  definitions_.is_mariadb = rules_.is_mariadb;
  MR_RETURN_IF_ERROR(ReplaceColumns(alterations));
  MR_RETURN_IF_ERROR(PlaceColumns(alterations));
  FollowColumns();
  AddIndexes(alterations);
  return Finish();
}

}  // namespace

TableLayout CreatedLayout(const ddl::CreateTable& create, const TableRules& rules) {
  return LayoutBuilder(rules).Create(create);
}

Result<TableLayout> AlteredLayout(const TableLayout& layout,
                                  std::span<const ddl::Alteration> alterations,
                                  const TableRules& rules) {
  return LayoutBuilder(rules).Alter(layout, alterations);
}

TableLayout SequenceLayout(const std::string& charset) {
  TableLayout layout;
  layout.charset = charset;
  layout.is_sequence = true;
  for (const std::string_view name :
       {"next_not_cached_value", "minimum_value", "maximum_value", "start_value", "increment"}) {
    layout.columns.push_back(ParseServerColumn(name, "bigint", "", false));
  }
  layout.columns.push_back(ParseServerColumn("cache_size", "bigint unsigned", "", false));
  layout.columns.push_back(ParseServerColumn("cycle_option", "tinyint unsigned", "", false));
  layout.columns.push_back(ParseServerColumn("cycle_count", "bigint", "", false));
  return layout;
}

}  // namespace millrace::mysql
