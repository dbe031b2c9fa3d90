// Mistakes in CREATE TABLE and ALTER TABLE, most of them from the SQL of other databases.
#include <FlinkSqlLexer.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/quote.h"
#include "sql/common_mistakes.h"

namespace millrace::sql {
namespace {

using L = grammar::FlinkSqlLexer;

bool DefinesTable(const ErrorContext& context) {
  return context.StartsWith({L::CREATE, L::TABLE}) ||
         context.StartsWith({L::CREATE, L::TEMPORARY, L::TABLE}) ||
         context.StartsWith({L::CREATE, L::OR, L::REPLACE, L::TABLE}) ||
         context.StartsWith({L::CREATE, L::OR, L::REPLACE, L::TEMPORARY, L::TABLE});
}

std::optional<Mistake> FindClauseOrderMistake(const ErrorContext& context) {
  if (!DefinesTable(context) || context.OpenParenthesis() != nullptr) return std::nullopt;
  switch (context.Type()) {
    case L::WATERMARK:
    case L::PRIMARY:
    case L::CONSTRAINT:
      return Mistake{
          fmt::format("Put {} inside the parentheses, after the columns.", context.Word()), "", {}};
    case L::COMMENT:
    case L::PARTITIONED:
    case L::DISTRIBUTED:
    case L::USING:
    case L::WITH:
    case L::LIKE:
      return Mistake{
          "The order of the clauses is: columns, COMMENT, DISTRIBUTED, PARTITIONED BY, "
          "WITH, then LIKE or AS.",
          "",
          {}};
    default:
      return std::nullopt;
  }
}

std::string TypeHint(const std::string& type) {
  constexpr WordHint kTypes[] = {
      {"TEXT", "Write STRING."},
      {"LONGTEXT", "Write STRING."},
      {"MEDIUMTEXT", "Write STRING."},
      {"NVARCHAR", "Write STRING."},
      {"VARCHAR2", "Write STRING."},
      {"DATETIME", "Write TIMESTAMP(p), with p digits for fractions of a second."},
      {"TIMESTAMPTZ", "Write TIMESTAMP_LTZ(p)."},
      {"NUMBER", "Write DECIMAL(p, s)."},
      {"INT2", "Write SMALLINT."},
      {"INT4", "Write INT."},
      {"INT8", "Write BIGINT."},
      {"MEDIUMINT", "Write INT."},
      {"BOOL", "Write BOOLEAN."},
      {"BLOB", "Write BYTES."},
      {"JSON", "Write STRING."},
      {"STRING", "STRING has no length; use VARCHAR(n)."},
      {"BYTES", "BYTES has no length; use VARBINARY(n)."},
  };
  constexpr std::array<std::string_view, 9> kPlain = {
      "TINYINT", "SMALLINT", "INT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "BOOLEAN", "DATE"};
  if (std::find(kPlain.begin(), kPlain.end(), type) != kPlain.end()) {
    return type + " has no length.";
  }
  return HintFor(kTypes, type);
}

std::optional<Mistake> FindColumnMistake(const ErrorContext& context) {
  if (!DefinesTable(context) && !context.StartsWith({L::ALTER, L::TABLE})) return std::nullopt;
  if (context.Type() == L::LEFT_PAREN && !TypeHint(context.Word(-1)).empty()) {
    return Mistake{TypeHint(context.Word(-1)), "", {}};
  }
  if (context.Type() == L::NULL_WORD && context.Type(-1) == L::NOT && context.Type(-2) == L::KEY) {
    return Mistake{"NOT NULL is part of the type: a INT NOT NULL PRIMARY KEY NOT ENFORCED.",
                   "NOT NULL must come before PRIMARY KEY",
                   {context.SpanAt(-1).begin, context.SpanAt().end}};
  }
  const bool index = context.Word(-1) == "INDEX" || context.Word(-1) == "KEY";
  if (context.Type() == L::LEFT_PAREN && index && context.Type(-2) == L::COMMA) {
    return Mistake{
        "Flink SQL has no indexes; a key is PRIMARY KEY (columns) NOT ENFORCED.", "", {}};
  }
  if (context.Type() == L::INTERVAL) return Mistake{"A column cannot hold an interval.", "", {}};
  if (context.Type() == L::TIME && context.Type(-1) == L::WITH) {
    return Mistake{"Write TIMESTAMP(p) or TIMESTAMP_LTZ(p).",
                   "TIMESTAMP WITH TIME ZONE is not a type of Flink SQL",
                   {context.SpanAt(-2).begin, context.SpanAt(1).end}};
  }
  constexpr WordHint kForeign[] = {
      {"AUTO_INCREMENT", "Flink SQL has no AUTO_INCREMENT; leave it out."},
      {"DEFAULT", "Flink SQL has no DEFAULT; leave it out, and list the columns in INSERT."},
      {"CHECK", "Flink SQL has no CHECK; leave it out, and filter with WHERE."},
      {"REFERENCES", "Flink SQL has no foreign keys; leave it out."},
      {"FOREIGN", "Flink SQL has no foreign keys; leave it out."},
      {"UNSIGNED",
       "Flink SQL has no unsigned types; write the next larger type, BIGINT for INT "
       "UNSIGNED, DECIMAL(20, 0) for BIGINT UNSIGNED."},
      {"ZEROFILL", "Leave it out."},
      {"COLLATE", "Flink SQL has no collations; leave it out."},
      {"ON", "Flink SQL has no ON UPDATE; leave it out."},
      {"COLUMN", "Leave COLUMN out."},
      {"INDEX", "Flink SQL has no indexes; leave it out."},
      {"ENGINE", "Flink SQL has no ENGINE; write WITH ('connector' = '...')."},
      {"IDENTITY", "Flink SQL has no IDENTITY; leave it out."},
      {"ENFORCED", "Write NOT ENFORCED."},
      {"PROPERTIES", "Write WITH (...)."},
  };
  return MistakeFor(kForeign, context.Word());
}

std::optional<Mistake> FindOptionMistake(const ErrorContext& context) {
  if (context.Type() == L::EQUAL && context.Type(-1) == L::STRING &&
      context.Type(-2) == L::STRING) {
    return Mistake{"Is a comma missing before it?",
                   fmt::format("unexpected {}; expected \",\" or \")\"", Quoted(context.Text(-1))),
                   context.SpanAt(-1)};
  }
  if (!context.Expects(L::STRING)) return std::nullopt;
  const bool number = context.Type() == L::INTEGER || context.Type() == L::DECIMAL_VALUE;
  const bool word = context.Type() == L::IDENTIFIER || IsKeyword(context.Type());
  if (!number && !word) return std::nullopt;
  if (context.Type(-1) == L::EQUAL && context.Type(-2) == L::STRING) {
    return Mistake{fmt::format("Put the value in single quotes: '{}'.", context.Text()), "", {}};
  }
  if (context.Type(1) == L::EQUAL || context.Type(1) == L::DOT) {
    return Mistake{"Put the key in single quotes: 'key' = 'value'.", "", {}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Mistake> FindTableMistake(const ErrorContext& context) {
  for (const auto find : {FindClauseOrderMistake, FindColumnMistake, FindOptionMistake}) {
    if (std::optional<Mistake> mistake = find(context)) return mistake;
  }
  return std::nullopt;
}

}  // namespace millrace::sql
