#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "base/ascii.h"
#include "base/encode.h"
#include "base/overloaded.h"
#include "base/quote.h"
#include "connectors/mysql/ddl/parser.h"

namespace millrace::mysql::ddl {
namespace {

constexpr const char* If(bool is, const char* text) { return is ? text : ""; }

std::string Print(const TableName& name) {
  const std::string table = QuoteIdentifier(name.table);
  return name.database.empty() ? table : QuoteIdentifier(name.database) + "." + table;
}

template <typename Items, typename ToText>
std::string PrintList(const Items& items, ToText to_text) {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text += ", ";
    text += to_text(item);
  }
  return text;
}

std::string PrintTables(const std::vector<TableName>& tables) {
  return PrintList(tables, [](const TableName& table) { return Print(table); });
}
std::string PrintNames(const std::vector<std::string>& names) {
  return PrintList(names, [](const std::string& name) { return QuoteIdentifier(name); });
}

// Read alike whatever backslashes mean.
std::string PrintString(const std::string& text) {
  if (text.find('\\') != std::string::npos) return "_utf8mb4 x'" + ToHex(text) + "'";
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

std::string PrintCharset(const std::string& charset, const std::string& collation) {
  std::string text;
  if (!charset.empty()) text += " CHARACTER SET " + QuoteIdentifier(charset);
  if (!collation.empty()) text += " COLLATE " + QuoteIdentifier(collation);
  return text;
}

std::string PrintType(const DataType& type) {
  std::string text = type.name;
  // Other types in some dialects, unless so named.
  if (IsOneOf(type.name, {"date", "timestamp"})) text.insert(0, "mariadb_schema.");
  if (type.name == "enum" || type.name == "set") {
    text += "(" + PrintList(type.labels, PrintString) + ")";
  }
  if (type.length) {
    text += fmt::format("({}", *type.length);
    if (type.decimals) text += fmt::format(", {}", *type.decimals);
    text += ")";
  }
  if (type.is_compressed) text += " COMPRESSED";
  if (type.is_unsigned) text += " UNSIGNED";
  if (type.has_binary) text += " BINARY";
  return text + PrintCharset(type.charset, type.collation);
}

std::string PrintColumn(const Column& column) {
  std::string text = QuoteIdentifier(column.name) + " " + PrintType(column.type);
  if (column.is_row_start) text += " GENERATED ALWAYS AS ROW START";
  if (column.is_row_end) text += " GENERATED ALWAYS AS ROW END";
  if (column.is_primary_key) text += " PRIMARY KEY";
  if (column.is_unique_key) text += " UNIQUE KEY";
  // Last: a key says NOT NULL too, and the last one counts.
  if (column.is_nullable) text += *column.is_nullable ? " NULL" : " NOT NULL";
  return text;
}

std::string PrintParts(const std::vector<IndexPart>& parts) {
  return "(" +
         PrintList(parts,
                   [](const IndexPart& part) {
                     if (part.column.empty()) return std::string("(1)");
                     const std::string column = QuoteIdentifier(part.column);
                     return part.is_prefix ? fmt::format("{}({})", column, part.prefix_length)
                                           : column;
                   }) +
         ")";
}

std::string PrintIndex(const Index& index, std::string_view condition = "") {
  const std::string_view kind = index.kind == Index::Kind::kPrimary  ? "PRIMARY KEY"
                                : index.kind == Index::Kind::kUnique ? "UNIQUE KEY"
                                                                     : "KEY";
  const std::string name = index.name.empty() ? "" : QuoteIdentifier(index.name) + " ";
  return fmt::format("{} {}{}{}{}", kind, condition, name, PrintParts(index.parts),
                     If(index.uses_hash, " USING HASH"));
}

std::string PrintPeriod(const AddPeriod& period) {
  return fmt::format("PERIOD FOR SYSTEM_TIME ({}, {})", QuoteIdentifier(period.start),
                     QuoteIdentifier(period.end));
}

std::string PrintPlace(const std::optional<Place>& place) {
  if (!place) return "";
  return place->after ? " AFTER " + QuoteIdentifier(*place->after) : " FIRST";
}

std::string PrintPartition(const ChangePartition& change) {
  using Kind = ChangePartition::Kind;
  const std::string names = change.partitions.empty() ? "ALL" : PrintNames(change.partitions);
  const std::string other = change.other ? Print(*change.other) : "";
  const std::string of_partitions = change.partitions.empty() ? "" : "PARTITION " + names + " ";
  switch (change.kind) {
    case Kind::kDrop:
      return "DROP PARTITION " + names;
    case Kind::kTruncate:
      return "TRUNCATE PARTITION " + names;
    case Kind::kExchange:
      return "EXCHANGE PARTITION " + names + " WITH TABLE " + other;
    case Kind::kConvertOut:
      return "CONVERT PARTITION " + names + " TO TABLE " + other;
    case Kind::kConvertIn:
      return "CONVERT TABLE " + other + " TO PARTITION " + names;
    case Kind::kDiscardTablespace:
      return "DISCARD " + of_partitions + "TABLESPACE";
    case Kind::kImportTablespace:
      return "IMPORT " + of_partitions + "TABLESPACE";
  }
  return "";
}

std::string PrintAlteration(const Alteration& alteration) {
  return std::visit(
      Overloaded{
          [](const AddColumn& add) {
            return fmt::format("ADD COLUMN {}{}{}", If(add.if_not_exists, "IF NOT EXISTS "),
                               PrintColumn(add.column), PrintPlace(add.place));
          },
          [](const ChangeColumn& change) {
            return fmt::format("CHANGE COLUMN {}{} {}{}", If(change.if_exists, "IF EXISTS "),
                               QuoteIdentifier(change.name), PrintColumn(change.column),
                               PrintPlace(change.place));
          },
          [](const RenameColumn& rename) {
            return fmt::format("RENAME COLUMN {}{} TO {}", If(rename.if_exists, "IF EXISTS "),
                               QuoteIdentifier(rename.from), QuoteIdentifier(rename.to));
          },
          [](const DropColumn& drop) {
            return fmt::format("DROP COLUMN {}{}", If(drop.if_exists, "IF EXISTS "),
                               QuoteIdentifier(drop.name));
          },
          [](const AddIndex& add) {
            return "ADD " + PrintIndex(add.index, If(add.if_not_exists, "IF NOT EXISTS "));
          },
          [](const DropIndex& drop) {
            return drop.name == "PRIMARY" ? "DROP PRIMARY KEY"
                                          : "DROP INDEX " + QuoteIdentifier(drop.name);
          },
          [](const RenameIndex& rename) {
            return fmt::format("RENAME INDEX {} TO {}", QuoteIdentifier(rename.from),
                               QuoteIdentifier(rename.to));
          },
          [](const RenameTo& rename) { return "RENAME TO " + Print(rename.table); },
          [](const SetCharset& set) {
            return (set.convert ? "CONVERT TO" : "DEFAULT") +
                   PrintCharset(set.charset, set.collation);
          },
          [](const SetVersioning& set) {
            return std::string(set.on ? "ADD" : "DROP") + " SYSTEM VERSIONING";
          },
          [](const AddPeriod& period) { return "ADD " + PrintPeriod(period); },
          [](const ChangePartition& change) { return PrintPartition(change); },
      },
      alteration);
}

std::string PrintCreate(const CreateTable& create) {
  std::string text = fmt::format("CREATE {}{}TABLE {}{}", If(create.or_replace, "OR REPLACE "),
                                 If(create.is_temporary, "TEMPORARY "),
                                 If(create.if_not_exists, "IF NOT EXISTS "), Print(create.table));
  if (create.like) return text + " LIKE " + Print(*create.like);
  std::vector<std::string> elements;
  for (const Column& column : create.columns) elements.push_back(PrintColumn(column));
  for (const Index& index : create.indexes) elements.push_back(PrintIndex(index));
  if (create.period) elements.push_back(PrintPeriod(*create.period));
  if (!elements.empty()) text += fmt::format(" ({})", fmt::join(elements, ", "));
  if (!create.engine.empty()) text += " ENGINE " + QuoteIdentifier(create.engine);
  text += PrintCharset(create.charset, create.collation);
  if (create.is_versioned) text += " WITH SYSTEM VERSIONING";
  return text + If(create.has_select, " AS SELECT 1");
}

std::string PrintDatabase(const SetDatabaseCharset& database) {
  const std::string charset = PrintCharset(database.charset, database.collation);
  const bool needs_option = !database.creates && charset.empty();
  return fmt::format("{} {}DATABASE {}{}{}", database.creates ? "CREATE" : "ALTER",
                     If(database.or_replace, "OR REPLACE "),
                     If(database.if_not_exists, "IF NOT EXISTS "),
                     database.database.empty() ? "" : QuoteIdentifier(database.database),
                     needs_option ? " COMMENT ''" : charset);
}

std::string PrintRows(const WriteRows& rows) {
  const std::string call = "`f`()";
  if (rows.tables.empty()) return "DO " + call;
  // A column without its table: any of them may have it.
  return fmt::format("UPDATE {} SET `c` = {}", PrintTables(rows.tables),
                     rows.may_write_others ? call : "1");
}

}  // namespace

std::string Print(const Statement& statement) {
  return std::visit(
      Overloaded{
          [](const CreateTable& create) { return PrintCreate(create); },
          [](const AlterTable& alter) {
            return fmt::format("ALTER TABLE {}{} {}", If(alter.if_exists, "IF EXISTS "),
                               Print(alter.table), PrintList(alter.alterations, PrintAlteration));
          },
          [](const DropTable& drop) {
            return fmt::format("DROP {}TABLE {}", If(drop.is_temporary, "TEMPORARY "),
                               PrintTables(drop.tables));
          },
          [](const RenameTable& rename) {
            return "RENAME TABLE " + PrintList(rename.pairs, [](const RenameTable::Pair& pair) {
                     return Print(pair.from) + " TO " + Print(pair.to);
                   });
          },
          [](const TruncateTable& truncate) { return "TRUNCATE TABLE " + Print(truncate.table); },
          [](const CreateIndex& create) {
            return fmt::format(
                "CREATE {}{}INDEX {}{} ON {} {}{}", If(create.or_replace, "OR REPLACE "),
                If(create.index.kind == Index::Kind::kUnique, "UNIQUE "),
                If(create.if_not_exists, "IF NOT EXISTS "), QuoteIdentifier(create.index.name),
                Print(create.table), PrintParts(create.index.parts),
                If(create.index.uses_hash, " USING HASH"));
          },
          [](const DropIndexOn& drop) {
            return fmt::format("DROP INDEX {} ON {}", QuoteIdentifier(drop.name),
                               Print(drop.table));
          },
          [](const CreateSequence& create) {
            return fmt::format("CREATE {}{}SEQUENCE {}{}", If(create.or_replace, "OR REPLACE "),
                               If(create.is_temporary, "TEMPORARY "),
                               If(create.if_not_exists, "IF NOT EXISTS "), Print(create.sequence));
          },
          [](const DropSequence& drop) {
            return fmt::format("DROP {}SEQUENCE {}", If(drop.is_temporary, "TEMPORARY "),
                               PrintTables(drop.sequences));
          },
          [](const SetDatabaseCharset& database) { return PrintDatabase(database); },
          [](const DropDatabase& drop) {
            return "DROP DATABASE " + QuoteIdentifier(drop.database);
          },
          [](const WriteRows& rows) { return PrintRows(rows); },
          [](const Nothing&) { return std::string("COMMIT"); },
      },
      statement);
}

}  // namespace millrace::mysql::ddl
