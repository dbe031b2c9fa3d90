#include "minidoris/store/physical_table.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/quote.h"
#include "minidoris/table/row_code.h"

namespace millrace::minidoris {
namespace {

bool AllKeysNotNull(const Table& table) {
  for (size_t i = 0; i < table.key_count; ++i) {
    if (table.columns[i].nullable) return false;
  }
  return true;
}

std::string KeyExpression(const Column& column, std::string_view of) {
  return column.nullable ? fmt::format("ifnull({}, x'')", of) : std::string(of);
}

// The key as an index or a conflict target names it.
std::string KeyList(const Table& table) {
  std::vector<std::string> keys;
  for (size_t i = 0; i < table.key_count; ++i) {
    keys.push_back(KeyExpression(table.columns[i], QuoteIdentifier(table.columns[i].name)));
  }
  return Join(keys, ", ");
}

std::string AggregateExpression(const Column& column) {
  const std::string old_value = QuoteIdentifier(column.name);
  std::string new_value = "excluded." + old_value;
  const auto combined = [&](std::string_view function) {
    return fmt::format("coalesce({0}({1}, {2}), {1}, {2})", function, old_value, new_value);
  };
  switch (column.aggregation) {
    case Aggregation::kNone:
    case Aggregation::kReplace:
      return new_value;
    case Aggregation::kReplaceIfNotNull:
      return fmt::format("coalesce({}, {})", new_value, old_value);
    case Aggregation::kMin:
      return combined("min");
    case Aggregation::kMax:
      return combined("max");
    case Aggregation::kSum:
      break;
  }
  const bool text =
      column.type.kind == TypeKind::kDecimal || column.type.kind == TypeKind::kLargeInt;
  if (text) return combined("doris_add");
  return fmt::format("coalesce({0} + {1}, {0}, {1})", old_value, new_value);
}

std::string UpsertSql(const Table& table) {
  std::string marks;
  for (size_t i = 0; i < table.columns.size(); ++i) marks += i == 0 ? "?" : ",?";
  const std::string name = PhysicalName(table.database, table.name);
  if (table.model == KeysModel::kUnique) {
    return fmt::format("INSERT OR REPLACE INTO {} VALUES({})", name, marks);
  }
  std::string sql = fmt::format("INSERT INTO {} VALUES({})", name, marks);
  if (table.model == KeysModel::kDuplicate) return sql;
  std::vector<std::string> updates;
  for (size_t i = table.key_count; i < table.columns.size(); ++i) {
    updates.push_back(fmt::format("{} = {}", QuoteIdentifier(table.columns[i].name),
                                  AggregateExpression(table.columns[i])));
  }
  const std::string action = updates.empty() ? "NOTHING" : "UPDATE SET " + Join(updates, ", ");
  return sql + fmt::format(" ON CONFLICT({}) DO {}", KeyList(table), action);
}

std::string DeleteSql(const Table& table) {
  std::vector<std::string> conditions;
  for (size_t i = 0; i < table.key_count; ++i) {
    const Column& column = table.columns[i];
    conditions.push_back(KeyExpression(column, QuoteIdentifier(column.name)) + " = " +
                         KeyExpression(column, "?"));
  }
  return fmt::format("DELETE FROM {} WHERE {}", PhysicalName(table.database, table.name),
                     Join(conditions, " AND "));
}

// Binds the next value of the row, or steps over it if `statement` is null.
void BindValue(ByteReader* in, SqliteStatement* statement, int at) {
  switch (static_cast<ValueTag>(in->U8())) {
    case ValueTag::kNull:
      if (statement != nullptr) statement->BindNull(at);
      return;
    case ValueTag::kInt: {
      const auto value = static_cast<int64_t>(in->U64());
      if (statement != nullptr) statement->Bind(at, value);
      return;
    }
    case ValueTag::kDouble: {
      const uint64_t bits = in->U64();
      double value = 0;
      std::memcpy(&value, &bits, sizeof value);
      if (statement != nullptr) statement->Bind(at, value);
      return;
    }
    case ValueTag::kText: {
      const std::string_view text = in->Bytes(in->U32());
      if (statement != nullptr) statement->Bind(at, text);
      return;
    }
  }
  in->Fail();
}

}  // namespace

std::string PhysicalTableSql(const Table& table) {
  std::vector<std::string> parts;
  for (const Column& column : table.columns) {
    parts.push_back(fmt::format("{} {}{}", QuoteIdentifier(column.name),
                                SqliteDeclaration(column.type),
                                column.nullable ? "" : " NOT NULL"));
  }
  const bool keyed = table.model != KeysModel::kDuplicate;
  const bool primary = keyed && AllKeysNotNull(table);
  if (primary) parts.push_back(fmt::format("PRIMARY KEY({})", KeyList(table)));
  std::string sql = fmt::format("CREATE TABLE {}({}){};", PhysicalName(table.database, table.name),
                                Join(parts, ", "), primary ? " WITHOUT ROWID" : "");
  if (keyed && !primary) {
    sql += fmt::format("CREATE UNIQUE INDEX {} ON {}({});",
                       QuoteIdentifier(fmt::format("{}.{}.key", table.database, table.name)),
                       PhysicalName(table.database, table.name), KeyList(table));
  }
  return sql;
}

Result<RowApplier> RowApplier::Make(const Table& table, Sqlite* sqlite) {
  MR_ASSIGN_OR_RETURN(SqliteStatement upsert, sqlite->Prepare(UpsertSql(table)));
  MR_ASSIGN_OR_RETURN(SqliteStatement remove, sqlite->Prepare(DeleteSql(table)));
  return RowApplier(table, std::move(upsert), std::move(remove));
}

Status RowApplier::Apply(std::string_view rows) {
  ByteReader in({reinterpret_cast<const uint8_t*>(rows.data()), rows.size()});
  while (in.remaining() > 0) {
    const bool removes = static_cast<RowOperation>(in.U8()) == RowOperation::kDelete;
    SqliteStatement& statement = removes ? remove_ : upsert_;
    for (size_t i = 0; i < column_count_; ++i) {
      const bool needed = !removes || i < key_count_;
      BindValue(&in, needed ? &statement : nullptr, static_cast<int>(i) + 1);
    }
    if (!in.ok()) return Status::Permanent("damaged staged rows");
    MR_RETURN_IF_ERROR(statement.Run());
  }
  return Status::Ok();
}

}  // namespace millrace::minidoris
