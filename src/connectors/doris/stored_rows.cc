#include "connectors/doris/stored_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "connectors/doris/scan_cell.h"
#include "row/print.h"

namespace millrace::doris {
namespace {

// As a text of Doris, which compares it with columns of any type.
std::string Literal(const Cell& cell, const TimeZone& zone) {
  std::string text;
  AppendCell(&text, cell, zone);
  std::string literal = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') literal += '\\';
    literal += c;
  }
  return literal + "'";
}

}  // namespace

Status CheckStoredRows(const SinkConfig& config, const DorisTable& table, const Layout& layout) {
  const auto refuse = [&](std::string_view why) {
    return Status::Permanent(
        fmt::format("rows cannot be deleted from Doris table {}, as '{}' = 'delete' asks for: {}",
                    table.name, kRemovedRowsOption, why));
  };
  if (table.model != TableModel::kUnique) return refuse("it has no UNIQUE KEY");
  if (!layout.delete_sign) return refuse("'sink.enable-delete' is 'false'");
  if (!config.columns.empty()) {
    return refuse("'sink.properties.columns' makes other values of those that are written");
  }
  for (const WrittenColumn& column : layout.columns) {
    const auto target =
        std::find_if(table.columns.begin(), table.columns.end(),
                     [&](const DorisColumn& one) { return one.name == column.name; });
    const bool may_be_null = target == table.columns.end() || target->nullable;
    if (!column.type.is_structured() || may_be_null) continue;
    return refuse(fmt::format("column {} is NOT NULL and its values cannot be read back",
                              Quoted(column.name)));
  }
  return Status::Ok();
}

std::string StoredRowsQuery(const std::string& database, const std::string& table,
                            const Layout& layout, const Cell* row,
                            std::span<const uint32_t> columns, const TimeZone& zone) {
  std::string query = "SELECT ";
  for (size_t i = 0; i < layout.columns.size(); ++i) {
    const WrittenColumn& column = layout.columns[i];
    if (i > 0) query += ", ";
    query += column.type.is_structured() ? "NULL" : QuoteIdentifier(column.name);
  }
  query += fmt::format(" FROM {}.{} WHERE ", QuoteIdentifier(database), QuoteIdentifier(table));
  for (size_t i = 0; i < columns.size(); ++i) {
    const WrittenColumn& column = layout.columns[columns[i]];
    const Cell& cell = row[column.slot];
    if (i > 0) query += " AND ";
    query += QuoteIdentifier(column.name);
    query += cell.is_null() ? " IS NULL" : " = " + Literal(cell, zone);
  }
  return query;
}

Status ReadStoredRow(const Layout& layout, std::span<const std::optional<std::string_view>> texts,
                     Arena* arena, Cell* row) {
  if (texts.size() != layout.columns.size()) {
    return Status::Permanent("Doris answered with other columns than asked for");
  }
  for (size_t i = 0; i < texts.size(); ++i) {
    const WrittenColumn& column = layout.columns[i];
    if (!texts[i]) {
      row[column.slot] = Cell::Null();
    } else if (column.style == ValueStyle::kText) {
      row[column.slot] = Cell::Text(*texts[i]);
    } else {
      const std::optional<Cell> cell = ParseCell(column.type, *texts[i], TimeZone(), arena);
      if (!cell) {
        return Status::Permanent(
            fmt::format("value {} of column {} in Doris cannot be read as {}, as it was written",
                        Quoted(texts[i]->substr(0, 100)), Quoted(column.name),
                        ToString(column.type.Nullable())));
      }
      row[column.slot] = *cell;
    }
  }
  return Status::Ok();
}

}  // namespace millrace::doris
