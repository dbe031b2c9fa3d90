#include "expr/functions/character_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/ascii.h"
#include "base/utf8.h"

namespace millrace {
namespace {

struct NamedItems {
  std::string_view name;
  std::string_view items;
};

// ASCII only.
constexpr std::array<NamedItems, 13> kPosix = {{{"Lower", "a-z"},
                                                {"Upper", "A-Z"},
                                                {"ASCII", "\\x00-\\x7f"},
                                                {"Alpha", "a-zA-Z"},
                                                {"Digit", "0-9"},
                                                {"Alnum", "a-zA-Z0-9"},
                                                {"Punct", "!-\\/\\:-@\\[-`\\{-~"},
                                                {"Graph", "!-~"},
                                                {"Print", "\\x20-~"},
                                                {"Blank", "\\x20\\t"},
                                                {"Cntrl", "\\x00-\\x1f\\x7f"},
                                                {"XDigit", "0-9a-fA-F"},
                                                {"Space", "\\x20\\t-\\r"}}};

// Methods of java.lang.Character.
constexpr std::array<NamedItems, 14> kJava = {
    {{"javaLowerCase", "\\p{Lowercase}"},
     {"javaUpperCase", "\\p{Uppercase}"},
     {"javaTitleCase", "\\p{Lt}"},
     {"javaAlphabetic", "\\p{Alphabetic}"},
     {"javaIdeographic", "\\p{Ideographic}"},
     {"javaDigit", "\\p{Nd}"},
     {"javaDefined", "\\P{Cn}"},
     {"javaLetter", "\\p{L}"},
     {"javaLetterOrDigit", "\\p{L}\\p{Nd}"},
     {"javaSpaceChar", "\\p{Z}"},
     {"javaWhitespace",
      "\\t-\\r\\x1c-\\x20\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\\x{2028}\\x{2029}\\x{205f}"
      "\\x{3000}"},
     {"javaISOControl", "\\x00-\\x1f\\x7f-\\x{9f}"},
     {"javaMirrored", "\\p{Bidi_Mirrored}"},
     {"javaSurrogate", "\\p{Cs}"}}};

// After "Is": properties of characters; other names are scripts or categories.
constexpr std::array<NamedItems, 14> kProperties = {{{"ALPHABETIC", "\\p{Alphabetic}"},
                                                     {"IDEOGRAPHIC", "\\p{Ideographic}"},
                                                     {"LETTER", "\\p{L}"},
                                                     {"LOWERCASE", "\\p{Lowercase}"},
                                                     {"UPPERCASE", "\\p{Uppercase}"},
                                                     {"TITLECASE", "\\p{Lt}"},
                                                     {"PUNCTUATION", "\\p{P}"},
                                                     {"CONTROL", "\\p{Cc}"},
                                                     {"WHITE_SPACE", "\\p{White_Space}"},
                                                     {"WHITESPACE", "\\p{White_Space}"},
                                                     {"DIGIT", "\\p{Nd}"},
                                                     {"HEX_DIGIT", "\\p{Hex_Digit}"},
                                                     {"JOIN_CONTROL", "\\p{Join_Control}"},
                                                     {"ASSIGNED", "\\P{Cn}"}}};

// After "In": blocks, their names in upper case without blanks and hyphens.
constexpr std::array<NamedItems, 20> kBlocks = {{{"BASICLATIN", "\\x00-\\x7f"},
                                                 {"LATIN1SUPPLEMENT", "\\x{80}-\\x{ff}"},
                                                 {"LATINEXTENDEDA", "\\x{100}-\\x{17f}"},
                                                 {"LATINEXTENDEDB", "\\x{180}-\\x{24f}"},
                                                 {"GREEK", "\\x{370}-\\x{3ff}"},
                                                 {"GREEKANDCOPTIC", "\\x{370}-\\x{3ff}"},
                                                 {"CYRILLIC", "\\x{400}-\\x{4ff}"},
                                                 {"ARMENIAN", "\\x{530}-\\x{58f}"},
                                                 {"HEBREW", "\\x{590}-\\x{5ff}"},
                                                 {"ARABIC", "\\x{600}-\\x{6ff}"},
                                                 {"DEVANAGARI", "\\x{900}-\\x{97f}"},
                                                 {"THAI", "\\x{e00}-\\x{e7f}"},
                                                 {"GENERALPUNCTUATION", "\\x{2000}-\\x{206f}"},
                                                 {"CURRENCYSYMBOLS", "\\x{20a0}-\\x{20cf}"},
                                                 {"ARROWS", "\\x{2190}-\\x{21ff}"},
                                                 {"HIRAGANA", "\\x{3040}-\\x{309f}"},
                                                 {"KATAKANA", "\\x{30a0}-\\x{30ff}"},
                                                 {"CJKUNIFIEDIDEOGRAPHS", "\\x{4e00}-\\x{9fff}"},
                                                 {"HANGULSYLLABLES", "\\x{ac00}-\\x{d7af}"},
                                                 {"EMOTICONS", "\\x{1f600}-\\x{1f64f}"}}};

template <size_t size>
std::optional<CharacterSet> FindIn(const std::array<NamedItems, size>& names,
                                   std::string_view name) {
  for (const NamedItems& known : names) {
    if (known.name == name) return CharacterSet(std::string(known.items));
  }
  return std::nullopt;
}

std::optional<CharacterSet> Category(std::string_view name, bool ignore_case) {
  constexpr std::string_view kMajor = "LMNZCPS";
  constexpr std::string_view kMinor = "ultmonecdsplfik";
  if (name == "LC") return CharacterSet("\\p{L&}");
  if (name == "LD") return CharacterSet("\\p{L}\\p{Nd}");
  if (name == "L1") return CharacterSet("\\x00-\\x{ff}");
  if (name == "all") return CharacterSet("\\x00-\\x{10ffff}");
  const bool minor = name.size() == 2 && kMinor.find(name[1]) != kMinor.npos;
  const bool sized = name.size() == 1 || minor;
  if (!sized || kMajor.find(name[0]) == kMajor.npos) return std::nullopt;
  if (ignore_case && IsOneOf(name, {"Lu", "Ll", "Lt"})) return CharacterSet("\\p{L&}");
  return CharacterSet(fmt::format("\\p{{{}}}", name));
}

std::optional<CharacterSet> Block(std::string_view name) {
  std::string plain;
  for (const char c : ToUpper(name)) {
    if (IsLetterOrDigit(c)) plain += c;
  }
  return FindIn(kBlocks, plain);
}

std::optional<CharacterSet> Script(std::string_view name) {
  const auto is_part = [](char c) { return IsLetter(c) || c == '_'; };
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_part)) return std::nullopt;
  return CharacterSet(fmt::format("\\p{{sc:{}}}", name));
}

