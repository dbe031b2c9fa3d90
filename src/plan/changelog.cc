#include "plan/changelog.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"

namespace millrace {
namespace {

using Kind = BoundExpression::Kind;

// True if two values that differ still differ as `to`: the texts of numbers and dates, wider
// numbers.
bool StaysDistinct(const Type& from, const Type& to) {
  if (from.kind == to.kind) {
    return to.length >= from.length && to.precision >= from.precision && to.scale >= from.scale;
  }
  const bool wide_text = to.is_text() && to.length == Type::kLengthMax;
  if (wide_text)
    return from.is_text() || from.is_integer() || from.kind == TypeKind::kBoolean ||
           from.kind == TypeKind::kDate || from.kind == TypeKind::kDecimal ||
           from.kind == TypeKind::kTime || from.kind == TypeKind::kTimestamp;
  if (from.is_text() && to.is_text()) return to.length >= from.length;
  return from.is_integer() && to.is_integer() && to.kind > from.kind;
}

// The column of the source whose values this expression keeps distinct, if there is one.
std::optional<uint32_t> KeyColumnIn(const BoundExpression& expression) {
  if (expression.kind == Kind::kSlot) return expression.slot;
  if (expression.kind == Kind::kCast && !expression.try_cast &&
      StaysDistinct(expression.children[0].type, expression.type)) {
    return KeyColumnIn(expression.children[0]);
  }
  return std::nullopt;
}

std::string Names(const Schema& schema, std::span<const uint32_t> columns) {
  std::vector<std::string> names;
  for (const uint32_t column : columns) names.push_back(schema.columns[column].name);
  return Join(names, ", ");
}

// Whether a change of a row that keeps its key can change this value.
bool MayChange(const BoundExpression& expression, const Schema& source) {
  if (expression.kind == Kind::kSlot) {
    const bool in_key =
        std::find(source.key.begin(), source.key.end(), expression.slot) != source.key.end();
    return !in_key && source.columns[expression.slot].metadata_key.empty();
  }
  return std::any_of(expression.children.begin(), expression.children.end(),
                     [&](const BoundExpression& child) { return MayChange(child, source); });
}

}  // namespace

bool EmitsUpdates(const TableDefinition& source) {
  return source.connector->emits_updates != nullptr &&
         source.connector->emits_updates(source.options);
}

void CheckChangelog(const TableDefinition& source, const Flow& flow, const TableDefinition& sink,
                    std::span<const uint32_t> columns, Span span, Diagnostics* diagnostics) {
  if (!EmitsUpdates(source)) return;
  if (!sink.connector->accepts_updates) {
    diagnostics->emplace_back(
        DiagnosticCode::kNotSupported, span,
        fmt::format("Table sink '{}' doesn't support consuming update and delete changes which is "
                    "produced by table '{}'",
                    sink.name, source.name),
        "Write into a table that accepts changes, such as one of connector doris.");
    return;
  }
  const std::vector<uint32_t>& source_key = source.schema.key;
  const std::vector<uint32_t>& sink_key = sink.schema.key;
  if (source_key.empty() || sink_key.empty()) return;
  std::vector<uint32_t> missing;  // columns of the source's key that are not in the sink's
  for (const uint32_t wanted : source_key) {
    const bool held = std::any_of(sink_key.begin(), sink_key.end(), [&](uint32_t key_column) {
      const auto at = std::find(columns.begin(), columns.end(), key_column);
      return at != columns.end() &&
             KeyColumnIn(flow.columns[static_cast<size_t>(at - columns.begin())]) == wanted;
    });
    if (!held) missing.push_back(wanted);
  }
  if (missing.empty()) return;
  diagnostics->emplace_back(
      DiagnosticCode::kUnsafeKey, span,
      fmt::format("the key ({}) of table {} does not contain {} of the key ({}) of table {}: rows "
                  "that differ there overwrite each other, and deleting one of them deletes the "
                  "row",
                  Names(sink.schema, sink_key), Quoted(sink.short_name()),
                  Names(source.schema, missing), Names(source.schema, source_key),
                  Quoted(source.short_name())),
      "Write these columns, unchanged or as STRING, and make them part of the PRIMARY KEY.",
      Severity::kWarning);
}

std::vector<std::string> LooseKey(const TableDefinition& source, const Flow& flow,
                                  const TableDefinition& sink, std::span<const uint32_t> columns) {
  std::vector<std::string> loose;
  if (!EmitsUpdates(source) || source.schema.key.empty()) return loose;
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::vector<uint32_t>& key = sink.schema.key;
    if (std::find(key.begin(), key.end(), columns[i]) == key.end()) continue;
    if (!MayChange(flow.columns[i], source.schema)) continue;
    loose.push_back(sink.schema.columns[columns[i]].name);
  }
  return loose;
}

}  // namespace millrace
