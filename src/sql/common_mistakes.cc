#include "sql/common_mistakes.h"

#include <FlinkSqlLexer.h>
#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "base/suggest.h"

namespace millrace::sql {
namespace {

using L = grammar::FlinkSqlLexer;

std::optional<Mistake> FindSignMistake(const ErrorContext& context) {
  const std::string sign = context.Text();
  const bool adjacent = context.SpanAt().end == context.SpanAt(1).begin;
  const bool follows = context.at > 0 && context.SpanAt(-1).end == context.SpanAt().begin;
  const Span both = {context.SpanAt().begin, context.SpanAt(1).end};
  if (sign == "&" && adjacent && context.Text(1) == "&") {
    return Mistake{"Write AND.", "unexpected \"&&\"", both};
  }
  if (sign == ":" && adjacent && context.Text(1) == ":") {
    return Mistake{"Write CAST(value AS type).", "unexpected \"::\"", both};
  }
  if (sign == "=" && follows && context.Type(-1) == L::EQUAL) {
    return Mistake{"Write = to compare.",
                   "unexpected \"==\"",
                   {context.SpanAt(-1).begin, context.SpanAt().end}};
  }
  if (sign == ">" && follows && context.Type(-1) == L::LESS_EQUAL) {
    return Mistake{"Write IS NOT DISTINCT FROM.",
                   "unexpected \"<=>\"",
                   {context.SpanAt(-1).begin, context.SpanAt().end}};
  }
  constexpr WordHint kSigns[] = {
      {"?", "Parameters are not supported; write the value itself."},
      {"#", "A comment starts with -- and ends with the line."},
      {"!", "Write NOT, or <> for \"not equal\"."},
      {"\\", "A backslash is only valid inside a string literal."},
      {"@", "Variables are not supported; a setting is written as SET 'key' = 'value'."},
      {"{", "Braces are not used in Flink SQL."},
      {"\u201c", "This is a typographic quote. Put strings in ' and names in `."},
      {"\u201d", "This is a typographic quote. Put strings in ' and names in `."},
      {"\u2018", "This is a typographic quote. Put strings in ' and names in `."},
      {"\u2019", "This is a typographic quote. Put strings in ' and names in `."},
      {"\uff0c", "This is a full-width comma; write an ASCII one."},
      {"\uff1b", "This is a full-width semicolon; write an ASCII one."},
      {"\uff08", "This is a full-width parenthesis; write an ASCII one."},
      {"\uff09", "This is a full-width parenthesis; write an ASCII one."},
      {"\uff1d", "This is a full-width equals sign; write an ASCII one."},
      {"\u3000", "This is a full-width space; write an ASCII one."},
      {"^", "Flink SQL has no operator ^; use POWER(a, b)."},
  };
  return MistakeFor(kSigns, sign);
}

std::optional<Mistake> FindStatementMistake(const ErrorContext& context) {
  static const std::vector<std::string> kFirst = {
      "CREATE", "DROP",     "ALTER", "SET",     "RESET", "INSERT",  "SELECT",   "EXPLAIN",
      "SHOW",   "DESCRIBE", "DESC",  "EXECUTE", "BEGIN", "VALUES",  "WITH",     "USE",
      "STOP",   "COMPILE",  "LOAD",  "UNLOAD",  "CALL",  "ANALYZE", "TRUNCATE", "END"};
  if (context.at == 0) {
    if (context.Type() == L::STATEMENT)
      return Mistake{"Write EXECUTE STATEMENT SET BEGIN.", "", {}};
    return Mistake{DidYouMean(context.Word(), kFirst), "", {}};
  }
  if (context.StartsWith({L::INSERT})) {
    if (context.at == 1) {
      return Mistake{fmt::format("Write INSERT INTO {}.", context.Text()), "", {}};
    }
    if (context.at == 2 && context.Type() == L::TABLE) return Mistake{"Leave TABLE out.", "", {}};
  }
  if (context.StartsWith({L::BEGIN})) return Mistake{"Write BEGIN STATEMENT SET.", "", {}};
  const bool set = context.StartsWith({L::EXECUTE, L::STATEMENT, L::SET});
  if (set && context.Type() == L::END) {
    return context.Type(-1) == L::BEGIN
               ? Mistake{"A statement set needs at least one INSERT.", "", {}}
               : Mistake{"Every INSERT in a statement set must end with a semicolon.", "", {}};
  }
  if (set && (context.Type(-1) == L::BEGIN || context.Type(-1) == L::SEMICOLON)) {
    return Mistake{"A statement set contains INSERT statements and ends with END.", "", {}};
  }
  if (context.StartsWith({L::SHOW}) && context.Expects(L::TABLES)) {
    static const std::vector<std::string> kShown = {
        "TABLES",    "VIEWS", "DATABASES", "CATALOGS", "CURRENT",    "COLUMNS",   "CREATE",
        "FUNCTIONS", "JOBS",  "JARS",      "MODULES",  "PARTITIONS", "CONNECTORS"};
    const std::string hint = DidYouMean(context.Word(), kShown);
    return Mistake{
        hint.empty() ? "For example, SHOW TABLES or SHOW CREATE TABLE name." : hint, "", {}};
  }
  return std::nullopt;
}

// A word between two values, or between the parts of CASE.
bool JoinsValues(size_t type) {
  switch (type) {
    case L::AND:
    case L::AS:
    case L::BETWEEN:
    case L::ELSE:
    case L::END:
    case L::IN:
    case L::IS:
    case L::LIKE:
    case L::OR:
    case L::THEN:
    case L::WHEN:
      return true;
    default:
      return false;
  }
}

std::optional<Mistake> FindWordMistake(const ErrorContext& context) {
  const size_t type = context.Type();
  const bool alias =
      context.StartsWith({L::SELECT}) && (EndsList(context.Type(1)) || context.Type(1) == L::COMMA);
  const bool name = context.Expects(L::IDENTIFIER) || alias;
  const bool structure = (EndsList(type) || JoinsValues(type)) && context.Expects(L::CASE);
  if (IsKeyword(type) && name && !structure && !context.Expects(L::AS)) {
    return Mistake{ReservedHint(context.Word(), context.Text()), "", {}};
  }
  if (context.Expects(L::COMMA) && context.Expects(L::RIGHT_PAREN) &&
      (type == L::IDENTIFIER || type == L::STRING || type == L::BACKQUOTED)) {
    return Mistake{"Is a comma missing before it?", "", {}};
  }
  if (type != L::IDENTIFIER || context.Word().size() <= 2) return std::nullopt;
  std::vector<std::string> keywords;
  for (size_t keyword = L::ABS; keyword <= L::ZONE; ++keyword) {
    if (context.Expects(keyword)) keywords.push_back(Spelling(keyword));
  }
  const std::string hint = DidYouMean(context.Word(), keywords);
  return hint.empty() ? std::nullopt : std::optional<Mistake>({hint, "", {}});
}

}  // namespace

std::string HintFor(std::span<const WordHint> table, std::string_view word) {
  for (const WordHint& entry : table) {
    if (entry.word == word) return std::string(entry.hint);
  }
  return {};
}

std::optional<Mistake> MistakeFor(std::span<const WordHint> table, std::string_view word) {
  std::string hint = HintFor(table, word);
  if (hint.empty()) return std::nullopt;
  return Mistake{std::move(hint), "", {}};
}

std::string ReservedHint(const std::string& word, const std::string& text) {
  return fmt::format("{} is a reserved word; to use it as a name, write `{}`.", word, text);
}

bool EndsList(size_t type) {
  return type == L::FROM || type == L::RIGHT_PAREN || type == L::WHERE || type == L::SEMICOLON ||
         type == antlr4::Token::EOF || type == L::GROUP || type == L::ORDER;
}

// The first that recognises the mistake counts: the more special ones come before the general ones.
std::optional<Mistake> FindMistake(const ErrorContext& context) {
  for (const auto find : {FindSignMistake, FindListMistake, FindTableMistake, FindStatementMistake,
                          FindQueryMistake, FindWordMistake}) {
    if (std::optional<Mistake> mistake = find(context)) return mistake;
  }
  return std::nullopt;
}

}  // namespace millrace::sql