// "script=Greek", "blk=Greek", "gc=Lu".
std::optional<CharacterSet> WithKey(std::string_view key, std::string_view value,
                                    bool ignore_case) {
  const std::string name = ToLower(key);
  if (IsOneOf(name, {"sc", "script"})) return Script(value);
  if (IsOneOf(name, {"blk", "block"})) return Block(value);
  if (IsOneOf(name, {"gc", "general_category"})) return Category(value, ignore_case);
  return std::nullopt;
}

}  // namespace

void AppendLiteral(uint32_t code, std::string* out) {
  if (code >= 0x80) {
    AppendUtf8(code, out);
  } else if (IsLetterOrDigit(static_cast<char>(code))) {
    *out += static_cast<char>(code);
  } else if (code > 0x20 && code < 0x7f) {
    *out += '\\';
    *out += static_cast<char>(code);
  } else {
    fmt::format_to(std::back_inserter(*out), "\\x{:02x}", code);
  }
}

std::optional<CharacterSet> CharacterSet::Named(std::string_view name, bool ignore_case) {
  if (const size_t equal = name.find('='); equal != name.npos) {
    return WithKey(name.substr(0, equal), name.substr(equal + 1), ignore_case);
  }
  if (ignore_case && IsOneOf(name, {"Lower", "Upper"})) name = "Alpha";
  if (ignore_case && IsOneOf(name, {"javaLowerCase", "javaUpperCase", "javaTitleCase"})) {
    return CharacterSet("\\p{Lowercase}\\p{Uppercase}\\p{Lt}");
  }
  if (auto posix = FindIn(kPosix, name)) return posix;
  if (auto java = FindIn(kJava, name)) return java;
  if (auto category = Category(name, ignore_case)) return category;
  if (name.starts_with("In")) return Block(name.substr(2));
  if (!name.starts_with("Is")) return std::nullopt;
  name.remove_prefix(2);
  const std::string property = ToUpper(name);
  if (ignore_case && IsOneOf(property, {"LOWERCASE", "UPPERCASE", "TITLECASE"})) {
    return CharacterSet("\\p{Lowercase}\\p{Uppercase}\\p{Lt}");
  }
  if (auto known = FindIn(kProperties, property)) return known;
  if (auto category = Category(name, ignore_case)) return category;
  return Script(name);
}

void CharacterSet::AddRange(uint32_t first, uint32_t last, bool ignore_case) {
  const auto add = [&](uint32_t from, uint32_t to) {
    AppendLiteral(from, &items_);
    if (to == from) return;
    items_ += '-';
    AppendLiteral(to, &items_);
  };
  add(first, last);
  if (!ignore_case) return;
  constexpr uint32_t kBetweenCases = 'a' - 'A';
  const uint32_t lower_first = std::max<uint32_t>(first, 'a');
  const uint32_t lower_last = std::min<uint32_t>(last, 'z');
  if (lower_first <= lower_last) add(lower_first - kBetweenCases, lower_last - kBetweenCases);
  const uint32_t upper_first = std::max<uint32_t>(first, 'A');
  const uint32_t upper_last = std::min<uint32_t>(last, 'Z');
  if (upper_first <= upper_last) add(upper_first + kBetweenCases, upper_last + kBetweenCases);
}

void CharacterSet::Add(const CharacterSet& other) {
  if (other.negated_) {
    others_.push_back(other.ToPattern());
    return;
  }
  items_ += other.items_;
  others_.insert(others_.end(), other.others_.begin(), other.others_.end());
}

void CharacterSet::Intersect(const CharacterSet& other) {
  std::string both = fmt::format("(?:(?={}){})", ToPattern(), other.ToPattern());
  items_.clear();
  negated_ = false;
  others_ = {std::move(both)};
}

std::string CharacterSet::ToPattern() const {
  if (others_.empty() && items_.empty()) return negated_ ? "(?s:.)" : "(?!)";
  if (others_.empty()) return fmt::format("[{}{}]", negated_ ? "^" : "", items_);
  std::string any = items_.empty() ? "" : fmt::format("[{}]|", items_);
  any += fmt::format("{}", fmt::join(others_, "|"));
  return negated_ ? fmt::format("(?:(?!{})(?s:.))", any) : fmt::format("(?:{})", any);
}

}  // namespace millrace
