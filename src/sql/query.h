// A query as written: SELECT, VALUES and set operations, with nothing resolved.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sql/expression.h"

namespace millrace::sql {

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
                     // with "NATURAL " before it if written
  Span join_span;    // kJoin: of these words, or of the comma
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
  std::optional<Span> stream_span;  // SELECT STREAM
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

}  // namespace millrace::sql
