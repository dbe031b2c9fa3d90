#include "cli/completion.h"

#include <algorithm>
#include <span>

#include "base/ascii.h"
#include "cli/words.h"
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

// Names that cannot stand without quotes.
constexpr std::string_view kReserved[] = {"DATE", "GROUP", "KEY",       "ORDER", "TABLE",
                                          "TIME", "USER",  "TIMESTAMP", "VALUE", "YEAR"};

// What may follow a word.
struct Phrase {
  std::string_view after;
  std::string_view next;
};
constexpr Phrase kPhrases[] = {
    {"SHOW", "TABLES"},  {"SHOW", "CREATE TABLE"},      {"SHOW", "JOBS"},
    {"CREATE", "TABLE"}, {"CREATE", "TEMPORARY TABLE"}, {"DROP", "TABLE"},
    {"STOP", "JOB"},     {"DESCRIBE", "JOB"},           {"DESC", "JOB"},
    {"INSERT", "INTO"},  {"EXPLAIN", "INSERT INTO"},    {"EXPLAIN", "SELECT"},
    {"COMPILE", "PLAN"}, {"EXECUTE", "PLAN"},           {"EXECUTE", "STATEMENT SET BEGIN"}};
constexpr std::string_view kBeforeTables[] = {"FROM", "JOIN", "INTO", "TABLE", "DESCRIBE", "DESC"};

bool IsPlainName(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), plain) &&
         std::find(std::begin(kReserved), std::end(kReserved), ToUpper(name)) ==
             std::end(kReserved);
}

bool BeginsWith(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && EqualsIgnoreCase(text.substr(0, prefix.size()), prefix);
}

// Collects candidates for what stands before the cursor in one statement.
class Completer final {
 public:
  Completer(std::string_view statement, const Session& session,
            const std::vector<std::string>& job_ids)
      : statement_(statement), session_(session), job_ids_(job_ids), words_(ScanWords(statement)) {
    if (words_.empty() || words_.back().end != statement.size()) return;
    const Word& last = words_.back();
    const bool quoted = last.kind == WordKind::kText || last.kind == WordKind::kName;
    if (last.kind == WordKind::kSymbol || (quoted && last.closed)) return;
    prefix_ = statement.substr(last.begin + (quoted ? 1 : 0));
    quote_ = quoted ? statement[last.begin] : '\0';
    words_.pop_back();
  }

  Completion Run() {
    if (quote_ == '\'') {
      InText();
    } else if (quote_ == '`') {
      for (const std::string& name : Columns()) Add(name, "`");
      for (const std::string& name : session_.TableNames()) Add(name, "`");
    } else if (!words_.empty() && (words_[0].Is("SET") || words_[0].Is("RESET"))) {
      InSetting();
    } else if (Before(0, '.')) {
      for (const std::string& name : session_.ColumnNames(TableOf(At(1)))) AddName(name, "");
    } else {
      InWords();
    }
    std::sort(result_.candidates.begin(), result_.candidates.end(),
              [](const auto& a, const auto& b) { return a.text < b.text; });
    const auto same = std::unique(result_.candidates.begin(), result_.candidates.end(),
                                  [](const auto& a, const auto& b) { return a.text == b.text; });
    result_.candidates.erase(same, result_.candidates.end());
    result_.replaced = prefix_.size();
    return std::move(result_);
  }

 private:
  // Words before the cursor, the nearest one first.
  const Word* WordBefore(size_t distance) const {
    return distance < words_.size() ? &words_[words_.size() - 1 - distance] : nullptr;
  }
  bool Before(size_t distance, char symbol) const {
    return WordBefore(distance) != nullptr && WordBefore(distance)->IsSymbol(symbol);
  }
  bool Before(size_t distance, std::string_view word) const {
    return WordBefore(distance) != nullptr && WordBefore(distance)->Is(word);
  }
  std::string At(size_t distance) const {
    return WordBefore(distance) != nullptr ? WordBefore(distance)->text : "";
  }

