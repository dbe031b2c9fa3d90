#include "cli/history.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/regex.h"
#include "base/secret.h"
#include "base/text_file.h"
#include "cli/words.h"

namespace millrace {
namespace {

// One line a statement: line feeds and backslashes are escaped.
std::string Escaped(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      line += "\\n";
    } else if (c == '\\') {
      line += "\\\\";
    } else {
      line += c;
    }
  }
  return line + "\n";
}

std::string Unescaped(std::string_view line) {
  std::string text;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      text += line[i];
    } else {
      ++i;
      text += line[i] == 'n' ? '\n' : line[i];
    }
  }
  return text;
}

// scheme://user:password@host
bool HasPasswordInAddress(std::string_view text) {
  std::optional<Regex> address = Regex::Compile("://[^/\\s':@]*:[^/\\s'@]*@");
  const Result<bool> found = address->Find(text);
  return !found.ok() || *found;  // what cannot be searched is not kept
}

}  // namespace

std::string HistoryPath() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state != '\0') return std::string(state) + "/millrace/history";
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "." : home) + "/.local/state/millrace/history";
}

std::optional<std::string> MaskSecrets(std::string_view statement) {
  const std::vector<Word> words = ScanWords(statement);
  std::string kept;
  size_t copied = 0;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (!words[i + 1].IsSymbol('=') || !IsSecretKey(words[i].text)) continue;
    const bool is_text = i + 2 < words.size() && words[i + 2].kind == WordKind::kText;
    if (!is_text || !words[i + 2].closed) return std::nullopt;
    kept += statement.substr(copied, words[i + 2].begin - copied);
    kept += "'" + std::string(kRedacted) + "'";
    copied = words[i + 2].end;
  }
  kept += statement.substr(copied);
  if (HasPasswordInAddress(kept)) return std::nullopt;
  return kept;
}

std::vector<std::string> HistoryFile::Load() {
  std::vector<std::string> lines;
  std::ifstream file(path_, std::ios::binary);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  if (lines.size() > kEntriesMax) {
    lines.erase(lines.begin(), lines.end() - static_cast<ptrdiff_t>(kEntriesMax));
    const std::string next = path_ + ".next";
    if (WritePrivateFile(next, Join(lines, "\n") + "\n").ok()) {
      ::rename(next.c_str(), path_.c_str());
    }
  }
  std::vector<std::string> entries;
  for (const std::string& line : lines) entries.push_back(Unescaped(line));
  if (!entries.empty()) last_ = entries.back();
  return entries;
}

void HistoryFile::Add(std::string_view statement) {
  const std::optional<std::string> entry = MaskSecrets(statement);
  if (!entry || *entry == last_ || entry->size() > kEntryBytesMax) return;
  last_ = *entry;
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
  const int fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  ::fchmod(fd, 0600);
  const std::string line = Escaped(*entry);
  // One write, so that the lines of two shells do not mix. What fails is only history.
  [[maybe_unused]] const ssize_t written = ::write(fd, line.data(), line.size());
  ::close(fd);
}

}  // namespace millrace
