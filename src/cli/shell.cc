#include "cli/shell.h"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "base/text.h"
#include "cli/signals.h"
#include "sql/splitter.h"

namespace millrace {
namespace {

constexpr std::string_view kPrompt = "Millrace SQL> ";
constexpr std::string_view kContinuation = "> ";

constexpr std::string_view kHelp =
    "Statements end with a semicolon:\n"
    "  CREATE TABLE, DROP TABLE, SET, RESET, SELECT, INSERT INTO, EXPLAIN,\n"
    "  SHOW TABLES, SHOW CREATE TABLE, DESCRIBE\n"
    "Commands: HELP, CLEAR, QUIT, EXIT\n"
    "An INSERT runs as a job in the background; QUIT stops it after a last checkpoint.\n"
    "Ctrl-C ends a SELECT.\n";

// The shell's own command in a buffer, in upper case; empty if it is none.
std::string CommandIn(const std::string& buffer) {
  std::string_view text = Trim(buffer);
  while (text.ends_with(';')) text = Trim(text.substr(0, text.size() - 1));
  const std::string word = ToUpper(text);
  return word == "QUIT" || word == "EXIT" || word == "HELP" || word == "CLEAR" ? word : "";
}

void Prompt(std::string_view prompt) {
  std::cout << prompt;
  std::cout.flush();
}

enum class Input : unsigned char { kLine, kInterrupted, kEnd };

Input ReadLine(std::string* line) {
  if (std::getline(std::cin, *line)) return Input::kLine;
  // A signal looks like the end of the input to streams, but not to the C library below.
  if (SignalsSeen() == 0 || ToldToEnd() || std::feof(stdin) != 0) return Input::kEnd;
  ForgetSignals();
  std::cin.clear();
  std::clearerr(stdin);
  return Input::kInterrupted;
}

}  // namespace

int RunShell(Runner* runner) {
  std::cout << "Millrace: sharded MySQL into Apache Doris. HELP; for help, QUIT; to leave.\n";
  std::string buffer;
  std::string line;
  Prompt(kPrompt);
  for (;;) {
    const Input input = ReadLine(&line);
    if (input == Input::kEnd) break;
    if (input == Input::kInterrupted) {  // what was typed is thrown away
      buffer.clear();
      std::cout << "\n";
      Prompt(kPrompt);
      continue;
    }
    buffer += line + "\n";
    const std::string command = CommandIn(buffer);
    if (command == "QUIT" || command == "EXIT") break;
    const sql::Pieces pieces = sql::Split(buffer);
    if (command == "HELP") {
      std::cout << kHelp;
      buffer.clear();
    } else if (command == "CLEAR") {
      std::cout << "\033[2J\033[H";
      buffer.clear();
    } else if (pieces.complete) {
      if (!pieces.statements.empty()) runner->RunScript("<shell>", buffer);
      buffer.clear();
      if (ToldToEnd()) break;
      ForgetSignals();
    }
    if (buffer.empty()) runner->ReportEndedJobs();
    Prompt(buffer.empty() ? kPrompt : kContinuation);
  }
  if (runner->running_jobs() > 0) {
    std::cout << fmt::format("stopping {} job(s) after a last checkpoint\n",
                             runner->running_jobs());
    std::cout.flush();
  }
  return runner->StopJobs();
}

}  // namespace millrace
