#include "connectors/mysql/snapshot/snapshot.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/units.h"

namespace millrace::mysql {
namespace {

constexpr int64_t kRangesMax = 1'000'000;  // of one table; sparse keys get wider ranges

bool IsSignedInteger(const ServerColumn& column) {
  return IsInteger(column.type) && !(column.type == ColumnType::kBigInt && column.is_unsigned());
}

bool IsText(const ServerColumn& column) {
  return column.type == ColumnType::kChar || column.type == ColumnType::kVarChar;
}

// Keys whose values can be written as literals that compare as the index is sorted. ENUM and SET
// are sorted by number but compared as text, so they are not among them.
bool IsOrdered(const ServerColumn& column) {
  return IsExactNumber(column.type) || IsByteString(column.type) || IsText(column) ||
         IsTemporal(column.type);
}

ReadBy WayToRead(const ServerTable& table) {
  if (table.key.empty()) return ReadBy::kWhole;
  if (table.key.size() == 1 && IsSignedInteger(table.columns[table.key[0]]))
    return ReadBy::kIntegerRanges;
  const bool ordered = std::all_of(table.key.begin(), table.key.end(), [&](uint32_t column) {
    return IsOrdered(table.columns[column]);
  });
  return ordered ? ReadBy::kPages : ReadBy::kWhole;
}

// The key columns as a query gives them for literals: bytes of text as they are stored, because
// several of them may be the same in UTF-8.
std::string KeyList(const ServerTable& table) {
  std::vector<std::string> parts;
  for (const uint32_t index : table.key) {
    const std::string name = QuoteIdentifier(table.columns[index].name);
    const bool hex = IsByteString(table.columns[index].type) || IsText(table.columns[index]);
    parts.push_back(hex ? "HEX(" + name + ")" : name);
  }
  return Join(parts, ", ");
}

std::string KeyOrder(const ServerTable& table) {
  std::vector<std::string> parts;
  for (const uint32_t index : table.key)
    parts.push_back(QuoteIdentifier(table.columns[index].name));
  return Join(parts, ", ");
}

std::string Literal(const ServerColumn& column, const std::string& value) {
  if (IsExactNumber(column.type)) return value;
  if (IsByteString(column.type)) return "X'" + value + "'";
  if (IsText(column)) return "_" + column.charset + " X'" + value + "'";
  return QuoteString(value);
}

std::vector<uint32_t> Selected(const RowLayout& layout) {
  std::vector<uint32_t> selected;
  for (uint32_t i = 0; i < layout.targets.size(); ++i) {
    if (layout.targets[i]) selected.push_back(i);
  }
  if (selected.empty()) selected.push_back(layout.table.key.empty() ? 0 : layout.table.key[0]);
  return selected;
}

}  // namespace

std::string SelectText(const ServerTable& table, const std::vector<uint32_t>& selected) {
  std::vector<std::string> names;
  for (const uint32_t index : selected) names.push_back(QuoteIdentifier(table.columns[index].name));
  return fmt::format("SELECT {} FROM {}", Join(names, ", "), table.Quoted());
}

std::string KeyCondition(const ServerTable& table, const std::vector<std::string>& key,
                         bool greater, bool strictly) {
  const std::string_view sign = greater ? ">" : "<";
  std::vector<std::string> alternatives;
  std::string equal;
  for (size_t i = 0; i < key.size(); ++i) {
    const std::string name = QuoteIdentifier(table.columns[table.key[i]].name);
    const bool inclusive = !strictly && i + 1 == key.size();
    alternatives.push_back(
        fmt::format("({}{} {}{} {})", equal, name, sign, inclusive ? "=" : "", key[i]));
    equal += fmt::format("{} = {} AND ", name, key[i]);
  }
  if (alternatives.size() == 1) return alternatives[0];
  // The first column alone gives the optimizer its range.
  const std::string first = QuoteIdentifier(table.columns[table.key[0]].name);
  return fmt::format("({} {}= {} AND ({}))", first, sign, key[0], Join(alternatives, " OR "));
}

Snapshot::Snapshot(std::vector<RowLayout> layouts, int64_t rows_per_part, bool whole_tables_only)
    : rows_per_part_(rows_per_part) {
  for (RowLayout& layout : layouts) {
    TableProgress table;
    table.read_by = whole_tables_only ? ReadBy::kWhole : WayToRead(layout.table);
    table.layout = std::move(layout);
    tables_.push_back(std::move(table));
  }
}

bool Snapshot::Restore(const std::string& name, bool done, std::optional<int64_t> next,
                       std::vector<std::string> after) {
  std::lock_guard lock(mutex_);
  for (TableProgress& table : tables_) {
    if (table.layout.table.FullName() != name) continue;
    table.done = done;
    if (next && table.read_by == ReadBy::kIntegerRanges) table.next = next;
    if (!after.empty() && table.read_by == ReadBy::kPages &&
        after.size() == table.layout.table.key.size()) {
      table.after = std::move(after);
    }
    return true;
  }
  return false;
}

bool Snapshot::done() const {
  std::lock_guard lock(mutex_);
  return std::all_of(tables_.begin(), tables_.end(),
                     [](const TableProgress& table) { return table.done; });
}

std::vector<TableProgress> Snapshot::progress() const {
  std::lock_guard lock(mutex_);
  return tables_;
}

int64_t Snapshot::rows_estimated() const {
  std::lock_guard lock(mutex_);
  int64_t rows = 0;
  for (const TableProgress& table : tables_) rows += table.layout.table.rows_estimated;
  return rows;
}

// Finds the smallest and the largest integer key and how wide a range holds about one part.
Status Snapshot::Begin(TableProgress* table, Connection* connection) {
  table->started = true;
  if (table->read_by != ReadBy::kIntegerRanges) return Status::Ok();
  const ServerTable& server = table->layout.table;
  const std::string key = QuoteIdentifier(server.columns[server.key[0]].name);
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> rows,
      connection->Query(fmt::format("SELECT MIN({0}), MAX({0}) FROM {1}", key, server.Quoted())));
  const auto least = rows.empty() ? std::nullopt : rows[0][0];
  const auto most = rows.empty() ? std::nullopt : rows[0][1];
  if (!least || !most) {  // empty
    table->done = true;
    return Status::Ok();
  }
  const int64_t first = table->next.value_or(ParseInteger(*least).value_or(INT64_MIN));
  table->last = ParseInteger(*most).value_or(INT64_MAX);
  table->next = first;
  const double width =
      std::max(0.0, static_cast<double>(table->last) - static_cast<double>(first)) + 1;
  const double rows_left = std::max<double>(1, static_cast<double>(server.rows_estimated));
  const double ranges = std::clamp(rows_left / static_cast<double>(rows_per_part_), 1.0,
                                   static_cast<double>(kRangesMax));
  table->step = static_cast<int64_t>(std::clamp(width / ranges, 1.0, 4e18));
  return Status::Ok();
}

