// Functions of text. Positions and lengths count code points.
#include <algorithm>
#include <random>

#include "base/utf8.h"
#include "expr/functions/text_helpers.h"
#include "expr/resolve.h"

namespace millrace {
namespace {

// A result longer than this is a mistake, not a value.
constexpr int64_t kResultBytesMax = 256 * 1024 * 1024;

Status TooLong() { return Status::Permanent("the result would be longer than 256 MiB"); }

Status PutText(Cell* out, std::string_view text) {
  *out = Cell::Text(text);
  return Status::Ok();
}
Status PutNull(Cell* out) {
  *out = Cell::Null();
  return Status::Ok();
}

template <bool left>
Status Pad(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  const int64_t length = call.Integer(1);
  const std::string_view padding = call.Text(2);
  if (length < 0 || padding.empty()) return PutNull(out);
  const std::string_view kept = Substring(text, 1, length);
  int64_t missing = length - CountCharacters(kept);
  if (missing == 0) return PutText(out, kept);
  constexpr int64_t kCharacterBytesMax = 4;
  if (missing > kResultBytesMax / kCharacterBytesMax) return TooLong();
  Joiner joiner(call.arena, "");
  if (!left) joiner.Add(kept);
  const int64_t padding_length = CountCharacters(padding);
  for (; missing >= padding_length; missing -= padding_length) joiner.Add(padding);
  joiner.Add(Substring(padding, 1, missing));
  if (left) joiner.Add(kept);
  return PutText(out, joiner.Finish());
}

Status Reverse(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  char* target = call.arena->Allocate(text.size());
  char* at = target + text.size();
  for (size_t from = 0; from < text.size();) {
    const size_t length = std::min(Utf8Length(text, from), text.size() - from);
    at -= length;
    text.copy(at, length, from);
    from += length;
  }
  return PutText(out, {target, text.size()});
}

Status Repeat(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  const int64_t times = std::max<int64_t>(call.Integer(1), 0);
  if (text.empty() || times == 0) return PutText(out, "");
  if (times > kResultBytesMax / static_cast<int64_t>(text.size())) return TooLong();
  const size_t size = text.size() * static_cast<size_t>(times);
  char* target = call.arena->Allocate(size);
  for (size_t at = 0; at < size; at += text.size()) text.copy(target + at, text.size());
  return PutText(out, {target, size});
}

bool IsWordCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

Status InitCap(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  Joiner joiner(call.arena, "");
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && !IsWordCharacter(text[end])) ++end;
    joiner.Add(text.substr(at, end - at));
    at = end;
    while (end < text.size() && IsWordCharacter(text[end])) ++end;
    if (end == at) break;
    const size_t first = std::min(Utf8Length(text, at), end - at);
    joiner.Add(ChangeCase(text.substr(at, first), true, call.arena));
    joiner.Add(ChangeCase(text.substr(at + first, end - at - first), false, call.arena));
    at = end;
  }
  return PutText(out, joiner.Finish());
}

// As Flink has it: a start outside the text changes nothing, and a length that reaches beyond the
// end or is not positive drops the rest.
Status Overlay(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  const std::string_view put = call.Text(1);
  const int64_t start = call.Integer(2);
  const int64_t length = call.count() > 3 ? call.Integer(3) : CountCharacters(put);
  const int64_t size = CountCharacters(text);
  if (start <= 0 || start > size) return PutText(out, text);
  Joiner joiner(call.arena, "");
  joiner.Add(Substring(text, 1, start - 1));
  joiner.Add(put);
  if (length > 0 && length <= size - start) {
    joiner.Add(Substring(text, start + length, INT64_MAX));
  }
  return PutText(out, joiner.Finish());
}

