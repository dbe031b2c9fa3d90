#include "cli/line_editor.h"

#include <fmt/format.h>
#include <histedit.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cwchar>

#include "base/ascii.h"
#include "base/utf8.h"
#include "cli/history.h"
#include "cli/signals.h"
#include "cli/terminal.h"

namespace millrace {
namespace {

constexpr int kLookAgainMs = 50;  // for signals while no key is pressed
constexpr size_t kListedMax = 120;
constexpr wchar_t kBrokenCharacter = 0xfffd;
constexpr char kPromptEscape = '\1';  // around what is not visible on the screen
// No key sends it: stands for "draw the prompt again".
constexpr wchar_t kRedrawCharacter = 0x1e;

// Keys that libedit does not bind by itself: what terminals send, and what it means.
constexpr const char* kKeys[][2] = {
    {"^I", "millrace-complete"},       {"^R", "em-inc-search-prev"}, {"^W", "ed-delete-prev-word"},
    {"\\e[3~", "ed-delete-next-char"}, {"\\e[H", "ed-move-to-beg"},  {"\\e[F", "ed-move-to-end"},
    {"\\eOH", "ed-move-to-beg"},       {"\\eOF", "ed-move-to-end"},  {"\\e[1~", "ed-move-to-beg"},
    {"\\e[4~", "ed-move-to-end"},      {"\\e[7~", "ed-move-to-beg"}, {"\\e[8~", "ed-move-to-end"},
    {"\\e[1;5C", "em-next-word"},      {"\\e[1;5D", "ed-prev-word"}, {"\\036", "ed-redisplay"}};

// All that the signal handler may touch. The system may run it in any thread.
std::atomic<bool> resized = false;
std::atomic<bool> pause_requested = false;
static_assert(decltype(resized)::is_always_lock_free);

void NoteTerminalSignal(int signal) { (signal == SIGWINCH ? resized : pause_requested) = true; }

// Catches changes of the window and Ctrl-Z for as long as it lives.
class TerminalSignals final {
 public:
  TerminalSignals() {
    struct sigaction action {};
    action.sa_handler = NoteTerminalSignal;
    sigaction(SIGWINCH, &action, &window_before_);
    sigaction(SIGTSTP, &action, &pause_before_);
  }
  ~TerminalSignals() {
    sigaction(SIGWINCH, &window_before_, nullptr);
    sigaction(SIGTSTP, &pause_before_, nullptr);
  }
  TerminalSignals(const TerminalSignals&) = delete;
  TerminalSignals& operator=(const TerminalSignals&) = delete;

 private:
  struct sigaction window_before_ {};
  struct sigaction pause_before_ {};
};

bool HasInput(int timeout_ms) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return ::poll(&input, 1, timeout_ms) > 0;
}

void Put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), HumanStream());
  std::fflush(HumanStream());
}

size_t CharactersIn(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); at += Utf8Length(text, at)) ++count;
  return count;
}

// What all candidates begin with, without regard to case, as the first one spells it.
std::string CommonBeginning(const std::vector<Candidate>& candidates) {
  std::string common = candidates.front().text;
  for (const Candidate& candidate : candidates) {
    size_t same = 0;
    while (same < std::min(common.size(), candidate.text.size()) &&
           EqualsIgnoreCase(common.substr(same, 1), candidate.text.substr(same, 1))) {
      ++same;
    }
    common.resize(same);
  }
  return common;
}

// Candidates in columns, as wide as the terminal.
std::string Listed(const std::vector<Candidate>& candidates, size_t columns) {
  const size_t shown = std::min(candidates.size(), kListedMax);
  size_t width = 1;
  for (size_t i = 0; i < shown; ++i) width = std::max(width, DisplayWidth(candidates[i].text) + 2);
  const size_t per_line = std::max<size_t>(1, columns / width);
  std::string text = "\n";
  for (size_t i = 0; i < shown; ++i) {
    text += candidates[i].text;
    const bool last = i + 1 == shown || (i + 1) % per_line == 0;
    text += last ? "\n" : std::string(width - DisplayWidth(candidates[i].text), ' ');
  }
  if (shown < candidates.size()) text += fmt::format("and {} more\n", candidates.size() - shown);
  return text;
}

}  // namespace

