// The statements of a script as plain structs: as written, with nothing resolved. Every node has
// the span of its text in the script. Printing a statement (sql/unparse.h) and parsing the result
// gives the same tree with other spans.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sql/query.h"

namespace millrace::sql {

// --- tables --------------------------------------------------------------------------------------

enum class ColumnKind : unsigned char { kPhysical, kMetadata, kComputed };

struct ColumnDefinition {
  ColumnKind kind = ColumnKind::kPhysical;
  Name name;
  TypeName type;                            // physical and metadata columns
  std::optional<std::string> metadata_key;  // FROM '...'
  Span metadata_span;
  bool is_virtual = false;
  std::optional<Expression> computed;
  std::optional<std::string> comment;
  Span span;
};

// PRIMARY KEY or UNIQUE, of a column or of the table.
struct KeyDefinition {
  std::optional<Name> name;  // CONSTRAINT name
  bool unique = false;       // UNIQUE, not PRIMARY KEY
  std::vector<Name> columns;
  std::optional<bool> enforced;  // written ENFORCED or NOT ENFORCED
  Span span;
};

struct Watermark {
  std::vector<Name> column;  // dotted
  Expression expression;
  Span span;
};

struct Distribution {
  std::string kind;  // "HASH", "RANGE" or empty
  std::vector<Name> columns;
  std::optional<int64_t> buckets;
  Span span;
};

struct LikeOption {
  std::string merging;  // "INCLUDING", "EXCLUDING", "OVERWRITING"
  std::string
      feature;  // "ALL", "CONSTRAINTS", "DISTRIBUTION", "GENERATED", "METADATA", "OPTIONS", ...
  Span span;
};

struct LikeClause {
  ObjectName table;
  std::vector<LikeOption> options;
  Span span;
};

struct CreateTable {
  ObjectName name;
  bool or_replace = false;  // CREATE OR REPLACE TABLE, REPLACE TABLE
  bool temporary = false;
  bool if_not_exists = false;
  std::vector<ColumnDefinition> columns;
  std::vector<Name> bare_columns;  // CREATE TABLE t (a, b) AS SELECT ...
  std::vector<KeyDefinition> keys;
  std::vector<Watermark> watermarks;  // more than one is an error that the binder reports
  std::optional<std::string> comment;
  std::optional<Distribution> distribution;
  std::vector<Name> partitioned_by;
  Span partitioned_span;
  std::optional<ObjectName> connection;  // USING CONNECTION c
  std::vector<OptionPair> options;
  bool has_options = false;  // with WITH, possibly empty
  Span options_span;         // of WITH (...), or of the name if there is none
  std::optional<LikeClause> like;
  std::shared_ptr<const Query> query;  // AS query
};

enum class ObjectKind : unsigned char { kTable, kView, kDatabase, kCatalog };

// DROP TABLE | VIEW | DATABASE | CATALOG.
struct Drop {
  ObjectKind object = ObjectKind::kTable;
  ObjectName name;
  bool temporary = false;
  bool if_exists = false;
  bool cascade = false;  // DROP DATABASE ... CASCADE
};

struct CreateView {
  ObjectName name;
  bool or_replace = false;
  bool temporary = false;
  bool if_not_exists = false;
  std::vector<Name> columns;
  std::optional<std::string> comment;
  std::shared_ptr<const Query> query;
};

struct CreateDatabase {
  ObjectName name;
  bool if_not_exists = false;
  std::optional<std::string> comment;
  std::vector<OptionPair> options;
};

struct CreateCatalog {
  Name name;
  bool if_not_exists = false;
  std::optional<std::string> comment;
  std::vector<OptionPair> options;
  Span options_span;
};

enum class AlterAction : unsigned char {
  kRenameTo,      // new_name
  kRenameColumn,  // column (dotted), new_column
  kSetOptions,    // options
  kResetOptions,  // reset_keys
  kComment,       // comment (catalogs)
  kAdd,           // elements
  kModify,        // elements
  kDropColumns,   // columns
  kDropPrimaryKey,
  kDropConstraint,  // columns[0] is its name
  kDropWatermark,
  kDropDistribution,
  kSetQuery,         // ALTER VIEW v AS query
  kPartitions,       // ADD or DROP PARTITION: kept verbatim in `text`
  kSetDistribution,  // ADD or MODIFY DISTRIBUTION: add_distribution says which
};

struct AddedColumn {
  ColumnDefinition column;
  bool first = false;
  std::vector<Name> after;  // dotted; empty if not AFTER
};

// ALTER TABLE | VIEW | DATABASE | CATALOG: one action.
struct Alter {
  ObjectKind object = ObjectKind::kTable;
  ObjectName name;
  bool if_exists = false;
  AlterAction action = AlterAction::kRenameTo;
  ObjectName new_name;
  std::vector<Name> column;
  Name new_column;
  std::vector<OptionPair> options;
  std::vector<OptionPair> reset_keys;  // keys only
  std::string comment;
  std::vector<AddedColumn> added;          // kAdd, kModify
  std::vector<KeyDefinition> keys;         // kAdd, kModify
  std::vector<Watermark> watermarks;       // kAdd, kModify
  std::vector<std::vector<Name>> columns;  // kDropColumns: dotted names
  std::optional<Distribution> distribution;
  bool add_distribution = false;
  std::shared_ptr<const Query> query;
  std::string text;
  bool parenthesised = false;  // ADD ( ... ), MODIFY ( ... ), DROP ( ... )
  Span action_span;
};

// --- the rest ------------------------------------------------------------------------------------

struct Use {
  ObjectKind object = ObjectKind::kDatabase;  // or kCatalog
  ObjectName name;
};

struct Set {  // without a key: show all
  std::optional<OptionPair> setting;
};

struct Reset {  // without a key: all
  std::optional<Name> key;
};

// A = 'x' of PARTITION (...).
struct PartitionValue {
  Name column;
  Expression value;
};

struct Insert {
  ObjectName target;
  bool overwrite = false;
  bool upsert = false;  // UPSERT INTO: parsed in Flink and rejected
  Span verb_span;       // INSERT OVERWRITE, UPSERT INTO
  std::vector<Hint> hints;
  std::vector<PartitionValue> partition;
  Span partition_span;
  std::optional<std::vector<Name>> columns;
  std::shared_ptr<const Query> query;
  std::string on_conflict;  // "ERROR", "NOTHING", "DEDUPLICATE" or empty
  Span on_conflict_span;
  Span span;
};

struct StatementSet {  // [EXECUTE] STATEMENT SET BEGIN ... END
  std::vector<Insert> inserts;
};
struct BeginStatementSet {};
struct EndStatementSet {};

struct Select {
  Query query;
};

struct Statement;

struct Explain {
  bool plan_for = false;      // EXPLAIN PLAN FOR
  bool preflight = false;     // EXPLAIN PREFLIGHT
  std::vector<Name> details;  // upper case
  std::shared_ptr<const Statement> statement;
};

enum class ShowKind : unsigned char {
  kCatalogs,
  kDatabases,
  kCurrentCatalog,
  kCurrentDatabase,
  kTables,
  kViews,
  kColumns,
  kCreateTable,
  kCreateView,
  kCreateCatalog,
  kFunctions,
  kJobs,
  kJars,
  kModules,
  kPartitions,
  kConnectors,  // an extension of Millrace
};

struct Show {
  ShowKind kind = ShowKind::kTables;
  std::string words;                // as it prints: "TABLES", "USER FUNCTIONS", "CREATE TABLE"
  std::optional<ObjectName> name;   // FROM | IN name, or the object of CREATE, COLUMNS, PARTITIONS
  bool in = false;                  // IN, not FROM
  std::optional<std::string> like;  // the pattern
  Span like_span;
  bool not_like = false;
  bool ilike = false;
  std::vector<PartitionValue> partition;
};

enum class DescribeKind : unsigned char {
  kTable,
  kCatalog,
  kDatabase,
  kFunction,
  kJob,
  kConnector
};

struct Describe {
  DescribeKind kind = DescribeKind::kTable;
  bool extended = false;
  ObjectName name;  // kJob, kConnector: one part, the text of the literal
};

struct StopJob {
  Name job;  // the id
  bool with_savepoint = false;
  bool with_drain = false;
};

struct CompilePlan {
  std::string path;
  Span path_span;
  bool if_not_exists = false;
  bool execute = false;                        // COMPILE AND EXECUTE PLAN
  std::shared_ptr<const Statement> statement;  // Insert or StatementSet
};

struct ExecutePlan {
  std::string path;
  Span path_span;
};

// A statement of Flink that is parsed and not run: "CREATE FUNCTION".
struct Unsupported {
  std::string what;
  std::string text;  // as written, for printing
  std::string hint;  // what to write instead, if anything
};

struct Statement {
  std::variant<CreateTable, CreateView, CreateDatabase, CreateCatalog, Drop, Alter, Use, Set, Reset,
               Insert, StatementSet, BeginStatementSet, EndStatementSet, Select, Explain, Show,
               Describe, StopJob, CompilePlan, ExecutePlan, Unsupported>
      node;
  Span span;
};

}  // namespace millrace::sql
