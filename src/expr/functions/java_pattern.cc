#include "expr/functions/java_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>

#include "base/ascii.h"
#include "base/encode.h"
#include "base/utf8.h"
#include "expr/functions/character_set.h"

namespace millrace {
namespace {

constexpr size_t kNestingMax = 200;
constexpr uint32_t kCodePointMax = 0x10ffff;

// A place where a word begins or ends: letters and digits of all scripts count, unlike in \w.
constexpr std::string_view kWordBoundary =
    "(?:(?<=[\\p{L}\\p{Nd}_])(?![\\p{L}\\p{Nd}_])|(?<![\\p{L}\\p{Nd}_])(?=[\\p{L}\\p{Nd}_]))";
constexpr std::string_view kNoWordBoundary =
    "(?:(?<=[\\p{L}\\p{Nd}_])(?=[\\p{L}\\p{Nd}_])|(?<![\\p{L}\\p{Nd}_])(?![\\p{L}\\p{Nd}_]))";

struct Flags {
  bool ignore_case = false;   // i
  bool unicode_case = false;  // u
  bool multi_line = false;    // m
  bool dot_all = false;       // s
  bool comments = false;      // x
  // Only with both flags is PCRE2's i the same; for ASCII letters both cases are written.
  bool ascii_case() const { return ignore_case && !unicode_case; }
  bool pcre_case() const { return ignore_case && unicode_case; }
};

// Reads the pattern once from left to right. After a problem nothing more is read.
class Translator final {
 public:
  explicit Translator(std::string_view text) : text_(text) {}

  JavaPattern Run() {
    result_.continues = text_.starts_with("\\G");
    if (result_.continues) {
      result_.pattern = "\\G";
      at_ = 2;
    }
    Alternatives(0);
    if (Failed()) result_.pattern.clear();
    return std::move(result_);
  }

