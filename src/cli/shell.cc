#include "cli/shell.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "base/ascii.h"
#include "cli/completion.h"
#include "cli/history.h"
#include "cli/line_editor.h"
#include "cli/shell_command.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "sql/splitter.h"

namespace millrace {
namespace {

constexpr std::string_view kBanner =
    "Millrace: sharded MySQL into Apache Doris. HELP; for help, QUIT; to leave.\n";
constexpr std::string_view kPrompt = "Millrace SQL> ";
constexpr std::string_view kContinuation = "> ";
constexpr std::string_view kGreen = "\033[1;32m";
constexpr size_t kLongBytes = 64 * 1024;  // of what is pasted; then not every line is split again

// Whether a statement or a comment may end in this line.
bool MayEnd(std::string_view line) {
  return line.find(';') != std::string_view::npos || line.find("*/") != std::string_view::npos;
}

void Put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), HumanStream());
  std::fflush(HumanStream());
}

class Shell final {
 public:
  Shell(const CommandLine& line, ScriptRunner* runner, JobWatcher* watcher, const Log* log)
      : runner_(*runner),
        watcher_(*watcher),
        color_(line.color.value_or(true) && ObeysEscapes(stdout) ? kGreen : ""),
        history_(HistoryPath()),
        editor_(
            [this](std::string_view before) {
              return Complete(buffer_ + std::string(before), runner_.session(), RunningIds());
            },
            [log] { return log == nullptr ? 0 : log->lines(); }) {
    for (const std::string& entry : history_.Load()) editor_.Remember(entry);
  }

  int Run() {
    Put(kBanner);
    for (bool leaving = false; !leaving;) {
      if (buffer_.empty()) watcher_.ReportEnded();
      leaving = Step();
    }
    return watcher_.StopAll();
  }

 private:
  // One line of input. True: the shell ends.
  bool Step() {
    std::string line;
    const std::string prompt(buffer_.empty() ? kPrompt : kContinuation);
    switch (editor_.Read(prompt, buffer_.empty() ? color_ : "", &line)) {
      case InputKind::kEnd:
        return MayLeave();
      case InputKind::kInterrupted:
        buffer_.clear();
        entry_.clear();
        ForgetSignals();
        return EndRequested();
      case InputKind::kLine:
        break;
    }
    if (buffer_.empty() && Trim(line).empty()) return false;
    buffer_ += line + "\n";
    entry_ += line + "\n";
    if (buffer_.size() <= kLongBytes || MayEnd(line)) Submit();
    if (EndRequested()) return true;
    ForgetSignals();
    return runner_.TakeQuitRequest() && MayLeave();
  }

  // Runs what is complete of the buffer and keeps the rest.
  void Submit() {
    const bool is_command = ParseShellCommand(buffer_).has_value();
    const sql::Pieces pieces = sql::Split(buffer_);
    const bool is_whole = is_command || pieces.complete;
    const std::string ready = is_whole ? buffer_ : buffer_.substr(0, pieces.rest);
    buffer_.erase(0, ready.size());
    if (Trim(buffer_).empty()) buffer_.clear();
    if (buffer_.empty()) Remember();
    if (!ready.empty()) runner_.RunTyped({"<shell>", ready});
  }

  void Remember() {
    const std::string entry(Trim(entry_));
    entry_.clear();
    if (entry.empty()) return;
    editor_.Remember(entry);
    history_.Add(entry);
  }

  // Asks first while jobs run. Only a yes ends the shell.
  bool MayLeave() {
    watcher_.ReportEnded();
    std::vector<std::string> names;
    for (const JobRecord& job : watcher_.jobs().Running()) names.push_back(job.name);
    if (names.empty() || EndRequested() || !IsTerminal(stdin)) return true;
    const std::string question =
        fmt::format("{} still running: {}\nStop after a final checkpoint and leave? [y/N] ",
                    names.size() == 1 ? "A job is" : fmt::format("{} jobs are", names.size()),
                    Join(names, ", "));
    std::string answer;
    const size_t line_feed = question.rfind('\n') + 1;
    Put(question.substr(0, line_feed));
    const InputKind kind = editor_.Read(question.substr(line_feed), "", &answer);
    ForgetSignals();
    if (EndRequested()) return true;
    const std::string_view said = Trim(answer);
    return kind == InputKind::kLine &&
           (EqualsIgnoreCase(said, "y") || EqualsIgnoreCase(said, "yes"));
  }

  std::vector<std::string> RunningIds() const {
    std::vector<std::string> ids;
    for (const JobRecord& job : watcher_.jobs().Running()) ids.push_back(job.id);
    return ids;
  }

  ScriptRunner& runner_;
  JobWatcher& watcher_;
  const std::string_view color_;
  std::string buffer_;  // lines of statements that are not complete
  std::string entry_;   // everything typed since the buffer was empty
  HistoryFile history_;
  LineEditor editor_;
};

}  // namespace

int RunShell(const CommandLine& line, ScriptRunner* runner, JobWatcher* watcher, const Log* log) {
  return Shell(line, runner, watcher, log).Run();
}

}  // namespace millrace
