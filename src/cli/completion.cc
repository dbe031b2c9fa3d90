#include "cli/completion.h"

#include <algorithm>
#include <span>

#include "base/ascii.h"
#include "cli/typed_statement.h"
#include "expr/functions/function_table.h"
#include "sql/parser.h"
#include "sql/splitter.h"

namespace millrace {
namespace {

constexpr std::string_view kStatements[] = {"CLEAR",
                                            "COMPILE PLAN",
                                            "CREATE TABLE",
                                            "CREATE TEMPORARY TABLE",
                                            "DESCRIBE",
                                            "DROP",
                                            "EXECUTE STATEMENT SET",
                                            "EXIT",
                                            "EXPLAIN",
                                            "HELP",
                                            "INSERT",
                                            "QUIT",
                                            "RESET",
                                            "SELECT",
                                            "SET",
                                            "SHOW",
                                            "SOURCE",
                                            "STOP JOB",
                                            "USE"};

// Names that need quotes.
constexpr std::string_view kReserved[] = {"DATE", "GROUP", "KEY",       "ORDER", "TABLE",
                                          "TIME", "USER",  "TIMESTAMP", "VALUE", "YEAR"};

// What may follow a word.
struct Phrase {
  std::string_view after;
  std::string_view next;
};
constexpr Phrase kPhrases[] = {{"SHOW", "TABLES"},
                               {"SHOW", "CREATE TABLE"},
                               {"SHOW", "JOBS"},
                               {"CREATE", "TABLE"},
                               {"CREATE", "TEMPORARY TABLE"},
                               {"DROP", "TABLE"},
                               {"STOP", "JOB"},
                               {"DESCRIBE", "JOB"},
                               {"DESC", "JOB"},
                               {"INSERT", "INTO"},
                               {"EXPLAIN", "INSERT INTO"},
                               {"EXPLAIN", "SELECT"},
                               {"EXPLAIN", "PREFLIGHT"},
                               {"COMPILE", "PLAN"},
                               {"EXECUTE", "PLAN"},
                               {"EXECUTE", "STATEMENT SET BEGIN"}};
constexpr std::string_view kBeforeTables[] = {"FROM", "JOIN", "INTO", "TABLE", "DESCRIBE", "DESC"};

bool IsPlainName(std::string_view name) {
  const auto plain = [](char c) { return IsLetterOrDigit(c) || c == '_'; };
  if (name.empty() || IsDigit(name[0])) return false;
  return std::all_of(name.begin(), name.end(), plain) &&
         std::find(std::begin(kReserved), std::end(kReserved), ToUpper(name)) ==
             std::end(kReserved);
}

bool BeginsWith(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && EqualsIgnoreCase(text.substr(0, prefix.size()), prefix);
}

// Candidates that continue what is typed.
class CandidateList final {
 public:
  explicit CandidateList(std::string_view prefix) : prefix_(prefix) {}

  bool empty() const { return candidates_.empty(); }
  void Add(std::string_view text, std::string_view closing) {
    if (BeginsWith(text, prefix_)) candidates_.push_back({std::string(text), std::string(closing)});
  }
  // A word of the language in the case that is being typed.
  void AddWord(std::string_view word, std::string_view closing = " ") {
    const bool lower =
        !prefix_.empty() && prefix_ == ToLower(prefix_) && prefix_ != ToUpper(prefix_);
    Add(lower ? ToLower(word) : std::string(word), closing);
  }
  void AddName(const std::string& name, std::string_view closing) {
    Add(IsPlainName(name) ? name : "`" + name + "`", closing);
  }
  void AddValues(OptionKind kind, std::string_view choices, std::string_view closing) {
    if (kind == OptionKind::kBoolean) choices = "true|false";
    if (choices.empty()) return;
    for (const std::string& choice : Split(choices, '|')) Add(choice, closing);
  }

  // Sorted, each text once.
  Completion Take() {
    std::sort(candidates_.begin(), candidates_.end(),
              [](const auto& a, const auto& b) { return a.text < b.text; });
    const auto same = std::unique(candidates_.begin(), candidates_.end(),
                                  [](const auto& a, const auto& b) { return a.text == b.text; });
    candidates_.erase(same, candidates_.end());
    return {prefix_.size(), std::move(candidates_)};
  }

 private:
  std::string_view prefix_;
  std::vector<Candidate> candidates_;
};

// Collects candidates for the word before the cursor.
class Completer final {
 public:
  Completer(const TypedStatement& statement, const Session& session,
            const std::vector<std::string>& job_ids)
      : statement_(statement), session_(session), job_ids_(job_ids), list_(statement.prefix()) {}

  Completion Run() {
    if (statement_.quote() == '\'') {
      InText();
    } else if (statement_.quote() == '`') {
      for (const std::string& name : Columns()) list_.Add(name, "`");
      for (const std::string& name : session_.TableNames()) list_.Add(name, "`");
    } else if (statement_.IsSettingStatement()) {
      InSetting();
    } else if (statement_.Before(0, '.')) {
      const std::string table = statement_.TableOf(statement_.At(1), session_.TableNames());
      for (const std::string& name : session_.ColumnNames(table)) list_.AddName(name, "");
    } else {
      InWords();
    }
    return list_.Take();
  }

