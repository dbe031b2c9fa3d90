// What was written, nothing resolved: the statements of a script as plain structs. Every node has
// the span of its text in the script. Printing a statement (sql/unparse.h) and parsing the result
// gives the same tree but for the spans.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostic.h"

namespace millrace::sql {

struct Name {
  std::string text;  // unquoted
  Span span;
};

// `catalog`.`database`.`object`, each part optional but the last.
struct ObjectName {
  std::vector<Name> parts;
  Span span;
};

// --- types and expressions ---------------------------------------------------------------------

struct TypeField;

// A type as written: "DECIMAL(10, 2)", "TIMESTAMP_LTZ(3)", "ARRAY<INT>", "ROW<a INT>".
struct TypeName {
  std::string name;  // upper case, one blank between words, synonyms resolved to one spelling where
                     // the grammar has several words for one type: "TIMESTAMP_LTZ", "VARCHAR"
  std::vector<int64_t> parameters;
  std::vector<TypeName> elements;  // ARRAY, MULTISET, MAP
  std::vector<TypeField> fields;   // ROW, STRUCTURED
  std::vector<std::string> texts;  // RAW('class', 'snapshot'), STRUCTURED<'class', ...>
  bool nullable = true;
  bool nullable_written = false;  // NULL or NOT NULL stands there
  Span span;
};

struct TypeField {  // of ROW<...>
  Name name;
  TypeName type;
  std::optional<std::string> comment;
};

enum class ExpressionKind : unsigned char {
  kLiteral,
  kColumn,  // [[catalog.database.]table.]column
  kStar,    // * or t.*
  // A function, operator or predicate by its name in upper case: "+", "AND", "IS NOT NULL",
  // "NOT BETWEEN", "BETWEEN SYMMETRIC", "NOT IN", "SIMILAR TO", "IS JSON OBJECT", "COALESCE". What
  // has a syntax of its own is a call too: EXTRACT(DAY FROM t) is "EXTRACT" with a symbol and t.
  kCall,
  kCast,      // CAST or TRY_CAST (text); children: the operand
  kCase,      // children: [operand] {when, then} [else]
  kSymbol,    // a keyword as an argument (text in upper case): DAY in EXTRACT, ERROR in ON ERROR
  kRow,       // (a, b) or ROW(a, b); children: the fields
  kArray,     // ARRAY[a, b]
  kMap,       // MAP[k, v, ...]
  kElement,   // a[i]; children: a, i
  kField,     // (expression).name; children: the expression; text: the name
  kSubquery,  // text: "" (a value), "EXISTS", "IN", "NOT IN", or "= ANY", "< ALL", ...; children:
              // the left operand if there is one
  // A named argument f(name => value); children: value; text: name.
  kNamedArgument,
  kVerbatim,  // parsed, never run: kept as written (text), `what` names it
};

enum class LiteralKind : unsigned char {
  kNull,
  kBoolean,  // text TRUE, FALSE or UNKNOWN
  kInteger,  // text as written
  kDecimal,
  kDouble,
  kString,  // text unquoted; adjacent literals joined; U&'...' decoded
  kBinary,  // text: hex digits
  kDate,    // text unquoted
  kTime,
  kTimestamp,
  kInterval,  // text unquoted, the sign in front of the quotes moved into it; see Interval
};

// INTERVAL '1-6' YEAR(2) TO MONTH.
struct Interval {
  std::string from;  // upper case singular: "YEAR", "DAY", ...
  std::string to;    // empty if there is none
  int64_t precision = -1;
  int64_t fraction_precision = -1;
};

struct Query;
struct CallDetails;

struct Expression {
  ExpressionKind kind = ExpressionKind::kLiteral;
  LiteralKind literal = LiteralKind::kNull;
  std::string text;
  std::string what;             // kVerbatim: "MATCH_RECOGNIZE"
  std::vector<Name> qualifier;  // kColumn, kStar: what stands before the last part
  std::vector<Expression> children;
  std::optional<TypeName> type;                // kCast; JSON_VALUE ... RETURNING
  std::optional<Interval> interval;            // kLiteral kInterval
  std::shared_ptr<const Query> query;          // kSubquery; shared so that trees can be copied
  std::shared_ptr<const CallDetails> details;  // kCall with more than plain arguments
  bool has_operand = false;                    // kCase: CASE x WHEN ...
  bool has_else = false;                       // kCase
  Span span;
  Span text_span;  // of the operator, the function's name, the column's last part
};

enum class NullsOrder : unsigned char { kUnspecified, kFirst, kLast };

struct OrderItem {
  Expression expression;
  bool descending = false;
  NullsOrder nulls = NullsOrder::kUnspecified;
};

// OVER (...), or a window of the WINDOW clause.
struct Window {
  std::optional<Name> base;
  std::vector<Expression> partition_by;
  std::vector<OrderItem> order_by;
  std::string frame;  // as written, blanks normalised: "ROWS BETWEEN 1 PRECEDING AND CURRENT ROW"
  Span span;
};

// What can stand in and behind a call beside its arguments.
struct CallDetails {
  bool star = false;       // COUNT(*)
  std::string quantifier;  // "DISTINCT", "ALL" or empty
  std::vector<OrderItem> within_group;
  std::vector<Expression> filter;  // FILTER (WHERE ...): none or one
  std::string nulls;               // "IGNORE NULLS", "RESPECT NULLS" or empty
  std::optional<Name> over_name;   // OVER w
  std::optional<Window> over;      // OVER (...)
  Span span;                       // of what makes it an aggregate or a window call
};

// --- queries -------------------------------------------------------------------------------------

struct OptionPair {
  std::string key;
  std::string value;
  Span key_span;
  Span value_span;
};

// One entry of /*+ ... */.
struct Hint {
  Name name;                           // text as written
  std::vector<OptionPair> options;     // OPTIONS('k' = 'v')
  std::vector<std::string> arguments;  // BROADCAST(a, b): as they print
  Span span;
};

struct SelectItem {
  Expression expression;
  std::optional<Name> alias;
};

enum class TableReferenceKind : unsigned char {
  kTable,     // name [hints] [FOR SYSTEM_TIME AS OF e]
  kQuery,     // [LATERAL] ( query )
  kJoin,      // left JOIN right
  kFunction,  // [LATERAL] TABLE(f(...)): call
  kUnnest,    // UNNEST(e) [WITH ORDINALITY]: call holds e
  kVerbatim,  // MATCH_RECOGNIZE and the like, never run
};

struct TableReference {
  TableReferenceKind kind = TableReferenceKind::kTable;
  ObjectName name;                              // kTable
  std::vector<Hint> hints;                      // kTable
  std::optional<Expression> system_time;        // kTable
  std::shared_ptr<const Query> query;           // kQuery
  bool lateral = false;                         // kQuery, kFunction
  std::optional<Expression> call;               // kFunction, kUnnest
  bool with_ordinality = false;                 // kUnnest
  std::shared_ptr<const TableReference> left;   // kJoin
  std::shared_ptr<const TableReference> right;  // kJoin
  std::string join;  // kJoin: "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", ",";
                     // with "NATURAL " in front if it is one
  std::optional<Expression> on;     // kJoin
  std::vector<Name> using_columns;  // kJoin
  std::string text;                 // kVerbatim: as written
  std::string what;                 // kVerbatim: "MATCH_RECOGNIZE"
  std::optional<Name> alias;
  std::vector<Name> column_aliases;
  Span span;
};

// SELECT ... FROM ... WHERE ... without ORDER BY and LIMIT.
struct SelectCore {
  std::vector<Hint> hints;
  std::string quantifier;  // "DISTINCT", "ALL" or empty
  std::vector<SelectItem> items;
  std::optional<TableReference> from;  // comma lists are kJoin with ","
  std::optional<Expression> where;
  // GROUP BY: elements as expressions; GROUPING SETS, ROLLUP, CUBE are kCall of that name over
  // kRow.
  std::vector<Expression> group_by;
  std::string group_quantifier;  // "DISTINCT", "ALL" or empty
  std::optional<Expression> having;
  std::optional<Expression> qualify;
  std::vector<std::pair<Name, Window>> windows;
  Span quantifier_span, group_by_span, having_span, windows_span;
  Span span;
};

enum class QueryBodyKind : unsigned char { kSelect, kValues, kQuery, kSetOperation, kTable };

struct QueryBody {
  QueryBodyKind kind = QueryBodyKind::kSelect;
  std::shared_ptr<const SelectCore> select;     // kSelect
  std::vector<std::vector<Expression>> values;  // kValues
  std::shared_ptr<const Query> query;           // kQuery: ( query )
  ObjectName table;                             // kTable: TABLE t
  std::string operation;  // kSetOperation: "UNION", "UNION ALL", "EXCEPT", ...
  Span operation_span;    // kSetOperation
  std::shared_ptr<const QueryBody> left, right;  // kSetOperation
  Span span;
};

struct CommonTable {  // WITH name (columns) AS (query)
  Name name;
  std::vector<Name> columns;
  std::shared_ptr<const Query> query;
};

struct Query {
  std::vector<CommonTable> with;
  bool recursive = false;
  Span with_span;
  QueryBody body;
  std::vector<OrderItem> order_by;
  Span order_by_span;
  std::optional<int64_t> limit;  // LIMIT n or FETCH FIRST n ROWS ONLY
  Span limit_span;
  std::optional<int64_t> offset;
  Span offset_span;
  Span span;
};

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
  std::vector<Watermark> watermarks;  // more than one is an error for the binder to tell
  std::optional<std::string> comment;
  std::optional<Distribution> distribution;
  std::vector<Name> partitioned_by;
  Span partitioned_span;
  std::optional<ObjectName> connection;  // USING CONNECTION c
  std::vector<OptionPair> options;
  bool has_options = false;  // WITH stands there, maybe empty
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
  kSetDistribution,  // ADD or MODIFY DISTRIBUTION: add_distribution tells which
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
  bool upsert = false;  // UPSERT INTO: parses in Flink and is refused
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
  kConnectors,  // ours
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

// A statement of Flink's that parses and that the engine does not run: "CREATE FUNCTION".
struct Unsupported {
  std::string what;
  std::string text;  // as written, for printing
};

struct Statement {
  std::variant<CreateTable, CreateView, CreateDatabase, CreateCatalog, Drop, Alter, Use, Set, Reset,
               Insert, StatementSet, BeginStatementSet, EndStatementSet, Select, Explain, Show,
               Describe, StopJob, CompilePlan, ExecutePlan, Unsupported>
      node;
  Span span;
};

}  // namespace millrace::sql