Result<std::optional<Part>> Snapshot::Claim(Connection* connection) {
  std::lock_guard lock(mutex_);
  for (size_t i = 0; i < tables_.size(); ++i) {
    TableProgress& table = tables_[i];
    if (table.done || table.busy) continue;
    if (!table.started) MR_RETURN_IF_ERROR(Begin(&table, connection));
    if (table.done) continue;
    if (table.read_by != ReadBy::kIntegerRanges) {
      table.busy = true;
      return std::optional<Part>(Part{i, std::nullopt, std::nullopt});
    }
    Part part{i, table.next, std::nullopt};
    const bool is_last =
        table.last - *table.next < table.step || *table.next > INT64_MAX - table.step;
    if (is_last) {
      table.done = true;  // its readers are waited for before the round ends
    } else {
      part.to = *table.next + table.step;
      table.next = part.to;
    }
    return std::optional<Part>(part);
  }
  return std::optional<Part>();
}

Result<std::vector<std::string>> Snapshot::PageEnd(const TableProgress& table,
                                                   const std::vector<std::string>& after,
                                                   Connection* connection) const {
  const ServerTable& server = table.layout.table;
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> rows,
      connection->Query(fmt::format(
          "SELECT {} FROM {}{} ORDER BY {} LIMIT {}, 1", KeyList(server), server.Quoted(),
          after.empty() ? "" : " WHERE " + KeyCondition(server, after, true, true),
          KeyOrder(server), rows_per_part_ - 1)));
  std::vector<std::string> end;
  if (rows.empty()) return end;
  for (size_t i = 0; i < server.key.size(); ++i) {
    end.push_back(Literal(server.columns[server.key[i]], rows[0][i].value_or("")));
  }
  return end;
}