// 1-based place of `wanted` in `text` from character `from` on; 0 if it is not there.
int64_t Find(std::string_view text, std::string_view wanted, int64_t from) {
  if (wanted.empty()) return 1;
  size_t start = 0;
  for (int64_t i = 1; i < from && start < text.size(); ++i) start += Utf8Length(text, start);
  if (start >= text.size()) return 0;
  const size_t at = text.find(wanted, start);
  return at == text.npos ? 0 : CountCharacters(text.substr(0, at)) + 1;
}

Status Locate(const FunctionCall& call, Cell* out) {
  *out = Cell::Int(Find(call.Text(1), call.Text(0), call.count() > 2 ? call.Integer(2) : 1));
  return Status::Ok();
}

int64_t FindBackwards(std::string_view text, std::string_view wanted, int64_t from_end,
                      int64_t occurrence) {
  // The last place at which `wanted` can end: so many characters before the end.
  const std::string_view front = Substring(text, 1, CountCharacters(text) + 1 - from_end);
  size_t at = front.size() + 1;
  for (int64_t i = 0; i < occurrence; ++i) {
    if (at == 0) return 0;
    const size_t end = at - 1;
    if (end < wanted.size()) return 0;
    at = front.rfind(wanted, end - wanted.size());
    if (at == front.npos) return 0;
    at += wanted.size();  // the next one ends before the end of this one
  }
  return CountCharacters(front.substr(0, at - wanted.size())) + 1;
}

Status InStr(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  const std::string_view wanted = call.Text(1);
  const int64_t start = call.count() > 2 ? call.Integer(2) : 1;
  const int64_t occurrence = call.count() > 3 ? call.Integer(3) : 1;
  if (occurrence <= 0) {
    return Status::Permanent(fmt::format("the occurrence must be positive, not {}", occurrence));
  }
  int64_t found = 0;
  if (start > 0) {
    int64_t from = start;
    for (int64_t i = 0; i < occurrence; ++i) {
      found = Find(text, wanted, from);
      if (found == 0) break;
      from = found + 1;
    }
  } else if (start < 0) {
    found = FindBackwards(text, wanted, -std::max(start, -INT64_MAX), occurrence);
  }
  *out = Cell::Int(found);
  return Status::Ok();
}

Status Left(const FunctionCall& call, Cell* out) {
  return PutText(out, Substring(call.Text(0), 1, std::max<int64_t>(call.Integer(1), 0)));
}

Status Right(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  const int64_t length = std::max<int64_t>(call.Integer(1), 0);
  const int64_t size = CountCharacters(text);
  return PutText(out, length >= size ? text : Substring(text, size - length + 1, length));
}

Status SplitIndex(const FunctionCall& call, Cell* out) {
  std::string_view text = call.Text(0);
  int64_t index = call.Integer(2);
  if (index < 0 || text.empty()) return PutNull(out);
  const char code = static_cast<char>(call[1].i);
  std::string_view separator;
  if (call[1].kind == CellKind::kInt) {
    if (call[1].i < 1 || call[1].i > 255) return PutNull(out);
    separator = {&code, 1};
  } else {
    separator = call.Text(1);
  }
  for (;; --index) {
    // Nothing to split at means blanks.
    const size_t at = separator.empty() ? text.find_first_of(" \t\n\r\f\v") : text.find(separator);
    if (index == 0) return PutText(out, text.substr(0, at));
    if (at == text.npos) return PutNull(out);
    text.remove_prefix(at + std::max<size_t>(separator.size(), 1));
  }
}

Resolution SplitIndexType(Arguments arguments) {
  const Type& separator = arguments[1].type;
  if (!separator.is_text() && !separator.is_integer() && !IsNull(separator)) {
    return Complain(1, fmt::format("needs text or the number of a character, not {}",
                                   ToString(separator.Nullable())));
  }
  return Give(kStringType, true);
}

Status Ascii(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  *out = Cell::Int(text.empty() ? 0 : static_cast<signed char>(text[0]));
  return Status::Ok();
}