class LineEditor::Editing final {
 public:
  Editing(LineCompleter completer, std::function<uint64_t()> background_lines)
      : completer_(std::move(completer)), background_lines_(std::move(background_lines)) {
    std::setlocale(LC_CTYPE, "C.UTF-8");  // libedit turns characters into bytes by it
    editor_ = el_init("millrace", stdin, stdout, stderr);
    history_ = history_init();
    if (!valid()) return;
    HistEvent event;
    history(history_, &event, H_SETSIZE, static_cast<int>(HistoryFile::kEntriesMax));
    el_set(editor_, EL_CLIENTDATA, this);
    el_set(editor_, EL_PROMPT_ESC, &Prompt, kPromptEscape);
    el_set(editor_, EL_GETCFN, &ReadCharacter);
    el_set(editor_, EL_HIST, history, history_);
    el_set(editor_, EL_EDITOR, "emacs");
    // The wide call keeps the texts; the narrow one keeps copies that it never frees.
    el_wset(editor_, EL_ADDFN, L"millrace-complete", L"Complete", &CompleteKey);
    for (const auto& [key, command] : kKeys) el_set(editor_, EL_BIND, key, command, nullptr);
    el_source(editor_, nullptr);  // ~/.editrc
  }
  ~Editing() {
    if (history_ != nullptr) history_end(history_);
    if (editor_ != nullptr) el_end(editor_);
  }
  bool valid() const { return editor_ != nullptr && history_ != nullptr; }
  Editing(const Editing&) = delete;
  Editing& operator=(const Editing&) = delete;

  InputKind Read(const std::string& prompt, std::string_view color, std::string* line) {
    const TerminalSignals signals;
    prompt_ = prompt;
    if (!color.empty() && !prompt.empty()) {  // libedit wants a character after an escape
      const size_t last = prompt.size() - 1;
      prompt_ = fmt::format("{0}{1}{0}{2}{0}\033[0m{0}{3}", kPromptEscape, color,
                            prompt.substr(0, last), prompt.substr(last));
    }
    interrupted_ = false;
    lines_seen_ = background_lines_();
    int count = 0;
    el_set(editor_, EL_PREP_TERM, 1);  // before the prompt is drawn: what is typed shows once
    const char* text = el_gets(editor_, &count);
    if (interrupted_) {
      el_reset(editor_);
      Put("^C\n");
      return InputKind::kInterrupted;
    }
    if (text == nullptr || count <= 0) {
      Put("\n");
      return InputKind::kEnd;
    }
    line->assign(text, static_cast<size_t>(count));
    while (line->ends_with('\n') || line->ends_with('\r')) line->pop_back();
    return InputKind::kLine;
  }

  void Remember(const std::string& entry) {
    HistEvent event;
    history(history_, &event, H_ENTER, entry.c_str());
  }

 private:
  static Editing* Of(EditLine* editor) {
    void* self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return static_cast<Editing*>(self);
  }
  static char* Prompt(EditLine* editor) { return Of(editor)->prompt_.data(); }
  static int ReadCharacter(EditLine* editor, wchar_t* character) {
    return Of(editor)->NextCharacter(character);
  }
  static unsigned char CompleteKey(EditLine* editor, int) { return Of(editor)->CompleteLine(); }

  // 1: a character; 0: the end; -1: interrupted.
  int NextCharacter(wchar_t* character) {
    unsigned char first = 0;
    if (const int got = NextByte(&first, /*may_redraw=*/true); got <= 0) return got;
    if (redraw_) {
      redraw_ = false;
      *character = kRedrawCharacter;
      return 1;
    }
    std::string bytes(1, static_cast<char>(first));
    const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
    while (bytes.size() < length) {
      unsigned char next = 0;
      if (const int got = NextByte(&next, /*may_redraw=*/false); got <= 0) return got;
      bytes += static_cast<char>(next);
    }
    std::mbstate_t state{};
    const size_t used = std::mbrtowc(character, bytes.data(), bytes.size(), &state);
    if (used != bytes.size() && first != 0) *character = kBrokenCharacter;
    return 1;
  }

