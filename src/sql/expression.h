// Names, types and expressions of a statement as written, with nothing resolved.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"

namespace millrace::sql {

struct Name {
  std::string text;  // unquoted
  Span span;
};

// `catalog`.`database`.`object`, each part but the last is optional.
struct ObjectName {
  std::vector<Name> parts;
  Span span;
};

struct TypeField;

// A type as written: "DECIMAL(10, 2)", "TIMESTAMP_LTZ(3)", "ARRAY<INT>", "ROW<a INT>".
struct TypeName {
  std::string name;  // upper case, one space between words, synonyms resolved to one spelling where
                     // the grammar has several words for one type: "TIMESTAMP_LTZ", "VARCHAR"
  std::vector<int64_t> parameters;
  std::vector<TypeName> elements;  // ARRAY, MULTISET, MAP
  std::vector<TypeField> fields;   // ROW, STRUCTURED
  std::vector<std::string> texts;  // RAW('class', 'snapshot'), STRUCTURED<'class', ...>
  bool nullable = true;
  bool nullable_written = false;  // with NULL or NOT NULL
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
  // "NOT BETWEEN", "BETWEEN SYMMETRIC", "NOT IN", "SIMILAR TO", "IS JSON OBJECT", "COALESCE".
  // Functions with a special syntax are calls too: EXTRACT(DAY FROM t) is "EXTRACT" with a symbol
  // and t.
  kCall,
  kCast,     // CAST or TRY_CAST (text); children: the operand
  kCase,     // children: [operand] {when, then} [else]
  kSymbol,   // a keyword as an argument (text in upper case): DAY in EXTRACT, ERROR in ON ERROR
  kRow,      // (a, b) or ROW(a, b); children: the fields
  kArray,    // ARRAY[a, b]
  kMap,      // MAP[k, v, ...]
  kElement,  // a[i]; children: a, i
  kField,    // (expression).name; children: the expression; text: the name
  // A query in parentheses. text: "" (a value), "EXISTS", "IN", "NOT IN", "= ANY", "< ALL", ...;
  // "ARRAY", "MAP" or "MULTISET" (of its rows); "TABLE" (an argument of a table function: TABLE t
  // is a body of kind kTable). children: the left operand if there is one.
  kSubquery,
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
  kInterval,  // text unquoted, with the sign that was before the quotes; see Interval
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
  std::vector<Name> qualifier;  // kColumn, kStar: the parts before the last one
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
  std::string frame;  // as written, with single spaces: "ROWS BETWEEN 1 PRECEDING AND CURRENT ROW"
  Span span;
};

// The parts of a call other than its arguments.
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

}  // namespace millrace::sql
