#include "connectors/doris/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "base/units.h"
#include "connectors/doris/doris_type.h"
#include "connectors/doris/field.h"
#include "connectors/doris/message.h"

namespace millrace::doris {
namespace {

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
  return Status::Permanent(
      fmt::format("Doris table {} has a {} key, but the job writes updates and deletes, which need "
                  "a table with "
                  "a UNIQUE KEY. Create it with UNIQUE KEY(...).",
                  table.name, table.model == TableModel::kDuplicate ? "DUPLICATE" : "AGGREGATE"));
}

// The n-th number in the parentheses of a type, "decimal(10,2)".
std::optional<uint8_t> NumberIn(std::string_view type, size_t n) {
  const size_t open = type.find('(');
  if (open == std::string_view::npos) return std::nullopt;
  const std::vector<std::string> numbers =
      Split(type.substr(open + 1, type.find(')') - open - 1), ',');
  if (n >= numbers.size()) return std::nullopt;
  const std::optional<int64_t> number = ParseInteger(Trim(numbers[n]));
  return number && *number >= 0 && *number <= 255
             ? std::optional<uint8_t>(static_cast<uint8_t>(*number))
             : std::nullopt;
}

// Digits that the column will not keep: said once, at the start.
void CompareDigits(const DorisTable& table, const DorisColumn& target, const Type& type,
                   WrittenColumn* written, std::vector<std::string>* warnings) {
  if (target.fraction_digits) written->fraction_digits_max = *target.fraction_digits;
  const bool moment = type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kTimestampLtz;
  if (moment && target.fraction_digits && type.precision > *target.fraction_digits) {
    warnings->push_back(
        fmt::format("column {} of Doris table {} keeps {} digits after the second, its values "
                    "are {}; further digits are cut",
                    Quoted(target.name), table.name, *target.fraction_digits, ToString(type)));
  }
  if (type.kind == TypeKind::kDecimal && target.scale && type.scale > *target.scale) {
    warnings->push_back(
        fmt::format("column {} of Doris table {} keeps {} digits after the point, its values are "
                    "{}; Doris rounds them",
                    Quoted(target.name), table.name, *target.scale, ToString(type)));
  }
}

// Columns that are not written and cannot be left out.
Status CheckLeftOut(const DorisTable& table, std::span<const DorisColumn* const> targets) {
  for (const DorisColumn& column : table.columns) {
    if (!column.known || column.nullable || column.has_default) continue;
    if (NeedsFunction(column.type)) continue;  // empty without a value
    if (std::find(targets.begin(), targets.end(), &column) != targets.end()) continue;
    return Status::Permanent(fmt::format(
        "column {} of Doris table {} is NOT NULL without a default and is not written: name it "
        "in the INSERT, or give it a default in Doris",
        Quoted(column.name), table.name));
  }
  return Status::Ok();
}

// How a column of the job is written, before the table's column is known.
WrittenColumn AsDeclared(const SinkRequest& request, size_t index) {
  const Type& type = request.types[index];
  WrittenColumn written;
  written.name = request.schema.columns[request.columns[index]].name;
  written.slot = request.slots[index];
  written.style = type.is_text() ? ValueStyle::kText : ValueStyle::kNative;
  written.bytes_are_text = type.is_text();
  written.type = type;
  return written;
}

// Values with elements go into columns with the same elements, or as JSON.
Status MatchElements(const DorisTable& table, const DorisColumn& target, WrittenColumn* written) {
  if (!written->type.is_structured()) return Status::Ok();
  std::optional<DorisType> type = ParseDorisType(target.known ? target.full_type : target.type);
  if (!type) type = DorisType{ToLower(target.type), {}, {}};
  if (IsOneOf(type->name, {"json", "jsonb", "variant", "string", "text", "varchar", "char"})) {
    written->form = StructureForm::kJson;
    return Status::Ok();
  }
  written->form = StructureForm::kElements;
  // The frontend alone does not name the elements.
  const bool fits = target.known ? FitsElements(written->type, *type) : HasElements(type->name);
  if (fits) return Status::Ok();
  return Status::Permanent(fmt::format(
      "column {} of Doris table {} is {} and cannot hold values of type {}: make it {} or JSON, or "
      "CAST the values",
      Quoted(target.name), table.name, target.known ? target.full_type : ToLower(target.type),
      ToString(written->type.Nullable()), SuggestedDorisType(written->type)));
}

// Finds the table's column of every written one (null: the columns header makes something of it).
Status MatchColumns(const SinkRequest& request, const SinkConfig& config, const DorisTable& table,
                    Layout* layout, std::vector<const DorisColumn*>* targets) {
  for (size_t i = 0; i < request.columns.size(); ++i) {
    WrittenColumn written = AsDeclared(request, i);
    const DorisColumn* target = FindColumn(table, written.name);
    if (target != nullptr) {
      if (std::find(targets->begin(), targets->end(), target) != targets->end()) {
        return Status::Permanent(fmt::format("column {} of Doris table {} is written twice",
                                             Quoted(target->name), table.name));
      }
      written.name = target->name;
      CompareDigits(table, *target, request.types[i], &written, &layout->warnings);
      MR_RETURN_IF_ERROR(MatchElements(table, *target, &written));
      if (config.columns.empty() && NeedsFunction(target->type)) {
        return Status::Permanent(fmt::format(
            "column {} of Doris table {} is of type {}, whose values a function makes. Name it in "
            "'sink.properties.columns', such as 'id, v, {} = to_bitmap(v)'.",
            Quoted(target->name), table.name, target->type, target->name));
      }
    } else if (config.columns.empty()) {
      return NoSuchColumn(table, written.name);
    }
    targets->push_back(target);
    layout->columns.push_back(std::move(written));
  }
  return Status::Ok();
}

Status FindKey(const SinkConfig& config, const DorisTable& table,
               std::span<const DorisColumn* const> targets, Layout* layout) {
  if (table.model != TableModel::kUnique) return Status::Ok();
  for (const DorisColumn& column : table.columns) {
    if (!column.key) continue;
    const auto found = std::find(targets.begin(), targets.end(), &column);
    if (found != targets.end()) {
      layout->key.push_back(static_cast<uint32_t>(found - targets.begin()));
    } else if (config.columns.empty()) {  // else the header may compute it
      return Status::Permanent(fmt::format(
          "key column {} of Doris table {} is not written: name it in the INSERT, rows are found "
          "again by the whole key",
          Quoted(column.name), table.name));
    }
  }
  return Status::Ok();
}

}  // namespace