 private:
  void InText() {
    if (statement_.Before(0, "JOB")) {
      for (const std::string& id : job_ids_) list_.Add(id, "'");
    } else if (statement_.IsSettingStatement()) {
      if (statement_.Before(0, '=')) {
        AddSettingValues(statement_.At(1), "'");
      } else {
        AddSettingKeys(statement_.StartsWith("SET") ? "' = '" : "'");
      }
    } else if (statement_.Before(0, '=')) {
      AddOptionValues(statement_.At(1));
    } else if (statement_.Before(0, '(') || statement_.Before(0, ',')) {
      AddOptionKeys();
    }
  }

  // SET and RESET without quotes: the dots of a key separate words, so the text counts.
  void InSetting() {
    const std::vector<Word>& words = statement_.words();
    const bool in_value = std::any_of(words.begin(), words.end(),
                                      [](const Word& word) { return word.IsSymbol('='); });
    const std::string_view typed = statement_.text().substr(words[0].end);
    if (in_value && statement_.Before(0, '=')) {
      AddSettingValues(Trim(typed.substr(0, typed.find('='))), "");
    } else if (!in_value) {
      list_ = CandidateList(Trim(typed));
      AddSettingKeys(statement_.StartsWith("SET") ? " = " : "");
    }
  }

  void AddSettingKeys(std::string_view closing) {
    for (const SettingSpec& spec : SettingSpecs()) {
      if (!spec.ignored) list_.Add(spec.key, closing);
    }
  }

  void AddSettingValues(std::string_view key, std::string_view closing) {
    for (const SettingSpec& spec : SettingSpecs()) {
      if (spec.key == key) list_.AddValues(spec.kind, spec.choices, closing);
    }
  }

  void AddOptionKeys() {
    const std::string name = statement_.ConnectorName();
    if (name.empty()) list_.Add("connector", "' = '");
    if (!list_.empty()) return;  // it decides what else there is
    for (const Connector* connector : session_.connectors()) {
      if (!name.empty() && connector->name != name) continue;
      for (const OptionSpec& spec : connector->options) {
        if (spec.ignored) continue;
        const bool is_prefix = spec.key.ends_with('*');
        list_.Add(spec.key.substr(0, spec.key.size() - (is_prefix ? 1 : 0)),
                  is_prefix ? "" : "' = '");
      }
    }
  }

  void AddOptionValues(const std::string& key) {
    if (key == "connector") {
      for (const Connector* connector : session_.connectors()) list_.Add(connector->name, "'");
      return;
    }
    const std::string name = statement_.ConnectorName();
    for (const Connector* connector : session_.connectors()) {
      if (!name.empty() && connector->name != name) continue;
      for (const OptionSpec& spec : connector->options) {
        if (spec.key == key) list_.AddValues(spec.kind, spec.choices, "'");
      }
    }
  }

  void InWords() {
    const std::vector<Word>& words = statement_.words();
    if (words.empty()) {
      for (const std::string_view word : kStatements) list_.AddWord(word);
      return;
    }
    for (const Phrase& phrase : kPhrases) {
      if (words.size() == 1 && words[0].Is(phrase.after)) list_.AddWord(phrase.next);
    }
    const bool wants_table =
        std::any_of(std::begin(kBeforeTables), std::end(kBeforeTables),
                    [this](std::string_view word) { return statement_.Before(0, word); });
    if (wants_table) {
      for (const std::string& name : session_.TableNames()) list_.AddName(name, " ");
      if (words.size() == 2 && statement_.Before(1, "DROP")) list_.AddWord("IF EXISTS");
      return;
    }
    if (!list_.empty() && words.size() == 1) return;
    for (const std::string& name : Columns()) list_.AddName(name, "");
    if (statement_.prefix().empty()) return;
    for (const std::string& name : session_.TableNames()) list_.AddName(name, " ");
    for (const Function& function : Functions()) {
      if (IsPlainName(function.name)) list_.AddWord(function.name, "(");
    }
    for (const std::string_view word : sql::SyntaxWords()) list_.AddWord(word);
  }

  // Columns of the tables that the statement names, or of all while it names none.
  std::vector<std::string> Columns() const {
    const std::vector<std::string> tables = session_.TableNames();
    std::vector<std::string> named;
    for (const std::string& table : tables) {
      const bool is_named = std::any_of(
          statement_.words().begin(), statement_.words().end(),
          [&](const Word& word) { return word.kind != WordKind::kText && word.text == table; });
      if (is_named) named.push_back(table);
    }
    std::vector<std::string> columns;
    for (const std::string& table : named.empty() ? tables : named) {
      const std::vector<std::string> of_table = session_.ColumnNames(table);
      columns.insert(columns.end(), of_table.begin(), of_table.end());
    }
    return columns;
  }

  const TypedStatement& statement_;
  const Session& session_;
  const std::vector<std::string>& job_ids_;
  CandidateList list_;
};

}  // namespace

Completion Complete(std::string_view text, const Session& session,
                    const std::vector<std::string>& job_ids) {
  const TypedStatement statement(text.substr(sql::Split(text).rest));
  return Completer(statement, session, job_ids).Run();
}

}  // namespace millrace
