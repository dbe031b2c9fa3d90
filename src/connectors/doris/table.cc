#include "connectors/doris/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace millrace::doris {
namespace {

using Json = nlohmann::json;

std::string TextOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// By exact name, else by the only one that differs in case: Doris itself does not care.
const DorisColumn* FindColumn(const DorisTable& table, std::string_view name) {
  for (const DorisColumn& column : table.columns) {
    if (column.name == name) return &column;
  }
  for (const DorisColumn& column : table.columns) {
    if (EqualsIgnoreCase(column.name, name)) return &column;
  }
  return nullptr;
}

Status NoSuchColumn(const DorisTable& table, const std::string& name) {
  std::vector<std::string> names;
  for (const DorisColumn& column : table.columns) names.push_back(column.name);
  const std::string hint = DidYouMean(name, names);
  return Status::Permanent(
      fmt::format("Doris table {} has no column {}. {}", table.name, Quoted(name),
                  hint.empty() ? fmt::format("It has {}.", Join(names, ", ")) : hint));
}

// Values of these Doris types come out of a function, not out of text.
bool NeedsFunction(std::string_view type) {
  return type.starts_with("HLL") || type.starts_with("BITMAP") ||
         type.starts_with("QUANTILE_STATE") || type.starts_with("AGG_STATE");
}

Status CheckModel(const SinkRequest& request, const DorisTable& table) {
  if (!request.updates || table.model == TableModel::kUnique) return Status::Ok();
  return Status::Permanent(fmt::format(
      "Doris table {} has a {} key, but updates and deletes will come, which only a table with a "
      "UNIQUE KEY can follow. Create it with UNIQUE KEY(...).",
      table.name, table.model == TableModel::kDuplicate ? "DUPLICATE" : "AGGREGATE"));
}

}  // namespace

Result<DorisTable> ParseTable(const std::string& name, const std::string& json) {
  DorisTable table;
  table.name = name;
  const Json object = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  const auto properties = object.is_object() ? object.find("properties") : object.end();
  if (!object.is_object() || properties == object.end() || !properties->is_array()) {
    return Status::Permanent(
        fmt::format("the frontend does not describe Doris table {}: {}", name, json));
  }
  const std::string model = TextOf(object, "keysType");
  table.model = model == "UNIQUE_KEYS" ? TableModel::kUnique
                : model == "AGG_KEYS"  ? TableModel::kAggregate
                                       : TableModel::kDuplicate;
  for (const Json& property : *properties) {
    DorisColumn column;
    column.name = TextOf(property, "name");
    column.type = ToUpper(TextOf(property, "type"));
    column.key = TextOf(property, "aggregation_type").empty();
    if (!column.name.empty()) table.columns.push_back(std::move(column));
  }
  if (table.columns.empty()) {
    return Status::Permanent(fmt::format("Doris table {} has no columns we may see", name));
  }
  return table;
}

Result<Layout> MakeLayout(const SinkRequest& request, const Settings& settings,
                          const DorisTable& table) {
  MR_RETURN_IF_ERROR(CheckModel(request, table));
  Layout layout;
  layout.delete_sign = request.updates && settings.deletes;
  std::vector<const DorisColumn*> targets;
  for (size_t i = 0; i < request.columns.size(); ++i) {
    const Column& source = request.schema.columns[request.columns[i]];
    const Type& type = request.types[i];
    WrittenColumn written;
    written.name = source.name;
    written.slot = request.slots[i];
    written.style = type.is_text() ? ValueStyle::kText : ValueStyle::kNative;
    written.bytes_are_text = type.is_text();
    const DorisColumn* target = FindColumn(table, source.name);
    if (target != nullptr) {
      if (std::find(targets.begin(), targets.end(), target) != targets.end()) {
        return Status::Permanent(fmt::format("column {} of Doris table {} is written twice",
                                             Quoted(target->name), table.name));
      }
      written.name = target->name;
      if (settings.columns.empty() && NeedsFunction(target->type)) {
        return Status::Permanent(fmt::format(
            "column {} of Doris table {} is a {}, which is made by a function. Name it in "
            "'sink.properties.columns', such as 'id, v, {} = to_bitmap(v)'.",
            Quoted(target->name), table.name, target->type, target->name));
      }
    } else if (settings.columns.empty()) {
      return NoSuchColumn(table, source.name);
    }
    targets.push_back(target);
    layout.columns.push_back(std::move(written));
  }
  if (table.model != TableModel::kUnique) return layout;
  for (const DorisColumn& column : table.columns) {
    if (!column.key) continue;
    const auto found = std::find(targets.begin(), targets.end(), &column);
    if (found == targets.end()) {
      if (!settings.columns.empty()) continue;  // the header may compute it
      return Status::Permanent(fmt::format(
          "key column {} of Doris table {} is not written: name it in the INSERT, rows are found "
          "again by the whole key",
          Quoted(column.name), table.name));
    }
    layout.key.push_back(static_cast<uint32_t>(found - targets.begin()));
  }
  return layout;
}

}  // namespace millrace::doris
