// What was typed into the shell, kept between runs: one line for each statement in a file that only
// its owner may read, bounded, without secrets. Without a file that can be written the shell works
// without a history.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

class HistoryFile final {
 public:
  static constexpr size_t kEntriesMax = 1000;
  static constexpr size_t kEntryBytesMax = 64 * 1024;

  explicit HistoryFile(std::string path) : path_(std::move(path)) {}

  // The newest entries, oldest first. Shortens a file that has grown too long.
  std::vector<std::string> Load();
  // Appends a statement, unless it is the last one again, too long, or cannot be kept without a
  // secret.
  void Add(std::string_view statement);

 private:
  const std::string path_;
  std::string last_;
};

// $XDG_STATE_HOME/millrace/history, or ~/.local/state/millrace/history.
std::string HistoryPath();

// The statement with '***' as the value of every option that is a secret; nothing if something that
// looks like one would remain.
std::optional<std::string> MaskSecrets(std::string_view statement);

}  // namespace millrace