Status Chr(const FunctionCall& call, Cell* out) {
  if (call.Integer(0) < 0) return PutText(out, "");
  const auto code = static_cast<unsigned>(call.Integer(0) & 0xff);
  char* text = call.arena->Allocate(2);
  if (code < 0x80) {
    text[0] = static_cast<char>(code);
    return PutText(out, {text, 1});
  }
  text[0] = static_cast<char>(0xc0 | code >> 6);
  text[1] = static_cast<char>(0x80 | (code & 0x3f));
  return PutText(out, {text, 2});
}

Status Bin(const FunctionCall& call, Cell* out) {
  const auto value = static_cast<uint64_t>(call.Integer(0));
  const int digits = value == 0 ? 1 : 64 - __builtin_clzll(value);
  char* text = call.arena->Allocate(static_cast<size_t>(digits));
  for (int i = 0; i < digits; ++i) text[i] = (value >> (digits - 1 - i) & 1) != 0 ? '1' : '0';
  return PutText(out, {text, static_cast<size_t>(digits)});
}

struct Generator final : FunctionState {
  std::mt19937_64 next = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
};

// Version 4 of RFC 4122: random but for the digits of version and variant.
Status Uuid(const FunctionCall& call, Cell* out) {
  auto& generator = call.Keep<Generator>();
  const uint64_t high = (generator.next() & ~uint64_t{0xf000}) | 0x4000;
  const uint64_t low = (generator.next() >> 2) | uint64_t{1} << 63;
  constexpr size_t kLength = 36;
  char* text = call.arena->Allocate(kLength);
  fmt::format_to(text, "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff,
                 high & 0xffff, low >> 48, low & 0xffff'ffff'ffff);
  return PutText(out, {text, kLength});
}

// Character i of the second text becomes character i of the third, or goes if there is none.
Status Translate(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  const std::string_view from = call.Text(1);
  const std::string_view to = call.Text(2);
  Joiner joiner(call.arena, "");
  for (size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, Utf8Length(text, at));
    at += character.size();
    const size_t place = from.find(character);
    if (place == from.npos) {
      joiner.Add(character);
    } else {
      joiner.Add(Substring(to, CountCharacters(from.substr(0, place)) + 1, 1));
    }
  }
  return PutText(out, joiner.Finish());
}

template <bool at_start>
Status StartsOrEnds(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  const std::string_view part = call.Text(1);
  *out = Cell::Bool(at_start ? text.starts_with(part) : text.ends_with(part));
  return Status::Ok();
}

Resolution Starts(Arguments arguments) {
  const Type& a = arguments[0].type;
  const Type& b = arguments[1].type;
  if (!IsNull(a) && !IsNull(b) && a.is_text() != b.is_text()) {
    return Complain(1, "needs two texts or two BYTES");
  }
  return Give(kBooleanType, AnyNullable(arguments));
}

Resolution EltType(Arguments arguments) {
  const bool text = arguments[1].type.is_text() || IsNull(arguments[1].type);
  for (size_t i = 2; i < arguments.size(); ++i) {
    if (!IsNull(arguments[i].type) && arguments[i].type.is_text() != text) {
      return Complain(i, "needs all texts or all BYTES");
    }
  }
  return Give(text ? kStringType : kBytesType, true);
}

Status Elt(const FunctionCall& call, Cell* out) {
  const bool there = !call.is_null(0) && call.Integer(0) >= 1 &&
                     call.Integer(0) < static_cast<int64_t>(call.count());
  *out = there ? call[static_cast<size_t>(call.Integer(0))] : Cell::Null();
  return Status::Ok();
}

Resolution LikeType(Arguments arguments) {
  if (auto refused = RefuseEscape(arguments, 2)) return *refused;
  return Give(kBooleanType, AnyNullable(arguments));
}

Resolution ConcatWs(Arguments arguments) { return Give(kStringType, arguments[0].type.nullable); }

