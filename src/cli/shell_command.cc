#include "cli/shell_command.h"

#include "cli/words.h"

namespace millrace {
namespace {

std::vector<Word> WordsWithoutSemicolon(std::string_view statement) {
  std::vector<Word> words = ScanWords(statement);
  while (!words.empty() && words.back().IsSymbol(';')) words.pop_back();
  return words;
}

bool IsText(const std::vector<Word>& words, size_t at) {
  return at < words.size() && words[at].kind == WordKind::kText && words[at].closed;
}

}  // namespace

std::optional<ShellCommand> ParseShellCommand(std::string_view statement) {
  const std::vector<Word> words = WordsWithoutSemicolon(statement);
  if (words.size() == 1) {
    if (words[0].Is("HELP")) return ShellCommand{ShellCommandKind::kHelp, ""};
    if (words[0].Is("CLEAR")) return ShellCommand{ShellCommandKind::kClear, ""};
    if (words[0].Is("QUIT") || words[0].Is("EXIT"))
      return ShellCommand{ShellCommandKind::kQuit, ""};
  }
  if (words.size() == 2 && words[0].Is("SOURCE") && IsText(words, 1)) {
    return ShellCommand{ShellCommandKind::kSource, words[1].text};
  }
  return std::nullopt;
}

std::optional<CreatedObject> FindCreatedObject(std::string_view statement) {
  const std::vector<Word> words = ScanWords(statement);
  size_t at = 0;
  const auto skip = [&](std::string_view word) {
    const bool found = at < words.size() && words[at].Is(word);
    if (found) ++at;
    return found;
  };
  if (!skip("CREATE")) return std::nullopt;
  while (skip("TEMPORARY") || skip("OR") || skip("REPLACE")) continue;
  const std::string_view kind = skip("TABLE") || skip("VIEW") ? "table"
                                : skip("CATALOG")             ? "catalog"
                                : skip("DATABASE")            ? "database"
                                                              : "";
  if (kind.empty()) return std::nullopt;
  if (skip("IF") && !(skip("NOT") && skip("EXISTS"))) return std::nullopt;
  std::string name;
  for (; at < words.size() && words[at].kind != WordKind::kSymbol; ++at) {
    name = words[at].text;
    if (at + 1 < words.size() && words[at + 1].IsSymbol('.')) {
      ++at;
      continue;
    }
    break;
  }
  if (name.empty()) return std::nullopt;
  return CreatedObject{kind, std::move(name)};
}

std::string_view ShellHelp() {
  return "Statements end with a semicolon and may span lines:\n"
         "  CREATE TABLE, DROP TABLE, SHOW TABLES, SHOW CREATE TABLE, DESCRIBE\n"
         "  SELECT                     shows rows; Ctrl-C ends a stream\n"
         "  INSERT INTO                runs as a job in the background\n"
         "  EXPLAIN                    shows the plan; EXPLAIN PREFLIGHT checks the servers\n"
         "  SHOW JOBS                  jobs with position, rows, lag and latest checkpoint\n"
         "  DESCRIBE JOB 'id'          everything about one job\n"
         "  STOP JOB 'id' [WITH SAVEPOINT [WITH DRAIN]]\n"
         "                             stops it after a final checkpoint\n"
         "  SET ['key' = 'value']      shows or changes settings\n"
         "  RESET ['key']              sets one or all back to their defaults\n"
         "Commands, with or without a semicolon:\n"
         "  HELP                       this text\n"
         "  CLEAR                      clears the screen\n"
         "  SOURCE 'file.sql'          runs a script\n"
         "  QUIT, EXIT, Ctrl-D         leave the shell; asks first while jobs are running\n"
         "Keys: TAB completes, Up and Down recall earlier statements, Ctrl-R searches them, "
         "Ctrl-C\n"
         "clears the line.\n"
         "Layout of results: SET 'millrace.result-layout' = 'tableau', 'vertical', 'csv' or "
         "'json';\n"
         "SET 'sql-client.execution.result-mode' = 'tableau', 'changelog' or 'table'.\n";
}

}  // namespace millrace
