// What a statement in the binlog of MySQL or MariaDB says about tables, as written: nothing is
// resolved, so a type without a character set has none here. Clauses that say nothing about which
// columns a table has, how their values look, which rows exist or which key it has are left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace millrace::mysql::ddl {

struct TableName {
  std::string database;  // empty: the session's default database
  std::string table;

  bool operator==(const TableName&) const = default;
};

// "int(10) unsigned", "varchar(20) charset latin1", "enum('a','b')".
struct DataType {
  // In small letters, as DATA_TYPE of information_schema names it: NUMERIC is "decimal", INTEGER
  // "int", NATIONAL VARCHAR "varchar", REAL "double" (or "float" under REAL_AS_FLOAT), BOOL
  // "tinyint" with length 1, LONG VARCHAR "mediumtext", SERIAL "bigint", FLOAT(30) "double", JSON
  // of MariaDB "longtext" with its character set. What depends on a character set that the text may
  // not name is as written: CHAR CHARACTER SET binary is "char", TEXT(100) "text" with a length.
  std::string name;
  std::optional<uint32_t> length;    // the first number in parentheses
  std::optional<uint32_t> decimals;  // the second one
  bool is_unsigned = false;          // ZEROFILL and SERIAL too
  // ENUM and SET; without trailing spaces, unless the column is said to be binary.
  std::vector<std::string> labels;
  std::string charset;      // in small letters; ASCII is "latin1", UNICODE "ucs2", BYTE "binary",
                            // NATIONAL "utf8mb3", utf8 as written; empty: none is written
  std::string collation;    // in small letters; empty: none is written
  bool has_binary = false;  // BINARY: the _bin collation of its character set
  bool is_compressed = false;  // MariaDB: the rows of the log have other type codes

  bool operator==(const DataType&) const = default;
};

// The part of an index; of an expression the name is empty, and of a period WITHOUT OVERLAPS that
// the statement does not define too.
struct IndexPart {
  std::string column;
  bool is_prefix = false;  // only the first characters of the column, perhaps all
  uint32_t prefix_length = 0;

  bool operator==(const IndexPart&) const = default;
};

struct Index {
  enum class Kind : uint8_t { kPrimary, kUnique, kOther };
  std::string
      name;  // empty: the server gives it one. Of a constraint without index name: the constraint's
  Kind kind = Kind::kOther;
  std::vector<IndexPart> parts;
  bool uses_hash = false;  // USING HASH

  bool operator==(const Index&) const = default;
};

struct Column {
  std::string name;
  DataType type;
  std::optional<bool>
      is_nullable;  // NULL or NOT NULL, if written (SERIAL, PRIMARY KEY, AUTO_INCREMENT: not null)
  bool is_primary_key = false;
  bool is_unique_key = false;  // SERIAL too
  bool is_row_start = false;   // MariaDB: GENERATED ALWAYS AS ROW START
  bool is_row_end = false;

  bool operator==(const Column&) const = default;
};

// Where a column goes: FIRST, or AFTER a column. None: at the end (ADD), where it is (MODIFY).
struct Place {
  std::optional<std::string> after;  // nothing: FIRST

  bool operator==(const Place&) const = default;
};

// --- the clauses of ALTER TABLE that matter, in the order of the text
// ---------------------------------

struct AddColumn {
  Column column;
  std::optional<Place> place;
  bool if_not_exists = false;
  bool operator==(const AddColumn&) const = default;
};
// MODIFY COLUMN; CHANGE COLUMN has another name in `column`.
struct ChangeColumn {
  std::string name;
  Column column;
  std::optional<Place> place;
  bool if_exists = false;
  bool operator==(const ChangeColumn&) const = default;
};
struct RenameColumn {
  std::string from;
  std::string to;
  bool if_exists = false;
  bool operator==(const RenameColumn&) const = default;
};
struct DropColumn {
  std::string name;
  bool if_exists = false;
  bool operator==(const DropColumn&) const = default;
};
struct AddIndex {
  Index index;
  bool if_not_exists = false;
  bool operator==(const AddIndex&) const = default;
};
// DROP INDEX, DROP KEY, DROP CONSTRAINT, which may be no index; DROP PRIMARY KEY has the name
// "PRIMARY".
struct DropIndex {
  std::string name;
  bool operator==(const DropIndex&) const = default;
};
struct RenameIndex {
  std::string from;
  std::string to;
  bool operator==(const RenameIndex&) const = default;
};
struct RenameTo {
  TableName table;
  bool operator==(const RenameTo&) const = default;
};
// DEFAULT CHARACTER SET, COLLATE: for columns that are added later; or CONVERT TO CHARACTER SET:
// all columns with text too. Charset empty and not `convert`: only a collation; "default": the
// database's. Come before the other alterations, since columns they add or change have it; first
// the one that converts.
struct SetCharset {
  std::string charset;
  std::string collation;
  bool convert = false;
  bool operator==(const SetCharset&) const = default;
};
struct SetVersioning {  // MariaDB: ADD or DROP SYSTEM VERSIONING
  bool on = false;
  bool operator==(const SetVersioning&) const = default;
};
// MariaDB: ADD PERIOD FOR SYSTEM_TIME (start, end).
struct AddPeriod {
  std::string start;
  std::string end;
  bool operator==(const AddPeriod&) const = default;
};
// Rows that go (or come) with a partition, or with the file of a table.
struct ChangePartition {
  enum class Kind : uint8_t {
    kDrop,
    kTruncate,
    kExchange,
    kConvertOut,
    kConvertIn,
    kDiscardTablespace,
    kImportTablespace,
  };
  Kind kind = Kind::kDrop;
  std::vector<std::string> partitions;  // empty: all
  std::optional<TableName> other;       // EXCHANGE ... WITH TABLE, CONVERT PARTITION ... TO TABLE
  bool operator==(const ChangePartition&) const = default;
};

