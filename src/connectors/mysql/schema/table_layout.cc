#include "connectors/mysql/schema/table_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"

namespace millrace::mysql {
namespace {

constexpr uint32_t kPeriodDigits = 6;

Status Malformed(std::string_view what) {
  return Status::Permanent(fmt::format("a table layout has {}", what));
}

Json ToJson(const ServerColumn& column) {
  Json json = Json::Object();
  json.Set("name", column.name);
  json.Set("type", column.type_name);
  if (column.length != 0) json.Set("length", column.length);
  if (column.scale != 0) json.Set("scale", uint32_t{column.scale});
  if (column.is_unsigned) json.Set("unsigned", true);
  if (HasLabels(column.type)) json.Set("labels", Json::ArrayOf(column.labels));
  if (!column.charset.empty()) json.Set("charset", column.charset);
  if (!column.is_nullable) json.Set("nullable", false);
  return json;
}

Json ToJson(const TableIndex& index) {
  Json json = Json::Object();
  json.Set("name", index.name);
  if (index.is_primary) json.Set("primary", true);
  if (index.is_unique && !index.is_primary) json.Set("unique", true);
  if (index.has_prefix) json.Set("prefix", true);
  if (index.is_hash) json.Set("hash", true);
  json.Set("columns", Json::ArrayOf(index.columns));
  return json;
}

Result<std::vector<std::string>> Strings(const Json& json) {
  std::vector<std::string> strings;
  for (const Json& item : json.items()) {
    const std::optional<std::string> text = item.AsString();
    if (!text) return Malformed("a list of other things than texts");
    strings.push_back(*text);
  }
  return strings;
}

// A member that is left out is false.
bool IsTrue(const Json& json) { return json.AsBool().value_or(false); }

Result<ServerColumn> ColumnFrom(const Json& json) {
  const std::optional<std::string> name = json["name"].AsString();
  const std::optional<std::string> type = json["type"].AsString();
  if (!name || !type) return Malformed("a column without name or type");
  ServerColumn column;
  column.name = *name;
  column.type_name = *type;
  column.type = ParseColumnType(*type);
  const uint64_t length = json["length"].AsUint().value_or(0);
  const uint64_t scale = json["scale"].AsUint().value_or(0);
  if (length > UINT32_MAX || scale > UINT8_MAX) {
    return Malformed(fmt::format("a column {} of an impossible length", *name));
  }
  column.length = static_cast<uint32_t>(length);
  column.scale = static_cast<uint8_t>(scale);
  column.is_unsigned = IsTrue(json["unsigned"]);
  MR_ASSIGN_OR_RETURN(column.labels, Strings(json["labels"]));
  column.charset = json["charset"].AsString().value_or("");
  column.is_nullable = json["nullable"].AsBool().value_or(true);
  return column;
}

Result<TableIndex> IndexFrom(const Json& json) {
  const std::optional<std::string> name = json["name"].AsString();
  if (!name) return Malformed("an index without a name");
  TableIndex index;
  index.name = *name;
  index.is_primary = IsTrue(json["primary"]);
  index.is_unique = index.is_primary || IsTrue(json["unique"]);
  index.has_prefix = IsTrue(json["prefix"]);
  index.is_hash = IsTrue(json["hash"]);
  MR_ASSIGN_OR_RETURN(index.columns, Strings(json["columns"]));
  return index;
}

size_t HashOf(const TableLayout& layout) {
  size_t hash = layout.columns.size();
  const auto add = [&](size_t value) { hash = hash * 1'000'003 + value; };
  for (const ServerColumn& column : layout.columns) {
    add(std::hash<std::string>()(column.name));
    add(static_cast<size_t>(column.type) << 32 | column.length);
  }
  add(layout.indexes.size());
  return hash;
}

ServerColumn HiddenColumn(std::string name, ColumnType type) {
  ServerColumn column;
  column.name = std::move(name);
  column.type = type;
  const bool is_time = type == ColumnType::kTimestamp;
  column.type_name = is_time ? "timestamp" : "bigint";
  column.length = is_time ? kPeriodDigits : 0;
  column.is_nullable = !is_time;
  return column;
}

}  // namespace

std::string ServerColumn::TypeText() const {
  std::string text = type_name;
  if (type == ColumnType::kDecimal) {
    text += fmt::format("({},{})", length, scale);
  } else if (HasLength(type) && (length != 0 || !IsTemporal(type))) {
    text += fmt::format("({})", length);
  } else if (HasLabels(type)) {
    std::vector<std::string> quoted;
    for (const std::string& label : labels) quoted.push_back("'" + label + "'");
    text += "(" + Join(quoted, ",") + ")";
  }
  return is_unsigned ? text + " unsigned" : text;
}

bool IsSameName(std::string_view a, std::string_view b) {
  if (EqualsIgnoreCase(a, b)) return true;
  const auto is_ascii = [](std::string_view name) {
    return std::all_of(name.begin(), name.end(), [](char c) { return (c & 0x80) == 0; });
  };
  return !(is_ascii(a) && is_ascii(b)) && ToLowerUtf8(a) == ToLowerUtf8(b);
}

std::optional<uint32_t> TableLayout::Find(std::string_view column) const {
  for (uint32_t i = 0; i < columns.size(); ++i) {
    if (IsSameName(columns[i].name, column)) return i;
  }
  return std::nullopt;
}

std::vector<uint32_t> TableLayout::Key() const {
  std::vector<uint32_t> best;
  std::string_view best_name;
  for (const TableIndex& index : indexes) {
    if (!index.is_unique || index.has_prefix) continue;
    std::vector<uint32_t> key;
    bool usable = true;
    for (const std::string& name : index.columns) {
      const std::optional<uint32_t> column = Find(name);
      usable = usable && column && !columns[*column].is_nullable;
      if (usable) key.push_back(*column);
    }
    if (!usable || key.empty()) continue;
    if (index.is_primary) return key;
    const bool is_better = best.empty() || key.size() < best.size() ||
                           (key.size() == best.size() && index.name < best_name);
    if (!is_better) continue;
    best = std::move(key);
    best_name = index.name;
  }
  return best;
}

void TableLayout::NormalizeIndexes() {
  if (row_end) {
    for (TableIndex& index : indexes) {
      if (!index.is_unique) continue;
      std::erase_if(index.columns, [&](const std::string& name) { return Find(name) == row_end; });
    }
    std::erase_if(indexes, [](const TableIndex& index) { return index.columns.empty(); });
  }
  std::stable_sort(indexes.begin(), indexes.end(),
                   [](const TableIndex& a, const TableIndex& b) { return a.name < b.name; });
}

void TableLayout::AddHiddenColumns() {
  if (is_versioned && !row_end) {
    columns.push_back(HiddenColumn("row_start", ColumnType::kTimestamp));
    columns.push_back(HiddenColumn("row_end", ColumnType::kTimestamp));
    row_end = static_cast<uint32_t>(columns.size() - 1);
    has_hidden_period = true;
  }
  for (const TableIndex& index : indexes) {
    if (!index.is_hash) continue;
    ++hash_columns;
    columns.push_back(
        HiddenColumn(fmt::format("DB_ROW_HASH_{}", hash_columns), ColumnType::kBigInt));
    columns.back().is_unsigned = true;
  }
}

Json TableLayout::ToJson() const {
  Json json = Json::Object();
  Json list = Json::Array();
  for (const ServerColumn& column : columns) list.Append(mysql::ToJson(column));
  json.Set("columns", std::move(list));
  list = Json::Array();
  for (const TableIndex& index : indexes) list.Append(mysql::ToJson(index));
  json.Set("indexes", std::move(list));
  json.Set("charset", charset);
  if (is_sequence) json.Set("sequence", true);
  if (is_versioned) json.Set("versioned", true);
  if (row_end) json.Set("row_end", *row_end);
  if (has_hidden_period) json.Set("hidden_period", true);
  if (hash_columns != 0) json.Set("hash_columns", hash_columns);
  return json;
}

Result<TableLayout> TableLayout::FromJson(const Json& json) {
  if (!json["columns"].is_array()) return Malformed("no columns");
  TableLayout layout;
  for (const Json& item : json["columns"].items()) {
    MR_ASSIGN_OR_RETURN(ServerColumn column, ColumnFrom(item));
    layout.columns.push_back(std::move(column));
  }
  for (const Json& item : json["indexes"].items()) {
    MR_ASSIGN_OR_RETURN(TableIndex index, IndexFrom(item));
    layout.indexes.push_back(std::move(index));
  }
  layout.charset = json["charset"].AsString().value_or("");
  layout.is_sequence = IsTrue(json["sequence"]);
  layout.is_versioned = IsTrue(json["versioned"]);
  layout.has_hidden_period = IsTrue(json["hidden_period"]);
  const uint64_t hashes = json["hash_columns"].AsUint().value_or(0);
  if (hashes + (layout.has_hidden_period ? 2 : 0) > layout.columns.size()) {
    return Malformed("more hidden columns than columns");
  }
  layout.hash_columns = static_cast<uint32_t>(hashes);
  if (const std::optional<uint64_t> row_end = json["row_end"].AsUint()) {
    if (*row_end >= layout.columns.size()) return Malformed("a row end beyond its columns");
    layout.row_end = static_cast<uint32_t>(*row_end);
  }
  return layout;
}

std::shared_ptr<const TableLayout> LayoutPool::Share(TableLayout layout) {
  const size_t hash = HashOf(layout);
  const auto [begin, end] = layouts_.equal_range(hash);
  for (auto at = begin; at != end; ++at) {
    std::shared_ptr<const TableLayout> known = at->second.lock();
    if (known != nullptr && *known == layout) return known;
  }
  if (layouts_.size() >= sweep_at_) {
    std::erase_if(layouts_, [](const auto& entry) { return entry.second.expired(); });
    sweep_at_ = std::max(kSweepMin, 2 * layouts_.size());
  }
  auto shared = std::make_shared<const TableLayout>(std::move(layout));
  layouts_.emplace(hash, shared);
  return shared;
}

}  // namespace millrace::mysql
