// The driver of the golden tests: runs the cases of one .test file and compares what they print.
//
//   golden FILE.test             status 1 and the differences if an output is another one
//   REWRITE=1 golden FILE.test   writes the outputs into the file, for a human to read the diff
//
// A file is a list of cases, each of which ends where the next begins:
//
//   >>> parse anything that explains the case
//   SELECT 1
//   ----
//   the expected output
//
//   kind      output
//   parse     every statement as it prints again, or its diagnostics; printing and parsing again
//             must give the same
//   strict    the same where only Flink's own language is accepted
//   setup     none; its statements come before those of every later case of the file
//   session   what each statement gives: a table, the name of the job or query, or diagnostics
//   json      the same with diagnostics as JSON and plans as JSON
//   eval      every SELECT without FROM is run, at 2023-11-14 22:13:20.123 UTC, through its plan as
//             JSON: a line "type = value" for each of its columns, or what is wrong
//   run       what the statements print when they are run: results and messages
//   check     what `millrace check` prints for them
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "connectors/connector_list.h"
#include "evaluate.h"
#include "plan/compiler.h"
#include "run_case.h"
#include "sql/parser.h"
#include "sql/splitter.h"
#include "sql/unparse.h"

namespace {

using millrace::Diagnostics;
using millrace::Session;

constexpr std::string_view kScriptName = "case.sql";
constexpr std::string_view kCaseMark = ">>> ";
constexpr std::string_view kOutputMark = "----";

struct Case {
  std::string head;  // without the mark
  std::string input;
  std::string output;
  size_t line = 0;

  std::string kind() const { return head.substr(0, head.find(' ')); }
};

struct File {
  std::string preamble;  // what stands before the first case
  std::vector<Case> cases;
};

// Blank lines between two cases belong to neither.
std::string WithoutBlankEnd(std::string text) {
  while (text.ends_with("\n\n") || text == "\n") text.pop_back();
  return text;
}

File Read(std::istream& in) {
  File file;
  std::string line;
  bool in_output = false;
  for (size_t number = 1; std::getline(in, line); ++number) {
    if (line.starts_with(kCaseMark)) {
      file.cases.emplace_back();
      file.cases.back().head = line.substr(kCaseMark.size());
      file.cases.back().line = number;
      in_output = false;
    } else if (file.cases.empty()) {
      file.preamble += line + "\n";
    } else if (line == kOutputMark && !in_output) {
      in_output = true;
    } else {
      (in_output ? file.cases.back().output : file.cases.back().input) += line + "\n";
    }
  }
  for (Case& one : file.cases) {
    one.input = WithoutBlankEnd(std::move(one.input));
    one.output = WithoutBlankEnd(std::move(one.output));
  }
  return file;
}

void Write(const File& file, std::ostream& out) {
  out << file.preamble;
  for (size_t i = 0; i < file.cases.size(); ++i) {
    const Case& one = file.cases[i];
    if (i > 0) out << "\n";
    out << kCaseMark << one.head << "\n" << one.input;
    if (one.kind() != "setup") out << kOutputMark << "\n" << one.output;
  }
}

std::string Draw(const Diagnostics& diagnostics, std::string_view script, bool json) {
  std::string text;
  for (const millrace::Diagnostic& diagnostic : diagnostics) {
    text += json ? millrace::RenderJson(diagnostic, kScriptName, script)
                 : millrace::Render(diagnostic, kScriptName, script);
    if (!text.ends_with('\n')) text += '\n';
  }
  return text;
}

// Prints a statement, parses that and prints it again: the two must be the same.
std::string PrintAgain(const millrace::sql::Statement& statement) {
  const std::string once = millrace::sql::Unparse(statement);
  Diagnostics diagnostics;
  const auto again = millrace::sql::Parse(once, 0, &diagnostics);
  if (!again) return once + "\nDOES NOT PARSE AGAIN:\n" + Draw(diagnostics, once, false);
  const std::string twice = millrace::sql::Unparse(*again);
  if (twice != once) return once + "\nPRINTS ANOTHER WAY THE SECOND TIME:\n" + twice + "\n";
  return once + "\n";
}

std::string RunParse(const std::string& script, bool strict) {
  std::string output;
  for (const auto& piece : millrace::sql::Split(script).statements) {
    Diagnostics diagnostics;
    const std::string_view text =
        std::string_view(script).substr(piece.begin, piece.end - piece.begin);
    const auto statement = millrace::sql::Parse(text, piece.begin, &diagnostics, {strict});
    output += Draw(diagnostics, script, false);
    if (statement) output += PrintAgain(*statement);
  }
  return output;
}

std::string DrawTable(const millrace::ResultTable& table) {
  std::string text = fmt::format("{}\n", fmt::join(table.headings, " | "));
  for (const auto& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) text += (i > 0 ? " | " : "") + row[i].value_or("NULL");
    text += "\n";
  }
  return text;
}

// An outcome as a line or some.
struct OutcomeText {
  bool json;  // plans as JSON