  int NextByte(unsigned char* byte, bool may_redraw) {
    for (;;) {
      if (SignalsSeen() > 0) {
        interrupted_ = true;
        errno = EINTR;
        return -1;
      }
      ObeyTerminalSignals();
      if (const uint64_t lines = background_lines_(); may_redraw && lines != lines_seen_) {
        lines_seen_ = lines;
        redraw_ = true;
        return 1;
      }
      if (!HasInput(kLookAgainMs)) continue;
      const ssize_t got = ::read(STDIN_FILENO, byte, 1);
      if (got >= 0 || errno != EINTR) return static_cast<int>(std::max<ssize_t>(got, 0));
    }
  }

  void ObeyTerminalSignals() {
    if (resized.exchange(false)) el_resize(editor_);
    if (!pause_requested.exchange(false)) return;
    el_set(editor_, EL_PREP_TERM, 0);
    std::raise(SIGSTOP);  // goes on here after SIGCONT
    el_set(editor_, EL_PREP_TERM, 1);
    el_set(editor_, EL_REFRESH);
  }

  unsigned char CompleteLine() {
    // More input right after a TAB: text with tabs was pasted.
    if (HasInput(0)) {
      el_insertstr(editor_, "\t");
      return CC_REFRESH;
    }
    const LineInfo* info = el_line(editor_);
    const std::string before(info->buffer, info->cursor);
    const Completion completion = completer_(before);
    const std::vector<Candidate>& candidates = completion.candidates;
    if (candidates.empty()) return CC_REFRESH_BEEP;
    const std::string typed = before.substr(before.size() - completion.replaced);
    const bool only_one = candidates.size() == 1;
    const std::string common = CommonBeginning(candidates);
    if (!only_one && common.size() <= typed.size()) {
      Put(Listed(candidates, SizeOf(stdout).columns));
      return CC_REDISPLAY;
    }
    el_deletestr(editor_, static_cast<int>(CharactersIn(typed)));
    el_insertstr(editor_, (only_one ? common + candidates[0].closing : common).c_str());
    return CC_REFRESH;
  }

  const LineCompleter completer_;
  const std::function<uint64_t()> background_lines_;
  uint64_t lines_seen_ = 0;
  bool redraw_ = false;  // no byte was read: others have written
  EditLine* editor_ = nullptr;
  History* history_ = nullptr;
  std::string prompt_;
  bool interrupted_ = false;
};

LineEditor::LineEditor(LineCompleter completer, std::function<uint64_t()> background_lines) {
  if (IsTerminal(stdin) && ObeysEscapes(stdout)) {
    editing_ = std::make_unique<Editing>(std::move(completer), std::move(background_lines));
    if (!editing_->valid()) editing_.reset();
  }
}
LineEditor::~LineEditor() = default;

InputKind LineEditor::Read(const std::string& prompt, std::string_view color, std::string* line) {
  if (editing_ != nullptr) return editing_->Read(prompt, color, line);
  Put(prompt);
  for (;;) {
    if (const size_t end = unread_.find('\n'); end != std::string::npos) {
      line->assign(unread_, 0, end);
      unread_.erase(0, end + 1);
      if (line->ends_with('\r')) line->pop_back();
      return InputKind::kLine;
    }
    if (SignalsSeen() > 0) {
      unread_.clear();
      Put("\n");
      return InputKind::kInterrupted;
    }
    if (!HasInput(kLookAgainMs)) continue;
    char block[4096];
    const ssize_t got = ::read(STDIN_FILENO, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      Put("\n");
      return InputKind::kEnd;
    }
    unread_.append(block, static_cast<size_t>(got));
  }
}

void LineEditor::Remember(const std::string& entry) {
  if (editing_ != nullptr) editing_->Remember(entry);
}

}  // namespace millrace
