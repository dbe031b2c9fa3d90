// Where the program writes: results to `out`, everything else to `err`, on which a progress line
// may stand that other text has to erase first.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/log.h"

namespace millrace {

struct ConsoleOptions {
  std::FILE* out = stdout;
  std::FILE* err = stderr;
  bool color = false;
  bool json = false;         // diagnostics and plans as JSON lines
  bool progress = false;     // a progress line is drawn on `err`
  bool interactive = false;  // a shell: statements without a result report success
  bool log_on_err = true;    // the log is written to `err` as well
};

// All streams, and the log, must outlive it.
class Console final {
 public:
  Console(const ConsoleOptions& options, Log* log) : options_(options), log_(*log) {}

  const ConsoleOptions& options() const { return options_; }
  std::FILE* out() const { return options_.out; }

  void Print(std::string_view text) const;  // a result, or a part of one
  void Say(const std::string& text) const;
  // "error: <text>". Returns `status`.
  int Fail(int status, const std::string& text) const;
  // "[INFO] <text>" and an empty line, in the manner of Flink's client.
  void Inform(const std::string& text) const;
  // A fact about jobs, once on the terminal and once in the log, which may be the same place. Where
  // the log is written to the terminal, its level decides.
  void Announce(LogLevel level, const std::string& text) const;
  // True if what the log gets at this level is seen on `err`.
  bool LogIsSeen(LogLevel level) const { return options_.log_on_err && log_.enabled(level); }

  // Diagnostics about a script, as they are shown.
  std::string Draw(const Diagnostics& diagnostics, std::string_view script_name,
                   std::string_view script) const;
  void Show(const Diagnostics& diagnostics, std::string_view script_name,
            std::string_view script) const;

  void DrawProgress(const std::string& line) const;
  void EraseProgress() const;

 private:
  const ConsoleOptions options_;
  Log& log_;
};

}  // namespace millrace