  std::string operator()(const millrace::Done&) const { return ""; }
  std::string operator()(const millrace::ResultTable& table) const { return DrawTable(table); }
  std::string operator()(const millrace::InsertJob& insert) const {
    return json ? millrace::ToJson(insert.plan) + "\n" : "job " + insert.plan.job + "\n";
  }
  std::string operator()(const millrace::SelectQuery& select) const {
    return json ? millrace::ToJson(select.plan) + "\n" : "query\n";
  }
  std::string operator()(const millrace::CheckSources& check) const {
    return json ? millrace::ToJson(check.plan) + "\n" : "check sources of " + check.plan.job + "\n";
  }
  std::string operator()(const millrace::ShowJobs&) const { return "show jobs\n"; }
  std::string operator()(const millrace::DescribeJob& describe) const {
    return "describe job " + describe.job + "\n";
  }
  std::string operator()(const millrace::StopJob& stop) const {
    return fmt::format("stop job {}{}{}\n", stop.job, stop.with_savepoint ? " with savepoint" : "",
                       stop.with_drain ? " with drain" : "");
  }
  std::string operator()(const millrace::CompilePlan& compile) const {
    return fmt::format("compile plan {} of job {}{}{}\n", compile.path, compile.plan.job,
                       compile.if_not_exists ? " if not exists" : "",
                       compile.execute ? " and execute" : "");
  }
  std::string operator()(const millrace::ExecutePlan& execute) const {
    return "execute plan " + execute.path + "\n";
  }
};

std::string RunSession(Session* session, const std::string& script, bool json) {
  std::string output;
  for (const auto& piece : millrace::sql::Split(script).statements) {
    Diagnostics diagnostics;
    const std::string_view text =
        std::string_view(script).substr(piece.begin, piece.end - piece.begin);
    const auto outcome = session->Execute(text, piece.begin, &diagnostics, piece.surroundings);
    output += Draw(diagnostics, script, json);
    if (outcome) output += std::visit(OutcomeText{json}, *outcome);
    if (!outcome && !millrace::HasErrors(diagnostics)) output += "REFUSED WITHOUT A REASON\n";
  }
  return output;
}

std::string DrawValue(const EvaluatedColumn& column) {
  if (column.is_null) return "NULL";
  return column.is_text ? "'" + column.text + "'" : column.text;
}

// Runs the program of a query over one row without columns.
std::string Evaluate(const millrace::Plan& written) {
  const auto read =
      millrace::PlanFromJson(millrace::ToJson(written, true), millrace::AllConnectors());
  if (!read.ok()) return "NOT READ AGAIN: " + read.status().message() + "\n";
  if (!(*read == written)) return "ANOTHER PLAN WHEN READ AGAIN\n";
  constexpr int64_t kNowMs = 1'700'000'000'123;
  const auto row = EvaluateRow(*read, kNowMs);
  if (!row.ok()) return "failed: " + row.status().message() + "\n";
  if (row->empty()) return "no row\n";
  std::string text;
  for (const EvaluatedColumn& column : *row) {
    text += fmt::format("{} = {}\n", millrace::ToString(column.type), DrawValue(column));
  }
  return text;
}

std::string RunEvaluation(Session* session, const std::string& script) {
  std::string output;
  for (const auto& piece : millrace::sql::Split(script).statements) {
    Diagnostics diagnostics;
    const std::string_view text =
        std::string_view(script).substr(piece.begin, piece.end - piece.begin);
    const auto outcome = session->Execute(text, piece.begin, &diagnostics, piece.surroundings);
    output += Draw(diagnostics, script, false);
    const auto* select = outcome ? std::get_if<millrace::SelectQuery>(&*outcome) : nullptr;
    if (select != nullptr) output += Evaluate(select->plan);
  }
  return output;
}

std::string Run(const Case& one, const std::vector<std::string>& setups) {
  if (one.kind() == "parse") return RunParse(one.input, false);
  if (one.kind() == "strict") return RunParse(one.input, true);
  if (one.kind() == "run" || one.kind() == "check") {
    std::vector<std::string> scripts = setups;
    scripts.push_back(one.input);
    return RunScripts(scripts,
                      one.kind() == "run" ? millrace::Command::kRun : millrace::Command::kCheck);
  }
  Session session(millrace::AllConnectors());
  std::string output;
  for (const std::string& setup : setups) output += RunSession(&session, setup, false);
  if (one.kind() == "setup") return output + RunSession(&session, one.input, false);
  if (one.kind() == "session") return output + RunSession(&session, one.input, false);
  if (one.kind() == "eval") return RunEvaluation(&session, one.input);
  if (one.kind() == "json") return output + RunSession(&session, one.input, true);
  return "unknown kind of case: " + one.kind() + "\n";
}

int Test(const std::string& path, bool rewrite) {
  std::ifstream in(path);
  File file = Read(in);
  if (file.cases.empty()) {
    std::cerr << path << ": no case found\n";
    return 1;
  }
  std::vector<std::string> setups;
  int wrong = 0;
  for (Case& one : file.cases) {
    std::string output = WithoutBlankEnd(Run(one, setups));
    if (one.kind() == "setup") setups.push_back(one.input);
    if (output == one.output) continue;
    if (!rewrite) {
      ++wrong;
      std::cerr << path << ":" << one.line << ": " << one.head << "\n--- expected\n"
                << one.output << "--- got\n"
                << output << "---\n\n";
    }
    one.output = std::move(output);
  }
  if (rewrite) {
    std::ofstream out(path);
    Write(file, out);
  }
  return wrong == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: golden FILE.test\n";
    return 2;
  }
  const char* rewrite = std::getenv("REWRITE");
  return Test(argv[1], rewrite != nullptr && std::string_view(rewrite) == "1");
}