constexpr auto kText = Gives<kStringType>;
constexpr auto kMaybeText = MaybeGives<kStringType>;
constexpr auto kInt = Gives<kIntType>;
constexpr uint8_t kAny = Function::kVariadic;

constexpr Function kFunctions[] = {
    {"||", "STRING || STRING -> STRING", 2, 2, "t", kText, Op::kConcat, nullptr,
     "One text after the other; NULL if one is NULL."},
    {"CONCAT", "CONCAT(STRING, ...) -> STRING", 1, kAny, "t", kText, Op::kConcat, nullptr,
     "All texts in a row; NULL if one is NULL."},
    {"CONCAT_WS", "CONCAT_WS(STRING, STRING, ...) -> STRING", 2, kAny, "t", ConcatWs, Op::kConcatWs,
     nullptr, "All texts but NULLs, with the first argument between them."},
    {"LIKE", "STRING [NOT] LIKE STRING [ESCAPE STRING] -> BOOLEAN", 2, 3, "t", LikeType, Op::kLike,
     nullptr, "Matches a pattern of % (any text) and _ (one character)."},
    {"UPPER", "UPPER(STRING) -> STRING", 1, 1, "t", kText, Op::kUpper, nullptr, "In upper case."},
    {"LOWER", "LOWER(STRING) -> STRING", 1, 1, "t", kText, Op::kLower, nullptr, "In lower case."},
    {"TRIM", "TRIM([BOTH | LEADING | TRAILING] [STRING FROM] STRING) -> STRING", 1, 2, "t", kText,
     Op::kTrim, nullptr, "Without blanks, or the characters given, at both ends."},
    {"BTRIM", "BTRIM(STRING [, STRING]) -> STRING", 1, 2, "t", kText, Op::kTrim, nullptr,
     "Without blanks, or the characters given, at both ends."},
    {"LTRIM", "LTRIM(STRING [, STRING]) -> STRING", 1, 2, "t", kText, Op::kTrimLeft, nullptr,
     "Without blanks, or the characters given, at the front."},
    {"RTRIM", "RTRIM(STRING [, STRING]) -> STRING", 1, 2, "t", kText, Op::kTrimRight, nullptr,
     "Without blanks, or the characters given, at the end."},
    {"SUBSTRING", "SUBSTRING(STRING FROM INT [FOR INT]) -> STRING", 2, 3, "tii", kMaybeText,
     Op::kSubstring, nullptr,
     "From a position (1 is the first, -1 the last character), so many characters."},
    {"SUBSTR", "SUBSTR(STRING, INT [, INT]) -> STRING", 2, 3, "tii", kMaybeText, Op::kSubstring,
     nullptr, "From a position (1 is the first, -1 the last character), so many characters."},
    {"CHAR_LENGTH", "CHAR_LENGTH(STRING) -> INT", 1, 1, "t", kInt, Op::kCharLength, nullptr,
     "Number of characters."},
    {"CHARACTER_LENGTH", "CHARACTER_LENGTH(STRING) -> INT", 1, 1, "t", kInt, Op::kCharLength,
     nullptr, "Number of characters."},
    {"REPLACE", "REPLACE(STRING, STRING, STRING) -> STRING", 3, 3, "t", kText, Op::kReplace,
     nullptr, "Every second text in the first replaced by the third."},
    {"LPAD", "LPAD(STRING, INT, STRING) -> STRING", 3, 3, "tit", kMaybeText, Op::kCall, Pad<true>,
     "Filled up at the front, or cut, to so many characters; NULL for a negative length."},
    {"RPAD", "RPAD(STRING, INT, STRING) -> STRING", 3, 3, "tit", kMaybeText, Op::kCall, Pad<false>,
     "Filled up at the end, or cut, to so many characters; NULL for a negative length."},
    {"REVERSE", "REVERSE(STRING) -> STRING", 1, 1, "t", kText, Op::kCall, Reverse,
     "Last character first."},
    {"REPEAT", "REPEAT(STRING, INT) -> STRING", 2, 2, "ti", kText, Op::kCall, Repeat,
     "The text so many times."},
    {"INITCAP", "INITCAP(STRING) -> STRING", 1, 1, "t", kText, Op::kCall, InitCap,
     "Every word with its first letter in upper, the others in lower case."},
    {"OVERLAY", "OVERLAY(STRING PLACING STRING FROM INT [FOR INT]) -> STRING", 3, 4, "ttii", kText,
     Op::kCall, Overlay,
     "The second text over the first, from a position, instead of so many characters."},
    {"POSITION", "POSITION(STRING IN STRING [FROM INT]) -> INT", 2, 3, "tti", kInt, Op::kCall,
     Locate, "Where the first text is in the second, looking from a position on; 0 if nowhere."},
    {"LOCATE", "LOCATE(STRING, STRING [, INT]) -> INT", 2, 3, "tti", kInt, Op::kCall, Locate,
     "Where the first text is in the second, looking from a position on; 0 if nowhere."},
    {"INSTR", "INSTR(STRING, STRING [, INT [, INT]]) -> INT", 2, 4, "ttii", kInt, Op::kCall, InStr,
     "Where the second text is in the first, from a position (negative: backwards), which "
     "occurrence."},
    {"LEFT", "LEFT(STRING, INT) -> STRING", 2, 2, "ti", kText, Op::kCall, Left,
     "The first characters; none for a negative number."},
    {"RIGHT", "RIGHT(STRING, INT) -> STRING", 2, 2, "ti", kText, Op::kCall, Right,
     "The last characters; none for a negative number."},
    {"SPLIT_INDEX", "SPLIT_INDEX(STRING, STRING | INT, INT) -> STRING", 3, 3, "tei", SplitIndexType,
     Op::kCall, SplitIndex,
     "A part of the text cut at a separator, counted from 0; NULL if there is none."},
    {"ASCII", "ASCII(STRING) -> INT", 1, 1, "t", kInt, Op::kCall, Ascii,
     "The number of the first byte."},
    {"CHR", "CHR(INT) -> STRING", 1, 1, "i", kText, Op::kCall, Chr,
     "The character of a number from 0 to 255; of larger ones the last eight bits count."},
    {"BIN", "BIN(INT) -> STRING", 1, 1, "i", kText, Op::kCall, Bin,
     "The integer in binary digits."},
    {"UUID", "UUID() -> STRING", 0, 0, "e", AlwaysGives<kStringType>, Op::kCall, Uuid,
     "A new random UUID.", Nulls::kStrict, false},
    {"TRANSLATE", "TRANSLATE(STRING, STRING, STRING) -> STRING", 3, 3, "t", kText, Op::kCall,
     Translate, "Characters of the second text become those of the third."},
    {"STARTSWITH", "STARTSWITH(STRING, STRING) -> BOOLEAN", 2, 2, "s", Starts, Op::kCall,
     StartsOrEnds<true>, "Whether the first begins with the second."},
    {"ENDSWITH", "ENDSWITH(STRING, STRING) -> BOOLEAN", 2, 2, "s", Starts, Op::kCall,
     StartsOrEnds<false>, "Whether the first ends with the second."},
    {"ELT", "ELT(INT, STRING, ...) -> STRING", 2, kAny, "is", EltType, Op::kCall, Elt,
     "The argument of that number, from 1; NULL if there is none.", Nulls::kSeen},
};

}  // namespace

std::optional<Resolution> RefuseEscape(Arguments arguments, size_t index) {
  if (index >= arguments.size() || !arguments[index].constant) return std::nullopt;
  if (CountCharacters(*arguments[index].constant) == 1) return std::nullopt;
  return Complain(index, "needs one character after ESCAPE");
}

std::span<const Function> TextFunctions() { return kFunctions; }

}  // namespace millrace
