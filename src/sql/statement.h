// What was written, nothing resolved: the statements of a script as plain structs. Every node has
// the span of its text in the script. Printing a statement (sql/unparse.h) and parsing the result
// gives the same tree but for the spans.
#pragma once

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

// `catalog`.`database`.`table`, each part optional but the last.
struct TableName {
  std::vector<Name> parts;
  Span span;
};

// A type as written: "DECIMAL(10, 2)", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "ARRAY<INT>".
struct TypeName {
  std::string name;  // upper case, one blank between words: "TIMESTAMP_LTZ"
  std::vector<int64_t> parameters;
  std::vector<TypeName> elements;  // ARRAY, MULTISET, MAP, ROW
  bool nullable = true;
  Span span;
};

enum class ExpressionKind : unsigned char {
  kLiteral,
  kColumn,       // [table.]column
  kStar,         // * or t.*
  kCall,         // a function or an operator, by its name: "+", "AND", "IS NOT NULL", "COALESCE"
  kCast,         // CAST or TRY_CAST (text); children: the operand
  kCase,         // children: [operand] {when, then} [else]
  kUnsupported,  // parsed, not run by this engine; text says what it is
};

enum class LiteralKind : unsigned char {
  kNull,
  kBoolean,  // text TRUE, FALSE or UNKNOWN
  kInteger,  // text as written
  kDecimal,
  kDouble,
  kString,  // text unquoted
  kBinary,  // text: hex digits
  kDate,    // text unquoted
  kTime,
  kTimestamp,
  kInterval,
};

struct Expression {
  ExpressionKind kind = ExpressionKind::kLiteral;
  LiteralKind literal = LiteralKind::kNull;
  std::string text;
  std::vector<Name> qualifier;  // kColumn, kStar: what stands before the last part
  std::vector<Expression> children;
  std::optional<TypeName> type;  // kCast
  bool has_operand = false;      // kCase: CASE x WHEN ...
  bool has_else = false;         // kCase
  Span span;
  Span text_span;  // of the operator, the function's name, the column's last part
};

// A clause that was parsed and that the engine does not run: "GROUP BY", "JOIN".
struct UnsupportedClause {
  std::string what;
  Span span;
};

struct SelectItem {
  Expression expression;
  std::optional<Name> alias;
};

struct TableReference {
  TableName name;
  std::optional<Name> alias;
  Span span;
};

struct Query {
  std::vector<SelectItem> items;
  std::optional<TableReference> from;
  std::optional<Expression> where;
  std::optional<int64_t> limit;
  Span limit_span;
  std::vector<std::vector<Expression>> values;  // VALUES (..), (..) instead of items
  std::vector<UnsupportedClause> unsupported;
  Span span;
};

struct OptionPair {
  std::string key;
  std::string value;
  Span key_span;
  Span value_span;
};

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

struct PrimaryKey {
  std::vector<Name> columns;
  bool enforced = true;  // anything but NOT ENFORCED
  Span span;
};

struct CreateTable {
  TableName name;
  bool temporary = false;
  bool if_not_exists = false;
  std::vector<ColumnDefinition> columns;
  std::vector<PrimaryKey> primary_keys;  // more than one is an error for the binder to tell
  std::optional<std::string> comment;
  std::vector<Name> partitioned_by;
  std::vector<OptionPair> options;
  Span options_span;  // of WITH (...), or of the name if there is none
  std::vector<UnsupportedClause> unsupported;
};

struct DropTable {
  TableName name;
  bool temporary = false;
  bool if_exists = false;
};

struct Set {  // without a key: show all
  std::optional<OptionPair> setting;
};

struct Reset {  // without a key: all
  std::optional<Name> key;
};

struct Insert {
  TableName target;
  std::optional<std::vector<Name>> columns;
  Query query;
  std::vector<UnsupportedClause> unsupported;
};

struct Select {
  Query query;
};

struct Statement;

struct Explain {
  std::vector<Name> details;
  std::shared_ptr<const Statement> statement;  // shared only so that statements can be copied
};

struct ShowTables {};
struct ShowCreateTable {
  TableName name;
};
struct Describe {
  TableName name;
};

// A statement of Flink's that the engine does not run: "CREATE VIEW".
struct Unsupported {
  std::string what;
};

struct Statement {
  std::variant<CreateTable, DropTable, Set, Reset, Insert, Select, Explain, ShowTables,
               ShowCreateTable, Describe, Unsupported>
      node;
  Span span;
};

}  // namespace millrace::sql