 private:
  bool AtEnd() const { return Failed() || at_ >= text_.size(); }
  bool Failed() const { return result_.kind != JavaPattern::Kind::kValid; }
  bool At(std::string_view what) const { return !AtEnd() && text_.substr(at_).starts_with(what); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  bool Take(std::string_view what) {
    if (!At(what)) return false;
    at_ += what.size();
    return true;
  }
  void Invalid() {
    if (!Failed()) result_.kind = JavaPattern::Kind::kInvalid;
  }
  void NotSupported(std::string_view what) {
    if (Failed()) return;
    result_.kind = JavaPattern::Kind::kNotSupported;
    result_.problem = fmt::format("{} in a regular expression", what);
  }
  void Emit(std::string_view text) { result_.pattern += text; }

  void Alternatives(size_t depth);
  void Atom(char c, size_t depth);
  void Group(size_t depth);
  void InlineFlags(const Flags& outer, size_t depth);
  void Quantifier();
  void EmitLiteral(uint32_t code);
  void Escape();
  void BackReference(char digit);
  void Quoted();
  void SkipComments();

  uint32_t TakeCharacter();
  std::optional<uint32_t> TakeEscapedCharacter(char letter);
  std::optional<uint32_t> TakeHex(size_t digits);
  std::optional<uint32_t> TakeUnicodeEscape();
  CharacterSet Property(bool negated);
  CharacterSet Class(size_t depth);
  CharacterSet ClassItems(size_t depth);
  void ClassItem(CharacterSet* set);
  std::optional<uint32_t> ClassCharacter(CharacterSet* set);

  std::string_view text_;
  size_t at_ = 0;
  Flags flags_;
  int groups_ = 0;
  bool repeatable_ = false;  // a quantifier may follow
  JavaPattern result_;
};

void Translator::SkipComments() {
  while (flags_.comments && !AtEnd()) {
    if (std::string_view(" \t\n\v\f\r").find(Peek()) != std::string_view::npos) {
      ++at_;
    } else if (Peek() == '#') {
      at_ = std::min(text_.find_first_of("\n\r", at_), text_.size());
    } else {
      return;
    }
  }
}

void Translator::Alternatives(size_t depth) {
  if (depth > kNestingMax) return NotSupported("nesting that deep");
  repeatable_ = false;
  for (SkipComments(); !AtEnd(); SkipComments()) {
    const char c = Peek();
    if (c == ')') {
      if (depth == 0) Invalid();
      return;
    }
    if (c == '|') {
      if (depth == 0 && result_.continues) return NotSupported("\\G before |");
      ++at_;
      Emit("|");
      repeatable_ = false;
    } else if (c == '*' || c == '+' || c == '?' || c == '{') {
      Quantifier();
    } else {
      Atom(c, depth);
    }
  }
  if (depth > 0) Invalid();
}

void Translator::Atom(char c, size_t depth) {
  if (c == '(') return Group(depth);
  if (c == '\\') {
    ++at_;
    return Escape();
  }
  repeatable_ = true;
  if (c == '[') {
    ++at_;
    return Emit(Class(depth + 1).ToPattern());
  }
  if (c == '^' || c == '$' || c == '.') {
    ++at_;
    return Emit({&c, 1});
  }
  EmitLiteral(TakeCharacter());
}

void Translator::Quantifier() {
  if (!repeatable_) return Invalid();
  repeatable_ = false;
  const size_t begin = at_++;
  if (text_[begin] == '{') {
    const auto digits = [&] {
      const size_t first = at_;
      while (IsDigit(Peek())) ++at_;
      return at_ > first;
    };
    if (!digits()) return Invalid();
    if (Take(",")) digits();
    if (!Take("}")) return Invalid();
  }
  if (Peek() == '?' || Peek() == '+') ++at_;
  Emit(text_.substr(begin, at_ - begin));
}

void Translator::Group(size_t depth) {
  const Flags outer = flags_;
  ++at_;
  if (!Take("?")) {
    Emit("(");
    ++groups_;
  } else if (Take("<=") || Take("<!") || Take(":") || Take("=") || Take("!") || Take(">")) {
    const size_t size = text_[at_ - 2] == '<' ? 2 : 1;
    Emit("(?");
    Emit(text_.substr(at_ - size, size));
  } else if (Take("<")) {
    const size_t begin = at_;
    while (IsLetterOrDigit(Peek())) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (name.empty() || !IsLetter(name[0]) || !Take(">")) return Invalid();
    Emit(fmt::format("(?<{}>", name));
    ++groups_;
  } else {
    return InlineFlags(outer, depth);
  }
  Alternatives(depth + 1);
  if (!Take(")")) return Invalid();
  Emit(")");
  flags_ = outer;
  repeatable_ = true;
}

// "(?i)" up to the end of the group around it, or "(?i: ... )".
void Translator::InlineFlags(const Flags& outer, size_t depth) {
  bool on = true;
  for (; !AtEnd() && Peek() != ')' && Peek() != ':'; ++at_) {
    switch (Peek()) {
      case '-':
        if (!on) return Invalid();
        on = false;
        break;
      case 'i':
        flags_.ignore_case = on;
        break;
      case 'u':
        flags_.unicode_case = on;
        break;
      case 'm':
        flags_.multi_line = on;
        break;
      case 's':
        flags_.dot_all = on;
        break;
      case 'x':
        flags_.comments = on;
        break;
      case 'd':
      case 'U':
        return NotSupported(fmt::format("the flag {}", Peek()));
      default:
        return Invalid();
    }
  }
  if (AtEnd()) return Invalid();
  const bool group = Peek() == ':';
  ++at_;
  std::string set;
  std::string cleared;
  const auto put = [&](bool is, char letter) { (is ? set : cleared) += letter; };
  put(flags_.pcre_case(), 'i');
  put(flags_.multi_line, 'm');
  put(flags_.dot_all, 's');
  Emit(fmt::format("(?{}{}{}", set, cleared.empty() ? "" : "-" + cleared, group ? ":" : ")"));
  repeatable_ = false;
  if (!group) return;
  Alternatives(depth + 1);
  if (!Take(")")) return Invalid();
  Emit(")");
  flags_ = outer;
  repeatable_ = true;
}

void Translator::EmitLiteral(uint32_t code) {
  if (Failed()) return;
  const bool letter = code < 0x80 && IsLetter(static_cast<char>(code));
  if (!letter || !flags_.ascii_case()) return AppendLiteral(code, &result_.pattern);
  CharacterSet both;
  both.AddRange(code, code, true);
  Emit(both.ToPattern());
}

uint32_t Translator::TakeCharacter() {
  if (AtEnd()) return 0;
  size_t length = 0;
  const uint32_t code = CodePointOrByte(text_, at_, &length);
  at_ += length;
  return code;
}

std::optional<uint32_t> Translator::TakeHex(size_t digits) {
  uint32_t value = 0;
  for (size_t i = 0; i < digits; ++i) {
    const int digit = HexValue(Peek());
    if (AtEnd() || digit < 0) return std::nullopt;
    value = value * 16 + static_cast<uint32_t>(digit);
    ++at_;
  }
  return value;
}

// What follows "\u"; two of them may be the halves of one character.
std::optional<uint32_t> Translator::TakeUnicodeEscape() {
  constexpr size_t kDigits = 4;
  const std::optional<uint32_t> code = TakeHex(kDigits);
  if (!code || (!IsHighSurrogate(*code) && !IsLowSurrogate(*code))) return code;
  if (IsHighSurrogate(*code) && Take("\\u")) {
    const std::optional<uint32_t> low = TakeHex(kDigits);
    if (!low) return std::nullopt;
    if (IsLowSurrogate(*low)) return JoinSurrogates(*code, *low);
  }
  NotSupported("half of a character (\\ud800 to \\udfff)");
  return 0;
}

// The character that a letter after a backslash stands for; nothing if it is none.
std::optional<uint32_t> Translator::TakeEscapedCharacter(char letter) {
  switch (letter) {
    case '0': {
      constexpr size_t kDigitsMax = 3;
      uint32_t value = 0;
      size_t count = 0;
      for (; count < kDigitsMax && Peek() >= '0' && Peek() <= '7' && value < 0x20; ++count) {
        value = value * 8 + static_cast<uint32_t>(text_[at_++] - '0');
      }
      return count == 0 ? std::nullopt : std::optional(value);
    }
    case 'u':
      return TakeUnicodeEscape();
    case 'x': {
      if (!Take("{")) return TakeHex(2);
      const size_t end = text_.find('}', at_);
      constexpr size_t kDigitsMax = 8;
      if (end == text_.npos || end == at_ || end - at_ > kDigitsMax) return std::nullopt;
      const std::optional<uint32_t> code = TakeHex(end - at_);
      if (!code || !Take("}") || *code > kCodePointMax) return std::nullopt;
      return code;
    }
    case 'c':
      return AtEnd() ? std::nullopt : std::optional(TakeCharacter() ^ 64);
    case 'a':
      return 0x07;
    case 'e':
      return 0x1b;
    case 'f':
      return 0x0c;
    case 'n':
      return 0x0a;
    case 'r':
      return 0x0d;
    case 't':
      return 0x09;
    default:
      return std::nullopt;
  }
}

// \p{name} or \pL; the p is read.
CharacterSet Translator::Property(bool negated) {
  std::string_view name;
  if (Take("{")) {
    const size_t end = std::min(text_.find('}', at_), text_.size());
    name = text_.substr(at_, end - at_);
    at_ = end;
    if (!Take("}")) Invalid();
  } else {
    if (AtEnd()) Invalid();
    name = text_.substr(at_, 1);
    at_ += name.size();
  }
  std::optional<CharacterSet> set = CharacterSet::Named(name, flags_.ignore_case);
  if (!set) {
    NotSupported(fmt::format("\\p{{{}}}", name));
    return CharacterSet();
  }
  if (negated) set->Negate();
  return *set;
}

// After a backslash, outside of brackets.
void Translator::Escape() {
  if (AtEnd()) return Invalid();
  repeatable_ = true;
  const char c = Peek();
  if (!IsLetterOrDigit(c)) return EmitLiteral(TakeCharacter());
  ++at_;
  if (std::string_view("dDwWsShHvVRXAZz").find(c) != std::string_view::npos) {
    return Emit(text_.substr(at_ - 2, 2));
  }
  if (c >= '1' && c <= '9') return BackReference(c);
  switch (c) {
    case 'b':
      return At("{") ? NotSupported("\\b{") : Emit(kWordBoundary);
    case 'B':
      return Emit(kNoWordBoundary);
    case 'p':
    case 'P':
      return Emit(Property(c == 'P').ToPattern());
    case 'Q':
      return Quoted();
    case 'G':
      return NotSupported("\\G after the beginning");
    case 'N':
      return NotSupported("\\N");
    case 'k': {
      const size_t end = text_.find('>', at_);
      if (!At("<") || end == text_.npos) return Invalid();
      if (flags_.ignore_case) return NotSupported("a reference to a group without regard to case");
      Emit("\\k");
      Emit(text_.substr(at_, end + 1 - at_));
      at_ = end + 1;
      return;
    }
    default:
      break;
  }
  const std::optional<uint32_t> code = TakeEscapedCharacter(c);
  return code ? EmitLiteral(*code) : Invalid();
}

// More digits belong to it as long as there is such a group. One without a group never matches.
void Translator::BackReference(char digit) {
  int number = digit - '0';
  while (IsDigit(Peek()) && number * 10 + (Peek() - '0') <= groups_) {
    number = number * 10 + (text_[at_++] - '0');
  }
  if (flags_.ignore_case) return NotSupported("a reference to a group without regard to case");
  Emit(number > groups_ ? "(?!)" : fmt::format("\\g{{{}}}", number));
}

void Translator::Quoted() {
  repeatable_ = false;
  while (!AtEnd() && !Take("\\E")) {
    EmitLiteral(TakeCharacter());
    repeatable_ = true;
  }
}

// After the opening bracket, up to and with the closing one.
CharacterSet Translator::Class(size_t depth) {
  if (depth > kNestingMax) NotSupported("nesting that deep");
  const bool negated = Take("^");
  CharacterSet set = ClassItems(depth);
  if (!Take("]")) Invalid();
  if (negated) set.Negate();
  return set;
}

// Up to the closing bracket. What is after && is one set with all that follows.
CharacterSet Translator::ClassItems(size_t depth) {
  CharacterSet set;
  bool any = false;
  for (SkipComments(); !AtEnd() && (Peek() != ']' || !any); SkipComments()) {
    if (Take("&&")) {
      if (!any) Invalid();
      if (At("]") || At("&&")) NotSupported("&& without a second set");
      const bool nested = At("[");
      const size_t begin = at_;
      const CharacterSet other = ClassItems(depth + 1);
      // Java forgets a set in brackets before other characters there.
      if (nested && text_[at_ - 1] != ']' && at_ > begin) NotSupported("[ ] before more after &&");
      set.Intersect(other);
      break;
    }
    if (Take("[")) {
      set.Add(Class(depth + 1));
    } else {
      ClassItem(&set);
    }
    any = true;
  }
  return set;
}

// A character, a range, or an escape for several characters.
void Translator::ClassItem(CharacterSet* set) {
  const std::optional<uint32_t> first = ClassCharacter(set);
  if (!first) return;
  const bool range = At("-") && at_ + 1 < text_.size() && text_[at_ + 1] != ']' &&
                     text_[at_ + 1] != '[' && !At("-&&");
  if (!range) return set->AddRange(*first, *first, flags_.ascii_case());
  ++at_;
  const std::optional<uint32_t> last = ClassCharacter(set);
  if (!last || *last < *first) return Invalid();
  set->AddRange(*first, *last, flags_.ascii_case());
}

// Nothing if it was an escape for several characters, which were added.
std::optional<uint32_t> Translator::ClassCharacter(CharacterSet* set) {
  if (!Take("\\")) return TakeCharacter();
  if (AtEnd()) {
    Invalid();
    return std::nullopt;
  }
  const char c = Peek();
  if (!IsLetterOrDigit(c)) return TakeCharacter();
  ++at_;
  if (std::string_view("dDwWsShHvV").find(c) != std::string_view::npos) {
    set->AddItems(text_.substr(at_ - 2, 2));
    return std::nullopt;
  }
  if (c == 'p' || c == 'P') {
    set->Add(Property(c == 'P'));
    return std::nullopt;
  }
  if (c == 'Q') {
    while (!AtEnd() && !Take("\\E")) {
      const uint32_t code = TakeCharacter();
      set->AddRange(code, code, flags_.ascii_case());
    }
    return std::nullopt;
  }
  if (c == 'N') NotSupported("\\N");
  const std::optional<uint32_t> code = TakeEscapedCharacter(c);
  if (!code) Invalid();
  return code;
}

}  // namespace

JavaPattern TranslateJavaPattern(std::string_view pattern) { return Translator(pattern).Run(); }

}  // namespace millrace
