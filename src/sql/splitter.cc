#include "sql/splitter.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"

namespace millrace::sql {
namespace {

bool IsWordByte(char c) {
  return IsLetterOrDigit(c) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

constexpr size_t kWordBytesMax = 16;  // longer than any word that matters here
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Reads a script token by token, only as precisely as needed to know where statements end.
class Scanner final {
 public:
  explicit Scanner(std::string_view script) : script_(script) {
    if (script.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  Pieces Run() {
    while (at_ < script_.size()) Step();
    if (begun_) Finish();
    pieces_.complete = !begun_ && !inside_comment_;
    return std::move(pieces_);
  }

 private:
  void Step() {
    const char c = script_[at_];
    if (IsBlank(c)) {
      ++at_;
    } else if (StartsLineComment()) {
      at_ = std::min(script_.find('\n', at_), script_.size());
    } else if (Peek("/*") && !Peek("/*+")) {
      const size_t end = script_.find("*/", at_ + 2);
      inside_comment_ = end == std::string_view::npos;
      if (inside_comment_) Begin();  // the parser will say that it is not closed
      at_ = inside_comment_ ? script_.size() : end + 2;
    } else if (c == ';' && set_depth_ == 0) {
      if (begun_) Finish();
      begun_ = false;
      pieces_.rest = ++at_;
    } else {
      Begin();
      if (c == '\'' || c == '`') {
        SkipQuoted(c);
        words_before_ = {};
      } else if (IsWordByte(c)) {
        TakeWord();
      } else {
        ++at_;
        words_before_ = {};
      }
      end_ = at_;
    }
  }

  bool Peek(std::string_view text) const { return script_.substr(at_).starts_with(text); }

  // "//" opens a comment, but not in "file:///checkpoints".
  bool StartsLineComment() const {
    return Peek("--") || (Peek("//") && (at_ == 0 || script_[at_ - 1] != ':') &&
                          !(at_ > 0 && script_[at_ - 1] == '/'));
  }

  void Begin() {
    if (begun_) return;
    begun_ = true;
    begin_ = end_ = at_;
    words_before_ = {};
    set_depth_ = 0;
  }

  void Finish() { pieces_.statements.push_back({begin_, inside_comment_ ? script_.size() : end_}); }

  // A doubled quote inside is harmless here: it ends one string and starts the next.
  void SkipQuoted(char quote) {
    const size_t end = script_.find(quote, at_ + 1);
    at_ = end == std::string_view::npos ? script_.size() : end + 1;
  }

  // The string of E'...', in which a backslash escapes a quote.
  void SkipEscaped() {
    ++at_;
    while (at_ < script_.size() && (script_[at_] != '\'' || Peek("''"))) {
      at_ += script_[at_] == '\\' || script_[at_] == '\'' ? 2 : 1;
    }
    at_ = std::min(at_ + 1, script_.size());
  }

  // [EXECUTE | EXPLAIN | COMPILE PLAN ...] STATEMENT SET BEGIN ... END contains semicolons, and
  // possibly CASE ... END. BEGIN STATEMENT SET and END are ordinary statements.
  void TakeWord() {
    const size_t from = at_;
    while (at_ < script_.size() && IsWordByte(script_[at_])) ++at_;
    const std::string word = ToUpper(script_.substr(from, std::min(at_ - from, kWordBytesMax)));
    const bool opens_set = words_before_[0] == "STATEMENT" && words_before_[1] == "SET";
    if (word == "BEGIN" && opens_set) {
      ++set_depth_;
    } else if (word == "CASE" && set_depth_ > 0) {
      ++set_depth_;
    } else if (word == "END" && set_depth_ > 0) {
      --set_depth_;
    }
    words_before_ = {words_before_[1], word};
    if (word == "E" && at_ < script_.size() && script_[at_] == '\'') SkipEscaped();
    if (word == "U" && Peek("&\"")) {
      ++at_;
      SkipQuoted('"');
    }
  }

  std::string_view script_;
  size_t at_ = 0;
  bool begun_ = false;
  bool inside_comment_ = false;
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t set_depth_ = 0;
  std::array<std::string, 2> words_before_;  // with only spaces and comments between them
  Pieces pieces_;
};

}  // namespace

Pieces Split(std::string_view script) { return Scanner(script).Run(); }

}  // namespace millrace::sql