void AddDetails(std::span<const ColumnDetail> details, DorisTable* table) {
  for (const ColumnDetail& detail : details) {
    for (DorisColumn& column : table->columns) {
      if (column.name != detail.name) continue;
      column.known = true;
      column.nullable = detail.nullable;
      column.has_default = detail.has_default;
      column.full_type = detail.type;
      if (detail.type.starts_with("datetime")) {
        column.fraction_digits = NumberIn(detail.type, 0).value_or(0);
      }
      if (detail.type.starts_with("decimal")) column.scale = NumberIn(detail.type, 1);
    }
  }
}

Result<DorisTable> ParseTable(const std::string& name, const Json& description) {
  DorisTable table;
  table.name = name;
  const Json& properties = description["properties"];
  if (!properties.is_array()) {
    return Status::Permanent(fmt::format("the frontend does not describe Doris table {}: {}", name,
                                         Excerpt(description.ToText())));
  }
  const std::string model = TextOf(description, "keysType");
  table.model = model == "UNIQUE_KEYS" ? TableModel::kUnique
                : model == "AGG_KEYS"  ? TableModel::kAggregate
                                       : TableModel::kDuplicate;
  for (const Json& property : properties.items()) {
    DorisColumn column;
    column.name = TextOf(property, "name");
    column.type = ToUpper(TextOf(property, "type"));
    column.key = TextOf(property, "aggregation_type").empty();
    if (!column.name.empty()) table.columns.push_back(std::move(column));
  }
  if (table.columns.empty()) {
    return Status::Permanent(fmt::format("Doris table {} has no columns this user may see", name));
  }
  return table;
}

Result<Layout> MakeLayout(const SinkRequest& request, const SinkConfig& config,
                          const DorisTable& table) {
  MR_RETURN_IF_ERROR(CheckModel(request, table));
  Layout layout;
  layout.delete_sign = request.updates && config.deletes;
  std::vector<const DorisColumn*> targets;
  MR_RETURN_IF_ERROR(MatchColumns(request, config, table, &layout, &targets));
  MR_RETURN_IF_ERROR(FindKey(config, table, targets, &layout));
  if (config.columns.empty()) MR_RETURN_IF_ERROR(CheckLeftOut(table, targets));
  return layout;
}

}  // namespace millrace::doris
