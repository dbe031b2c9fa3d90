#include "sql/slips.h"

#include <FlinkSqlLexer.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "sql/keywords.h"
#include "sql/parser.h"

namespace millrace::sql {
namespace {

using L = grammar::FlinkSqlLexer;

constexpr size_t kExcerptMax = 24;  // bytes of a statement quoted in a hint

struct Pair {
  std::string_view first;
  std::string_view second;
};

template <size_t count>
std::string Lookup(const std::array<Pair, count>& table, std::string_view word) {
  for (const Pair& pair : table) {
    if (pair.first == word) return std::string(pair.second);
  }
  return {};
}

// --- signs of other languages --------------------------------------------------------------------

std::optional<Slip> SignSlip(const Stop& stop) {
  const std::string sign = stop.Text();
  const bool adjacent = stop.SpanAt().end == stop.SpanAt(1).begin;
  const bool behind = stop.at > 0 && stop.SpanAt(-1).end == stop.SpanAt().begin;
  const Span both = {stop.SpanAt().begin, stop.SpanAt(1).end};
  if (sign == "&" && adjacent && stop.Text(1) == "&") {
    return Slip{"Write AND.", "unexpected \"&&\"", both};
  }
  if (sign == ":" && adjacent && stop.Text(1) == ":") {
    return Slip{"Write CAST(value AS type).", "unexpected \"::\"", both};
  }
  if (sign == "=" && behind && stop.Type(-1) == L::EQUAL) {
    return Slip{"Equality is written with one =.",
                "unexpected \"==\"",
                {stop.SpanAt(-1).begin, stop.SpanAt().end}};
  }
  if (sign == ">" && behind && stop.Type(-1) == L::LESS_EQUAL) {
    return Slip{"Write IS NOT DISTINCT FROM.",
                "unexpected \"<=>\"",
                {stop.SpanAt(-1).begin, stop.SpanAt().end}};
  }
  constexpr std::array<Pair, 17> kSigns = {{
      {"?", "Statements take no parameters: write the value itself."},
      {"#", "A comment begins with -- and goes to the end of the line."},
      {"!", "Write NOT, or <> for \"not equal\"."},
      {"\\", "A backslash has no meaning outside of texts."},
      {"@", "There are no variables: settings are written as SET 'key' = 'value'."},
      {"{", "Braces have no meaning in Flink SQL."},
      {"\u201c", "This is a typographic quote: write ' around texts and ` around names."},
      {"\u201d", "This is a typographic quote: write ' around texts and ` around names."},
      {"\u2018", "This is a typographic quote: write ' around texts and ` around names."},
      {"\u2019", "This is a typographic quote: write ' around texts and ` around names."},
      {"\uff0c", "This is a full-width comma: write a plain one."},
      {"\uff1b", "This is a full-width semicolon: write a plain one."},
      {"\uff08", "This is a full-width parenthesis: write a plain one."},
      {"\uff09", "This is a full-width parenthesis: write a plain one."},
      {"\uff1d", "This is a full-width equals sign: write a plain one."},
      {"\u3000", "This is a full-width blank: write a plain one."},
      {"^", "There is no such operator; POWER(a, b) is a function."},
  }};
  const std::string hint = Lookup(kSigns, sign);
  return hint.empty() ? std::nullopt : std::optional<Slip>({hint, "", {}});
}

// --- tables --------------------------------------------------------------------------------------

bool DefinesTable(const Stop& stop) {
  return stop.Begins({L::CREATE, L::TABLE}) || stop.Begins({L::CREATE, L::TEMPORARY, L::TABLE}) ||
         stop.Begins({L::CREATE, L::OR, L::REPLACE, L::TABLE}) ||
         stop.Begins({L::CREATE, L::OR, L::REPLACE, L::TEMPORARY, L::TABLE});
}

std::optional<Slip> ClauseOrderSlip(const Stop& stop) {
  if (!DefinesTable(stop) || stop.OpenParenthesis() != nullptr) return std::nullopt;
  switch (stop.Type()) {
    case L::WATERMARK:
    case L::PRIMARY:
    case L::CONSTRAINT:
      return Slip{
          fmt::format("Put {} into the parentheses, behind the columns.", stop.Word()), "", {}};
    case L::COMMENT:
    case L::PARTITIONED:
    case L::DISTRIBUTED:
    case L::USING:
    case L::WITH:
    case L::LIKE:
      return Slip{
          "The clauses come in this order: the columns, COMMENT, DISTRIBUTED, PARTITIONED BY, "
          "WITH, then LIKE or AS.",
          "",
          {}};
    default:
      return std::nullopt;
  }
}

std::string TypeHint(const std::string& type) {
  constexpr std::array<Pair, 17> kTypes = {{
      {"TEXT", "Write STRING."},
      {"LONGTEXT", "Write STRING."},
      {"MEDIUMTEXT", "Write STRING."},
      {"NVARCHAR", "Write STRING."},
      {"VARCHAR2", "Write STRING."},
      {"DATETIME", "Write TIMESTAMP(3), or TIMESTAMP(p) with the digits of its fraction."},
      {"TIMESTAMPTZ", "Write TIMESTAMP_LTZ(p)."},
      {"NUMBER", "Write DECIMAL(p, s)."},
      {"INT2", "Write SMALLINT."},
      {"INT4", "Write INT."},
      {"INT8", "Write BIGINT."},
      {"MEDIUMINT", "Write INT."},
      {"BOOL", "Write BOOLEAN."},
      {"BLOB", "Write BYTES."},
      {"JSON", "Write STRING."},
      {"STRING", "STRING takes no length; VARCHAR(n) does."},
      {"BYTES", "BYTES takes no length; VARBINARY(n) does."},
  }};
  constexpr std::array<std::string_view, 9> kPlain = {
      "TINYINT", "SMALLINT", "INT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "BOOLEAN", "DATE"};
  if (std::find(kPlain.begin(), kPlain.end(), type) != kPlain.end()) {
    return type + " takes no length.";
  }
  return Lookup(kTypes, type);
}

std::optional<Slip> ColumnSlip(const Stop& stop) {
  if (!DefinesTable(stop) && !stop.Begins({L::ALTER, L::TABLE})) return std::nullopt;
  if (stop.Type() == L::LEFT_PAREN && !TypeHint(stop.Word(-1)).empty()) {
    return Slip{TypeHint(stop.Word(-1)), "", {}};
  }
  if (stop.Type() == L::NULL_WORD && stop.Type(-1) == L::NOT && stop.Type(-2) == L::KEY) {
    return Slip{"NOT NULL belongs to the type: a INT NOT NULL PRIMARY KEY NOT ENFORCED.",
                "NOT NULL stands behind PRIMARY KEY",
                {stop.SpanAt(-1).begin, stop.SpanAt().end}};
  }
  const bool index = stop.Word(-1) == "INDEX" || stop.Word(-1) == "KEY";
  if (stop.Type() == L::LEFT_PAREN && index && stop.Type(-2) == L::COMMA) {
    return Slip{"Flink SQL has no indexes; a key is PRIMARY KEY (columns) NOT ENFORCED.", "", {}};
  }
  if (stop.Type() == L::INTERVAL) return Slip{"A column cannot hold an interval.", "", {}};
  if (stop.Type() == L::TIME && stop.Type(-1) == L::WITH) {
    return Slip{"Write TIMESTAMP(p) or TIMESTAMP_LTZ(p).",
                "TIMESTAMP WITH TIME ZONE is not a type of Flink SQL",
                {stop.SpanAt(-2).begin, stop.SpanAt(1).end}};
  }
  constexpr std::array<Pair, 15> kForeign = {{
      {"AUTO_INCREMENT", "Flink SQL has no AUTO_INCREMENT: leave it out."},
      {"DEFAULT", "Flink SQL has no DEFAULT: leave it out, and name the columns in INSERT."},
      {"CHECK", "Flink SQL has no CHECK: leave it out, and filter with WHERE."},
      {"REFERENCES", "Flink SQL has no foreign keys: leave it out."},
      {"FOREIGN", "Flink SQL has no foreign keys: leave it out."},
      {"UNSIGNED",
       "Flink SQL has no unsigned types: write the next larger one, BIGINT for INT "
       "UNSIGNED, DECIMAL(20, 0) for BIGINT UNSIGNED."},
      {"ZEROFILL", "Leave it out."},
      {"COLLATE", "Flink SQL has no collations: leave it out."},
      {"ON", "Flink SQL has no ON UPDATE: leave it out."},
      {"COLUMN", "Leave COLUMN out."},
      {"INDEX", "Flink SQL has no indexes: leave it out."},
      {"ENGINE", "What the table is comes from WITH ('connector' = '...')."},
      {"IDENTITY", "Flink SQL has no IDENTITY: leave it out."},
      {"ENFORCED", "Write NOT ENFORCED."},
      {"PROPERTIES", "Write WITH (...)."},
  }};
  const std::string hint = Lookup(kForeign, stop.Word());
  return hint.empty() ? std::nullopt : std::optional<Slip>({hint, "", {}});
}

std::optional<Slip> OptionSlip(const Stop& stop) {
  if (stop.Type() == L::EQUAL && stop.Type(-1) == L::STRING && stop.Type(-2) == L::STRING) {
    return Slip{"Is a comma missing before it?",
                fmt::format("unexpected {}, expected \",\" or \")\"", Quoted(stop.Text(-1))),
                stop.SpanAt(-1)};
  }
  if (!stop.Expects(L::STRING)) return std::nullopt;
  const bool number = stop.Type() == L::INTEGER || stop.Type() == L::DECIMAL_VALUE;
  const bool word = stop.Type() == L::IDENTIFIER || IsKeyword(stop.Type());
  if (!number && !word) return std::nullopt;
  if (stop.Type(-1) == L::EQUAL && stop.Type(-2) == L::STRING) {
    return Slip{
        fmt::format("Values of options are texts in single quotes: '{}'.", stop.Text()), "", {}};
  }
  if (stop.Type(1) == L::EQUAL || stop.Type(1) == L::DOT) {
    return Slip{"Keys of options are texts in single quotes: 'key' = 'value'.", "", {}};
  }
  return std::nullopt;
}

// --- queries -------------------------------------------------------------------------------------

bool EndsList(size_t type) {
  return type == L::FROM || type == L::RIGHT_PAREN || type == L::WHERE || type == L::SEMICOLON ||
         type == antlr4::Token::EOF || type == L::GROUP || type == L::ORDER;
}

// f(SELECT ...
bool BehindBareQuery(const Stop& stop) {
  const antlr4::Token* open = stop.OpenParenthesis();
  const auto found = std::find(stop.tokens.begin(), stop.tokens.end(), open);
  if (open == nullptr || found + 1 == stop.tokens.end()) return false;
  const size_t first = (*(found + 1))->getType();
  return first == L::SELECT || first == L::VALUES || first == L::TABLE || first == L::WITH;
}

bool EndsValue(size_t type) {
  return EndsList(type) || type == L::COMMA || type == L::AS ||
         (type >= L::EQUAL && type <= L::CONCAT);
}

std::string ReservedHint(const std::string& word, const std::string& text) {
  return fmt::format("{} is a reserved word; to use it as a name, write `{}`.", word, text);
}

// A reserved word that is a name where no parenthesis follows: year = 1, and new, and a list that
// is left at the comma before it.
std::optional<Slip> FunctionSlip(const Stop& stop) {
  const auto begins_call = [&](int step) {
    const size_t type = stop.Type(step);
    return IsKeyword(type) && IsReserved(stop.Word(step)) &&
           (IsCallable(stop.Word(step)) || type == L::NEW || type == L::RUNNING ||
            type == L::SPECIFIC);
  };
  const bool call = stop.Expects(L::LEFT_PAREN) || stop.Expects(L::IDENTIFIER);
  const bool other =
      stop.Expects(L::COMMA) || stop.Expects(L::RIGHT_PAREN) || stop.Expects(L::FROM);
  int at = 0;
  if (begins_call(-1) && call && !other && EndsValue(stop.Type())) at = -1;
  if (stop.Type() == L::COMMA && begins_call(1) && EndsValue(stop.Type(2))) at = 1;
  if (at == 0) return std::nullopt;
  return Slip{ReservedHint(stop.Word(at), stop.Text(at)),
              fmt::format("unexpected {}", Quoted(stop.Text(at))), stop.SpanAt(at)};
}

std::optional<Slip> CommaSlip(const Stop& stop) {
  const bool with = stop.Type() == L::SELECT && stop.Begins({L::WITH});
  if (stop.Type(-1) == L::COMMA && EndsList(stop.Type()) && stop.Type() != L::RIGHT_PAREN) {
    return Slip{"Remove it.", "nothing follows this comma", stop.SpanAt(-1)};
  }
  if (stop.Type(-1) == L::COMMA && (stop.Type() == L::RIGHT_PAREN || with)) {
    return Slip{"Remove the comma before it.", "", {}};
  }
  if (stop.Type() != L::COMMA) return std::nullopt;
  if (EndsList(stop.Type(1))) return Slip{"Remove it.", "nothing follows this comma", {}};
  if (stop.Type(-1) == L::INTEGER && stop.Type(-2) == L::LIMIT) {
    return Slip{fmt::format("Write LIMIT {} OFFSET {}.", stop.Text(1), stop.Text(-1)), "", {}};
  }
  if (stop.Begins({L::DROP})) return Slip{"Drop one after the other.", "", {}};
  if (stop.Expects(L::INCLUDING) && !stop.Expects(L::IDENTIFIER)) {
    return Slip{"Options of LIKE are separated by blanks.", "", {}};
  }
  if (stop.Expects(L::RIGHT_PAREN) && BehindBareQuery(stop)) {
    return Slip{"Put the query into parentheses of its own.", "", {}};
  }
  return std::nullopt;
}

// A reserved word where nothing but a name, or a type of somebody's own, could stand.
std::optional<Slip> NameSlip(const Stop& stop) {
  // A point that joins names is told apart by what follows it.
  if (stop.Type() == L::DOT && IsReserved(stop.Word(1))) {
    return Slip{ReservedHint(stop.Word(1), stop.Text(1)),
                fmt::format("unexpected {}, expected a name", Quoted(stop.Text(1))),
                stop.SpanAt(1)};
  }
  const bool only_name =
      stop.Expects(L::IDENTIFIER) && !stop.Expects(L::CASE) && !stop.Expects(L::INT);
  const bool known = stop.Type() == L::SELECT || stop.Type() == L::TABLE ||
                     (stop.Type() == L::COLUMN && stop.Begins({L::ALTER}));
  if (!IsKeyword(stop.Type()) || !only_name || known) return std::nullopt;
  return Slip{ReservedHint(stop.Word(), stop.Text()), "", {}};
}

std::optional<Slip> QuerySlip(const Stop& stop) {
  const size_t type = stop.Type();
  const size_t before = stop.Type(-1);
  if (type == L::FROM && before == L::SELECT) {
    return Slip{"List the columns to select, or write *.", "", {}};
  }
  if (type == L::AS && stop.Type(-5) == L::TABLESAMPLE) {
    return Slip{"The other name stands before TABLESAMPLE.", "", {}};
  }
  if (before == L::IDENTIFIER && stop.Type(-6) == L::TABLESAMPLE) {
    return Slip{"The other name stands before TABLESAMPLE.",
                fmt::format("unexpected {}", Quoted(stop.Text(-1))), stop.SpanAt(-1)};
  }
  if (stop.Expects(L::DAY) && stop.Expects(L::SECOND) && !stop.Expects(L::ABS)) {
    return Slip{"The units are YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE and SECOND.",
                type == antlr4::Token::EOF
                    ? ""
                    : fmt::format("unexpected {}, expected a unit of time", Quoted(stop.Text())),
                {}};
  }
  if (type == L::MINUS_WORD) return Slip{"Write EXCEPT.", "", {}};
  if (type == L::SELECT && stop.Expects(L::AS)) return Slip{"Write AS before the query.", "", {}};
  if (type == L::SELECT && stop.Expects(L::LEFT_PAREN) && !stop.Expects(L::SELECT)) {
    return Slip{"Put the query into parentheses.", "", {}};
  }
  if (type == L::SELECT && before == L::LEFT_PAREN && stop.Begins({L::WITH})) {
    return Slip{"Write AS before the parenthesis.", "", {}};
  }
  if (type == L::LIMIT && stop.Type(-2) == L::OFFSET) {
    return Slip{"LIMIT stands before OFFSET.", "", {}};
  }
  if (type == L::RIGHT_PAREN && before == L::LEFT_PAREN) {
    if (stop.Type(-2) == L::IN) return Slip{"IN needs at least one value.", "", {}};
  }
  if (type == L::WHERE && !stop.Expects(L::WHERE)) {
    return Slip{"WHERE stands behind FROM, and once.", "", {}};
  }
  if (type == L::STRING && !stop.Expects(L::STRING) && stop.Begins({L::SELECT})) {
    return Slip{"A name for a column is written bare or in back-ticks.", "", {}};
  }
  return std::nullopt;
}

// Words that follow a table or a value and that, misspelt, are taken for its other name.
std::optional<Slip> MisspeltClause(const Stop& stop) {
  if (stop.Type(-1) != L::IDENTIFIER || stop.at < 2) return std::nullopt;
  static const std::vector<std::string> kClauses = {
      "FROM",  "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT",  "OFFSET",  "UNION", "JOIN",
      "INNER", "LEFT",  "RIGHT", "FULL",  "CROSS",  "WINDOW", "QUALIFY", "FETCH", "EXCEPT"};
  const std::string word = stop.Word(-1);
  if (word.size() < 4 && word != "FRM") return std::nullopt;
  const std::string hint = DidYouMean(word, kClauses);
  if (hint.empty()) return std::nullopt;
  return Slip{hint, fmt::format("unexpected {}", Quoted(stop.Text(-1))), stop.SpanAt(-1)};
}

std::optional<Slip> CloseSlip(const Stop& stop) {
  if (stop.Expects(L::RIGHT_BRACE)) {
    return Slip{"Close it with }.", "a brace is not closed", {}};
  }
  const bool case_open = stop.Expects(L::END) && stop.Expects(L::WHEN);
  if (case_open || (stop.Expects(L::END) && stop.Expects(L::AND) && !stop.Expects(L::FROM))) {
    if (stop.Type() != L::IDENTIFIER) return Slip{"CASE is closed by END.", "", {}};
  }
  const antlr4::Token* open = stop.OpenParenthesis();
  if (stop.Type() == L::RIGHT_PAREN && open == nullptr) {
    return Slip{"No parenthesis is open here.", "", {}};
  }
  const bool clause =
      stop.Type() == antlr4::Token::EOF || IsKeyword(stop.Type()) || stop.Type() == L::SEMICOLON;
  if (open == nullptr || !clause || !stop.Expects(L::RIGHT_PAREN)) return std::nullopt;
  const Span from = stop.places.Of(open);
  const Span to = stop.SpanAt(0);
  std::string_view excerpt = stop.places.Text({from.begin, to.begin});
  size_t end = 0;
  while (end < excerpt.size() && end < kExcerptMax) end += Utf8Length(excerpt, end);
  excerpt = Trim(excerpt.substr(0, excerpt.find_first_of("\r\n")).substr(0, end));
  return Slip{
      fmt::format("The parenthesis that opens in {} is not closed.", Quoted(excerpt)), "", {}};
}

// --- statements ----------------------------------------------------------------------------------

std::optional<Slip> StatementSlip(const Stop& stop) {
  static const std::vector<std::string> kFirst = {
      "CREATE", "DROP",     "ALTER", "SET",     "RESET", "INSERT",  "SELECT",   "EXPLAIN",
      "SHOW",   "DESCRIBE", "DESC",  "EXECUTE", "BEGIN", "VALUES",  "WITH",     "USE",
      "STOP",   "COMPILE",  "LOAD",  "UNLOAD",  "CALL",  "ANALYZE", "TRUNCATE", "END"};
  if (stop.at == 0) {
    if (stop.Type() == L::STATEMENT) return Slip{"Write EXECUTE STATEMENT SET BEGIN.", "", {}};
    return Slip{DidYouMean(stop.Word(), kFirst), "", {}};
  }
  if (stop.Begins({L::INSERT})) {
    if (stop.at == 1) {
      return Slip{fmt::format("Write INSERT INTO {}.", stop.Text()), "", {}};
    }
    if (stop.at == 2 && stop.Type() == L::TABLE) return Slip{"Leave TABLE out.", "", {}};
  }
  if (stop.Begins({L::BEGIN})) return Slip{"Write BEGIN STATEMENT SET.", "", {}};
  const bool set = stop.Begins({L::EXECUTE, L::STATEMENT, L::SET});
  if (set && stop.Type() == L::END) {
    return stop.Type(-1) == L::BEGIN
               ? Slip{"A statement set holds at least one INSERT.", "", {}}
               : Slip{"Every INSERT of a statement set ends with a semicolon.", "", {}};
  }
  if (set && (stop.Type(-1) == L::BEGIN || stop.Type(-1) == L::SEMICOLON)) {
    return Slip{"A statement set holds INSERT statements and is closed by END.", "", {}};
  }
  if (stop.Begins({L::SHOW}) && stop.Expects(L::TABLES)) {
    static const std::vector<std::string> kShown = {
        "TABLES",    "VIEWS", "DATABASES", "CATALOGS", "CURRENT",    "COLUMNS",   "CREATE",
        "FUNCTIONS", "JOBS",  "JARS",      "MODULES",  "PARTITIONS", "CONNECTORS"};
    const std::string hint = DidYouMean(stop.Word(), kShown);
    return Slip{hint.empty() ? "Such as SHOW TABLES or SHOW CREATE TABLE name." : hint, "", {}};
  }
  return std::nullopt;
}

std::optional<Slip> WordSlip(const Stop& stop) {
  const size_t type = stop.Type();
  const bool alias =
      stop.Begins({L::SELECT}) && (EndsList(stop.Type(1)) || stop.Type(1) == L::COMMA);
  const bool name = stop.Expects(L::IDENTIFIER) || alias;
  const bool structure = EndsList(type) && stop.Expects(L::CASE);
  if (IsKeyword(type) && name && !structure && !stop.Expects(L::AS)) {
    return Slip{ReservedHint(stop.Word(), stop.Text()), "", {}};
  }
  if (stop.Expects(L::COMMA) && stop.Expects(L::RIGHT_PAREN) &&
      (type == L::IDENTIFIER || type == L::STRING || type == L::BACKQUOTED)) {
    return Slip{"Is a comma missing before it?", "", {}};
  }
  if (type != L::IDENTIFIER || stop.Word().size() <= 2) return std::nullopt;
  std::vector<std::string> keywords;
  for (size_t keyword = L::ABS; keyword <= L::ZONE; ++keyword) {
    if (stop.Expects(keyword)) keywords.push_back(Spelling(keyword));
  }
  const std::string hint = DidYouMean(stop.Word(), keywords);
  return hint.empty() ? std::nullopt : std::optional<Slip>({hint, "", {}});
}

}  // namespace

size_t Stop::Type(int step) const {
  const auto index = static_cast<ptrdiff_t>(at) + step;
  if (index < 0 || index >= static_cast<ptrdiff_t>(tokens.size())) return 0;
  return tokens[static_cast<size_t>(index)]->getType();
}

Span Stop::SpanAt(int step) const {
  if (Type(step) == 0) return {};
  return places.Of(tokens[static_cast<size_t>(static_cast<ptrdiff_t>(at) + step)]);
}

std::string Stop::Text(int step) const {
  if (Type(step) == 0 || Type(step) == antlr4::Token::EOF) return {};
  return std::string(places.Text(SpanAt(step)));
}

std::string Stop::Word(int step) const { return ToUpper(Text(step)); }

bool Stop::Begins(std::initializer_list<size_t> types) const {
  if (tokens.size() < types.size() || at < types.size()) return false;
  return std::equal(
      types.begin(), types.end(), tokens.begin(),
      [](size_t type, const antlr4::Token* token) { return token->getType() == type; });
}

const antlr4::Token* Stop::OpenParenthesis() const {
  size_t closed = 0;
  for (size_t i = at; i-- > 0;) {
    if (tokens[i]->getType() == L::RIGHT_PAREN) ++closed;
    if (tokens[i]->getType() == L::LEFT_PAREN && closed-- == 0) return tokens[i];
  }
  return nullptr;
}

bool IsKeyword(size_t type) { return type >= L::ABS && type <= L::ZONE; }

std::string Spelling(size_t type) {
  static L lexer(nullptr);
  const std::string name = lexer.getVocabulary().getLiteralName(type);
  return name.size() >= 2 ? name.substr(1, name.size() - 2) : name;
}

std::optional<Slip> FindSlip(const Stop& stop) {
  for (const auto find :
       {SignSlip, FunctionSlip, CommaSlip, NameSlip, ClauseOrderSlip, ColumnSlip, OptionSlip,
        StatementSlip, QuerySlip, CloseSlip, MisspeltClause, WordSlip}) {
    if (std::optional<Slip> slip = find(stop)) return slip;
  }
  return std::nullopt;
}

}  // namespace millrace::sql