using Alteration =
    std::variant<AddColumn, ChangeColumn, RenameColumn, DropColumn, AddIndex, DropIndex,
                 RenameIndex, RenameTo, SetCharset, SetVersioning, AddPeriod, ChangePartition>;

// --- statements
// -----------------------------------------------------------------------------------------

struct CreateTable {
  TableName table;
  bool is_temporary = false;
  bool or_replace = false;
  bool if_not_exists = false;
  std::vector<Column> columns;
  std::vector<Index> indexes;  // of the table; PRIMARY KEY and UNIQUE of a column stand there
  std::string engine;          // in small letters; empty: none is written
  std::string charset;         // the same
  std::string collation;
  std::optional<TableName> like;
  // Its columns are not, or not all, in the text: SELECT, or an engine that finds them by itself.
  bool has_select = false;
  bool is_versioned = false;
  std::optional<AddPeriod> period;
  bool operator==(const CreateTable&) const = default;
};
struct AlterTable {
  TableName table;
  bool if_exists = false;
  std::vector<Alteration> alterations;
  bool operator==(const AlterTable&) const = default;
};
struct DropTable {
  std::vector<TableName> tables;
  bool is_temporary = false;
  bool operator==(const DropTable&) const = default;
};
struct RenameTable {
  struct Pair {
    TableName from;
    TableName to;
    bool operator==(const Pair&) const = default;
  };
  std::vector<Pair> pairs;  // one after the other
  bool operator==(const RenameTable&) const = default;
};
struct TruncateTable {
  TableName table;
  bool operator==(const TruncateTable&) const = default;
};
struct CreateIndex {
  TableName table;
  Index index;
  bool or_replace = false;
  bool if_not_exists = false;
  bool operator==(const CreateIndex&) const = default;
};
struct DropIndexOn {
  TableName table;
  std::string name;
  bool operator==(const DropIndexOn&) const = default;
};
// MariaDB; CREATE TABLE ... SEQUENCE=1 too.
struct CreateSequence {
  TableName sequence;
  bool is_temporary = false;
  bool or_replace = false;
  bool if_not_exists = false;
  bool operator==(const CreateSequence&) const = default;
};
struct DropSequence {
  std::vector<TableName> sequences;
  bool is_temporary = false;
  bool operator==(const DropSequence&) const = default;
};
// CREATE DATABASE and ALTER DATABASE; the name is empty if ALTER leaves it out.
struct SetDatabaseCharset {
  std::string database;
  std::string charset;  // empty and no collation: the server's (CREATE), unchanged (ALTER)
  std::string collation;
  bool creates = false;
  bool or_replace = false;  // MariaDB: the tables it has are dropped first
  bool if_not_exists = false;
  bool operator==(const SetDatabaseCharset&) const = default;
};
struct DropDatabase {
  std::string database;
  bool operator==(const DropDatabase&) const = default;
};
// A statement that may change rows without rows in the log.
struct WriteRows {
  // That it may write: of an UPDATE whose columns do not say which, all of its tables. Tables that
  // triggers, foreign keys or a view write are not in the text.
  std::vector<TableName> tables;
  // It calls a procedure, or a function that is none of the server's.
  bool may_write_others = false;
  bool operator==(const WriteRows&) const = default;
};
// Understood, and nothing of the above: views, users, procedures, SET, ANALYZE, FLUSH ...
struct Nothing {
  bool operator==(const Nothing&) const = default;
};

using Statement = std::variant<CreateTable, AlterTable, DropTable, RenameTable, TruncateTable,
                               CreateIndex, DropIndexOn, CreateSequence, DropSequence,
                               SetDatabaseCharset, DropDatabase, WriteRows, Nothing>;

}  // namespace millrace::mysql::ddl