Status Snapshot::ReadRange(const TableProgress& table, const std::string& where,
                           Connection* connection, const TimeZone& server_zone, uint32_t stride,
                           const BatchGiver& give, const BatchTaker& take) {
  const std::vector<uint32_t> selected = Selected(table.layout);
  const ResultRowDecoder decoder(table.layout, selected);
  CellWriter writer(server_zone);
  MR_RETURN_IF_ERROR(connection->StartRows(SelectText(table.layout.table, selected) + where));
  std::unique_ptr<Batch> batch;
  // What is the same in all rows of a batch, at its slots.
  std::vector<uint32_t> fixed_slots = table.layout.null_slots;
  for (const MetadataSlot& metadata : table.layout.metadata) fixed_slots.push_back(metadata.slot);
  std::vector<Cell> fixed(stride);
  for (;;) {
    if (batch == nullptr) {
      batch = give();
      batch->Reset(stride);
      const TableNames names = CopyNames(table.layout, &batch->arena());
      FillMetadata(table.layout, names, RowKind::kInsert, 0, fixed.data());
      writer.set_arena(&batch->arena());
    }
    MR_ASSIGN_OR_RETURN(const std::span<const Packet> packets,
                        connection->NextRows(&batch->arena()));
    if (packets.empty()) break;
    for (const Packet& packet : packets) {
      Cell* row = batch->AddRow(RowKind::kInsert);
      for (const uint32_t slot : fixed_slots) row[slot] = fixed[slot];
      if (!decoder.Decode(packet, &writer, row)) {
        return Status::Permanent(fmt::format(
            "a row of {} does not look as its columns say; was the table altered while it was "
            "read? Start the job again",
            table.layout.table.FullName()));
      }
    }
    if (batch->full()) {
      MR_RETURN_IF_ERROR(writer.status());
      rows_read_ += batch->rows();
      if (!take(std::move(batch))) return Status::Cancelled();
    }
  }
  MR_RETURN_IF_ERROR(writer.status());
  if (batch != nullptr && !batch->empty()) {
    rows_read_ += batch->rows();
    if (!take(std::move(batch))) return Status::Cancelled();
  }
  return Status::Ok();
}

Status Snapshot::Read(const Part& part, Connection* connection, const std::atomic<bool>& over,
                      const TimeZone& server_zone, uint32_t stride, const BatchGiver& give,
                      const BatchTaker& take) {
  TableProgress table;
  {
    std::lock_guard lock(mutex_);
    table = tables_[part.table];
  }
  const ServerTable& server = table.layout.table;
  const auto read = [&](const std::string& where) {
    return ReadRange(table, where, connection, server_zone, stride, give, take);
  };
  if (table.read_by == ReadBy::kIntegerRanges) {
    const std::string key = QuoteIdentifier(server.columns[server.key[0]].name);
    std::string where = fmt::format(" WHERE {} >= {}", key, *part.from);
    if (part.to) where += fmt::format(" AND {} < {}", key, *part.to);
    return read(where);
  }
  bool done = false;
  while (!done && !over) {
    std::string where;
    std::vector<std::string> end;
    if (table.read_by == ReadBy::kPages) {
      MR_ASSIGN_OR_RETURN(end, PageEnd(table, table.after, connection));
      if (!table.after.empty()) where = " WHERE " + KeyCondition(server, table.after, true, true);
      if (!end.empty())
        where += (where.empty() ? " WHERE " : " AND ") + KeyCondition(server, end, false, false);
    }
    MR_RETURN_IF_ERROR(read(where));
    done = end.empty();
    if (!done) table.after = end;
  }
  std::lock_guard lock(mutex_);
  tables_[part.table].after = table.after;
  tables_[part.table].done = done;
  tables_[part.table].busy = false;
  return Status::Ok();
}

}  // namespace millrace::mysql