  void Add(std::string_view text, std::string_view closing) {
    if (BeginsWith(text, prefix_))
      result_.candidates.push_back({std::string(text), std::string(closing)});
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

  void InText() {
    if (Before(0, "JOB")) {
      for (const std::string& id : job_ids_) Add(id, "'");
    } else if (!words_.empty() && (words_[0].Is("SET") || words_[0].Is("RESET"))) {
      if (Before(0, '=')) {
        AddSettingValues(At(1), "'");
      } else {
        AddSettingKeys(words_[0].Is("SET") ? "' = '" : "'");
      }
    } else if (Before(0, '=')) {
      AddOptionValues(At(1));
    } else if (Before(0, '(') || Before(0, ',')) {
      AddOptionKeys();
    }
  }

  // SET and RESET without quotes: the dots of a key part words, so the text counts.
  void InSetting() {
    const bool in_value = std::any_of(words_.begin(), words_.end(),
                                      [](const Word& word) { return word.IsSymbol('='); });
    if (in_value && Before(0, '=')) {
      std::string_view key = statement_.substr(words_[0].end);
      AddSettingValues(Trim(key.substr(0, key.find('='))), "");
    } else if (!in_value) {
      prefix_ = Trim(statement_.substr(words_[0].end));
      AddSettingKeys(words_[0].Is("SET") ? " = " : "");
    }
  }

  void AddSettingKeys(std::string_view closing) {
    for (const SettingSpec& spec : SettingSpecs()) {
      if (!spec.ignored) Add(spec.key, closing);
    }
  }

  void AddSettingValues(std::string_view key, std::string_view closing) {
    for (const SettingSpec& spec : SettingSpecs()) {
      if (spec.key == key) AddValues(spec.kind, spec.choices, closing);
    }
  }

  void AddValues(OptionKind kind, std::string_view choices, std::string_view closing) {
    if (kind == OptionKind::kBoolean) choices = "true|false";
    if (choices.empty()) return;
    for (const std::string& choice : Split(choices, '|')) Add(choice, closing);
  }

  // What 'connector' = '...' says; empty: not yet written.
  std::string ConnectorName() const {
    for (size_t i = 0; i + 2 < words_.size(); ++i) {
      const bool key = words_[i].kind == WordKind::kText && words_[i].text == "connector";
      if (key && words_[i + 1].IsSymbol('=')) return words_[i + 2].text;
    }
    return {};
  }

  void AddOptionKeys() {
    const std::string name = ConnectorName();
    if (name.empty()) Add("connector", "' = '");
    if (!result_.candidates.empty()) return;  // it decides what else there is
    for (const Connector* connector : session_.connectors()) {
      if (!name.empty() && connector->name != name) continue;
      for (const OptionSpec& spec : connector->options) {
        const bool is_prefix = spec.key.ends_with('*');
        if (!spec.ignored)
          Add(spec.key.substr(0, spec.key.size() - (is_prefix ? 1 : 0)), is_prefix ? "" : "' = '");
      }
    }
  }

  void AddOptionValues(const std::string& key) {
    if (key == "connector") {
      for (const Connector* connector : session_.connectors()) Add(connector->name, "'");
      return;
    }
    const std::string name = ConnectorName();
    for (const Connector* connector : session_.connectors()) {
      if (!name.empty() && connector->name != name) continue;
      for (const OptionSpec& spec : connector->options) {
        if (spec.key == key) AddValues(spec.kind, spec.choices, "'");
      }
    }
  }

  void InWords() {
    if (words_.empty()) {
      for (const std::string_view word : kStatements) AddWord(word);
      return;
    }
    for (const Phrase& phrase : kPhrases) {
      if (words_.size() == 1 && words_[0].Is(phrase.after)) AddWord(phrase.next);
    }
    const bool wants_table = std::any_of(std::begin(kBeforeTables), std::end(kBeforeTables),
                                         [this](std::string_view word) { return Before(0, word); });
    if (wants_table) {
      for (const std::string& name : session_.TableNames()) AddName(name, " ");
      if (words_.size() == 2 && Before(1, "DROP")) AddWord("IF EXISTS");
      return;
    }
    if (!result_.candidates.empty() && words_.size() == 1) return;
    for (const std::string& name : Columns()) AddName(name, "");
    if (prefix_.empty()) return;
    for (const std::string& name : session_.TableNames()) AddName(name, " ");
    for (const Function& function : Functions()) {
      if (IsPlainName(function.name)) AddWord(function.name, "(");
    }
    for (const std::string_view word : sql::SyntaxWords()) AddWord(word);
  }

  // Columns of the tables that the statement names, or of all while it names none.
  std::vector<std::string> Columns() const {
    const std::vector<std::string> tables = session_.TableNames();
    std::vector<std::string> named;
    for (const std::string& table : tables) {
      const bool is_named = std::any_of(words_.begin(), words_.end(), [&](const Word& word) {
        return word.kind != WordKind::kText && word.text == table;
      });
      if (is_named) named.push_back(table);
    }
    std::vector<std::string> columns;
    for (const std::string& table : named.empty() ? tables : named) {
      const std::vector<std::string> of_table = session_.ColumnNames(table);
      columns.insert(columns.end(), of_table.begin(), of_table.end());
    }
    return columns;
  }

  // The table that `name` is, or is an alias of: "orders o", "orders AS o".
  std::string TableOf(const std::string& name) const {
    const std::vector<std::string> tables = session_.TableNames();
    const auto is_table = [&](const std::string& text) {
      return std::find(tables.begin(), tables.end(), text) != tables.end();
    };
    if (is_table(name)) return name;
    for (size_t i = 1; i < words_.size(); ++i) {
      if (words_[i].text != name) continue;
      const size_t before = words_[i - 1].Is("AS") && i > 1 ? i - 2 : i - 1;
      if (is_table(words_[before].text)) return words_[before].text;
    }
    return name;
  }

  std::string_view statement_;
  const Session& session_;
  const std::vector<std::string>& job_ids_;
  std::vector<Word> words_;  // before the one that is being typed
  std::string_view prefix_;  // what is typed of it, without its quote
  char quote_ = '\0';
  Completion result_;
};

}  // namespace

Completion Complete(std::string_view text, const Session& session,
                    const std::vector<std::string>& job_ids) {
  return Completer(text.substr(sql::Split(text).rest), session, job_ids).Run();
}

}  // namespace millrace
