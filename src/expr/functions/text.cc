// Functions that make strings of strings. Positions and lengths count code points.
#include <fmt/core.h>

#include <algorithm>
#include <random>

#include "base/ascii.h"
#include "base/utf8.h"
#include "expr/functions/resolve.h"
#include "expr/text.h"

namespace millrace {
namespace {

// A longer result is probably a mistake.
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

// Words are of ASCII letters and digits; all else is between them and stays.
Status InitCap(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  char* const target = call.arena->Allocate(text.size());
  bool in_word = false;
  for (size_t i = 0; i < text.size(); ++i) {
    target[i] = in_word ? ToLower(text[i]) : ToUpper(text[i]);
    in_word = IsLetterOrDigit(text[i]);
  }
  return PutText(out, {target, text.size()});
}

// As in Flink: a start outside the string changes nothing, and a length that is not positive or
// goes beyond the end drops the rest.
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

Status Left(const FunctionCall& call, Cell* out) {
  return PutText(out, Substring(call.Text(0), 1, std::max<int64_t>(call.Integer(1), 0)));
}

Status Right(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  const int64_t length = std::max<int64_t>(call.Integer(1), 0);
  const int64_t size = CountCharacters(text);
  return PutText(out, length >= size ? text : Substring(text, size - length + 1, length));
}

Status Ascii(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  *out = Cell::Int(text.empty() ? 0 : static_cast<signed char>(text[0]));
  return Status::Ok();
}

Status Chr(const FunctionCall& call, Cell* out) {
  if (call.Integer(0) < 0) return PutText(out, "");
  const auto code = static_cast<unsigned>(call.Integer(0) & 0xff);
  constexpr size_t kBytesMax = 2;
  char* text = call.arena->Allocate(kBytesMax);
  const auto size = static_cast<size_t>(EncodeUtf8(code, text) - text);
  call.arena->Shrink(kBytesMax, size);
  return PutText(out, {text, size});
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

// Version 4 of RFC 4122: random except for the digits of version and variant.
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

// Character i of the second string becomes character i of the third, or is removed if there is
// none.
Status Translate(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  const std::string_view from = call.Text(1);
  const std::string_view to = call.Text(2);
  Joiner joiner(call.arena, "");
  for (size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, Utf8Length(text, at));
    at += character.size();
    const size_t found = from.find(character);
    if (found == from.npos) {
      joiner.Add(character);
    } else {
      joiner.Add(Substring(to, CountCharacters(from.substr(0, found)) + 1, 1));
    }
  }
  return PutText(out, joiner.Finish());
}

Resolution EltType(Arguments arguments) {
  const bool text = arguments[1].type.is_text() || IsNull(arguments[1].type);
  for (size_t i = 2; i < arguments.size(); ++i) {
    if (!IsNull(arguments[i].type) && arguments[i].type.is_text() != text) {
      return Reject(i, "needs all strings or all BYTES");
    }
  }
  return Returns(text ? kStringType : kBytesType, true);
}

Status Elt(const FunctionCall& call, Cell* out) {
  const bool there = !call.is_null(0) && call.Integer(0) >= 1 &&
                     call.Integer(0) < static_cast<int64_t>(call.count());
  *out = there ? call[static_cast<size_t>(call.Integer(0))] : Cell::Null();
  return Status::Ok();
}

Resolution LikeType(Arguments arguments) {
  if (auto rejected = RejectEscape(arguments, 2)) return *rejected;
  return Returns(kBooleanType, AnyNullable(arguments));
}

// As long as the first argument: CHAR(n) stays CHAR(n).
Resolution SameText(Arguments arguments) {
  const Type& type = arguments[0].type;
  return Returns(IsNull(type) ? kStringType : type, type.nullable);
}

// At most as long as the first argument.
Resolution Shorter(Arguments arguments) {
  return Returns(Varying(arguments[0].type), AnyNullable(arguments));
}
Resolution ShorterNullable(Arguments arguments) {
  return Returns(Varying(arguments[0].type), true);
}

// As long as the first two arguments together.
Type Together(Arguments arguments) {
  const Type& a = arguments[0].type;
  const Type& b = arguments[1].type;
  if (IsNull(a) || IsNull(b)) return kStringType;
  Type type = Varying(a);
  type.length = a.length > Type::kLengthMax - b.length ? Type::kLengthMax : a.length + b.length;
  return type;
}

Resolution Concatenation(Arguments arguments) {
  Type type = Together(arguments);
  const bool fixed =
      arguments[0].type.kind == TypeKind::kChar && arguments[1].type.kind == TypeKind::kChar;
  if (fixed && type.length < Type::kLengthMax) type.kind = TypeKind::kChar;
  return Returns(type, AnyNullable(arguments));
}

Resolution Overlaid(Arguments arguments) {
  return Returns(Together(arguments), AnyNullable(arguments));
}

// NULL for a length that is negative, or too long; Flink's type does not say so.
Resolution Padded(Arguments arguments) {
  return MayBeNull(Returns(kStringType, AnyNullable(arguments)));
}

const Type kUuidType{TypeKind::kChar, true, 36};

Resolution ConcatWs(Arguments arguments) { return Returns(kStringType, AnyNullable(arguments)); }

constexpr auto kText = Returns<kStringType>;
constexpr auto kMaybeText = ReturnsNullable<kStringType>;
constexpr auto kInt = Returns<kIntType>;
constexpr uint8_t kAny = Function::kVariadic;

constexpr Function kFunctions[] = {
    {"||", "STRING || STRING -> STRING", 2, 2, "t", Concatenation, Op::kConcat, nullptr,
     "Both strings concatenated; NULL if one is NULL."},
    {"CONCAT", "CONCAT(STRING, ...) -> STRING", 1, kAny, "t", kText, Op::kConcat, nullptr,
     "All strings concatenated; NULL if one is NULL."},
    {"CONCAT_WS", "CONCAT_WS(STRING, STRING, ...) -> STRING", 2, kAny, "t", ConcatWs, Op::kConcatWs,
     nullptr, "All strings that are not NULL, separated by the first argument."},
    {"LIKE", "STRING [NOT] LIKE STRING [ESCAPE STRING] -> BOOLEAN", 2, 3, "t", LikeType, Op::kLike,
     nullptr, "Whether it matches a pattern of % (any string) and _ (one character)."},
    {"UPPER", "UPPER(STRING) -> STRING", 1, 1, "t", SameText, Op::kUpper, nullptr,
     "In upper case."},
    {"LOWER", "LOWER(STRING) -> STRING", 1, 1, "t", SameText, Op::kLower, nullptr,
     "In lower case."},
    {"TRIM", "TRIM([BOTH | LEADING | TRAILING] [STRING FROM] STRING) -> STRING", 1, 2, "t", Shorter,
     Op::kTrim, nullptr,
     "Without leading and trailing spaces, or without the given characters there."},
    {"BTRIM", "BTRIM(STRING [, STRING]) -> STRING", 1, 2, "t", Shorter, Op::kTrim, nullptr,
     "Without leading and trailing spaces, or without the given characters there."},
    {"LTRIM", "LTRIM(STRING [, STRING]) -> STRING", 1, 2, "t", Shorter, Op::kTrimLeft, nullptr,
     "Without leading spaces, or without the given characters there."},
    {"RTRIM", "RTRIM(STRING [, STRING]) -> STRING", 1, 2, "t", Shorter, Op::kTrimRight, nullptr,
     "Without trailing spaces, or without the given characters there."},
    {"SUBSTRING", "SUBSTRING(STRING FROM INT [FOR INT]) -> STRING", 2, 3, "tii", ShorterNullable,
     Op::kSubstring, nullptr,
     "The characters from a position (1 is the first, -1 the last character), at most as many as "
     "the last argument."},
    {"SUBSTR", "SUBSTR(STRING, INT [, INT]) -> STRING", 2, 3, "tii", ShorterNullable,
     Op::kSubstring, nullptr,
     "The characters from a position (1 is the first, -1 the last character), at most as many as "
     "the last argument."},
    {"CHAR_LENGTH", "CHAR_LENGTH(STRING) -> INT", 1, 1, "t", kInt, Op::kCharLength, nullptr,
     "Number of characters."},
    {"CHARACTER_LENGTH", "CHARACTER_LENGTH(STRING) -> INT", 1, 1, "t", kInt, Op::kCharLength,
     nullptr, "Number of characters."},
    {"REPLACE", "REPLACE(STRING, STRING, STRING) -> STRING", 3, 3, "t", kText, Op::kReplace,
     nullptr, "Every occurrence of the second string in the first replaced by the third."},
    {"LPAD", "LPAD(STRING, INT, STRING) -> STRING", 3, 3, "tit", Padded, Op::kCall, Pad<true>,
     "Padded on the left, or cut, to a number of characters; NULL for a negative number."},
    {"RPAD", "RPAD(STRING, INT, STRING) -> STRING", 3, 3, "tit", Padded, Op::kCall, Pad<false>,
     "Padded on the right, or cut, to a number of characters; NULL for a negative number."},
    {"REVERSE", "REVERSE(STRING) -> STRING", 1, 1, "t", kMaybeText, Op::kCall, Reverse,
     "The characters in reverse order."},
    {"REPEAT", "REPEAT(STRING, INT) -> STRING", 2, 2, "ti", kText, Op::kCall, Repeat,
     "The string repeated a number of times."},
    {"INITCAP", "INITCAP(STRING) -> STRING", 1, 1, "t", SameText, Op::kCall, InitCap,
     "The first letter of every word in upper case, all others in lower case."},
    {"OVERLAY", "OVERLAY(STRING PLACING STRING FROM INT [FOR INT]) -> STRING", 3, 4, "ttii",
     Overlaid, Op::kCall, Overlay,
     "The first string with the second in place of a number of characters from a position on."},
    {"LEFT", "LEFT(STRING, INT) -> STRING", 2, 2, "ti", ShorterNullable, Op::kCall, Left,
     "The first n characters; none for a negative number."},
    {"RIGHT", "RIGHT(STRING, INT) -> STRING", 2, 2, "ti", ShorterNullable, Op::kCall, Right,
     "The last n characters; none for a negative number."},
    {"ASCII", "ASCII(STRING) -> INT", 1, 1, "t", kInt, Op::kCall, Ascii,
     "The value of the first byte."},
    {"CHR", "CHR(INT) -> STRING", 1, 1, "i", kMaybeText, Op::kCall, Chr,
     "The character with a code from 0 to 255; only the last eight bits of larger numbers count."},
    {"BIN", "BIN(INT) -> STRING", 1, 1, "i", kText, Op::kCall, Bin,
     "The integer in binary digits."},
    {"UUID", "UUID() -> STRING", 0, 0, "e", ReturnsNotNull<kUuidType>, Op::kCall, Uuid,
     "A new random UUID.", Nulls::kStrict, false},
    {"TRANSLATE3", "TRANSLATE3(STRING, STRING, STRING) -> STRING", 3, 3, "t", kText, Op::kCall,
     Translate,
     "Every character of the second string replaced by the one at its place in the third, or "
     "removed."},
    {"TRANSLATE", "TRANSLATE(STRING, STRING, STRING) -> STRING", 3, 3, "t", kText, Op::kCall,
     Translate,
     "Every character that occurs in the second string replaced by the character at the same "
     "position in the third."},
    {"ELT", "ELT(INT, STRING, ...) -> STRING", 2, kAny, "is", EltType, Op::kCall, Elt,
     "The argument with that number, counted from 1; NULL if there is none.", Nulls::kSeen},
};

}  // namespace

std::optional<Resolution> RejectEscape(Arguments arguments, size_t index) {
  if (index >= arguments.size() || !arguments[index].constant) return std::nullopt;
  if (CountCharacters(*arguments[index].constant) == 1) return std::nullopt;
  return RejectValue(index, "needs one character after ESCAPE");
}

std::span<const Function> TextFunctions() { return kFunctions; }

}  // namespace millrace
