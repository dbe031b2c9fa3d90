// PRINTF: the formats of java.util.Formatter, over cells.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "expr/cast.h"
#include "expr/functions/digits.h"
#include "expr/functions/java_format.h"
#include "expr/functions/text_helpers.h"
#include "expr/resolve.h"
#include "row/print.h"

namespace millrace {
namespace {

// A result longer than this is a mistake, not a value.
constexpr uint64_t kResultBytesMax = 256 * 1024 * 1024;

// A number in parts, so that zeros can be put between them.
struct NumberText {
  std::string_view before;  // a sign, or 0x
  std::string_view body;
  std::string_view after;  // of a negative number in parentheses
  bool takes_zeros = true;
};

std::string_view SignOf(const FormatDirective& directive, bool negative) {
  if (negative) return directive.Has('(') ? "(" : "-";
  return directive.Has('+') ? "+" : directive.Has(' ') ? " " : "";
}

NumberText Signed(const FormatDirective& directive, bool negative, std::string_view body) {
  return {SignOf(directive, negative), body, negative && directive.Has('(') ? ")" : ""};
}

class Printer final {
 public:
  explicit Printer(const FunctionCall& call) : call_(call), joiner_(call.arena, "") {}

  // The result, which is NULL if the format is malformed or does not fit the arguments.
  Status Print(Cell* out) {
    *out = Cell::Null();
    const std::string_view format = call_.Text(0);
    for (size_t at = 0; at < format.size();) {
      const size_t mark = std::min(format.find('%', at), format.size());
      joiner_.Add(format.substr(at, mark - at));
      if (mark == format.size()) break;
      at = mark + 1;
      const std::optional<FormatDirective> directive = ReadDirective(format, &at);
      if (!directive) return Status::Ok();
      if (!HasRoom(*directive)) {
        return Status::Permanent("the result would be longer than 256 MiB");
      }
      if (!PrintOne(*directive)) return Status::Ok();
    }
    *out = Cell::Text(joiner_.Finish());
    return Status::Ok();
  }

 private:
  bool HasRoom(const FormatDirective& directive) const {
    const bool has_places = directive.letter >= 'e' && directive.letter <= 'g';
    const uint64_t longest =
        std::max(directive.width.value_or(0), has_places ? directive.precision.value_or(0) : 0);
    return joiner_.Finish().size() + longest <= kResultBytesMax;
  }

  // The argument a directive means; null if there is none.
  const Cell* Choose(const FormatDirective& directive) {
    if (!directive.Has('<')) latest_ = directive.argument != 0 ? directive.argument : ++ordinary_;
    return latest_ >= 1 && latest_ < call_.count() ? &call_[latest_] : nullptr;
  }

  // False if the directive does not fit its argument.
  bool PrintOne(const FormatDirective& directive) {
    if (directive.letter == '%' || directive.letter == 'n') {
      PutPadded(directive, directive.letter == 'n' ? "\n" : "%");
      return true;
    }
    const Cell* argument = Choose(directive);
    if (argument == nullptr) return false;
    if (directive.letter == 'b') {
      const bool value =
          argument->kind == CellKind::kBool ? argument->u != 0 : !argument->is_null();
      PutText(directive, value ? "true" : "false");
      return true;
    }
    if (argument->is_null()) {
      PutText(directive, "null");
      return true;
    }
    switch (directive.letter) {
      case 's':
        return PrintText(directive, *argument);
      case 'c':
        return PrintCharacter(directive, *argument);
      case 'd':
        return PrintInteger(directive, *argument);
      case 'o':
      case 'x':
        return PrintBits(directive, *argument);
      default:
        return PrintFraction(directive, *argument);
    }
  }

  bool PrintText(const FormatDirective& directive, const Cell& argument) {
    if (argument.kind == CellKind::kBool) {
      PutText(directive, argument.u != 0 ? "true" : "false");
      return true;
    }
    const std::optional<Cell> text = CastCell(argument, Type::String(), call_.arena, call_.zone);
    if (text) PutText(directive, text->view());
    return text.has_value();
  }

  bool PrintCharacter(const FormatDirective& directive, const Cell& argument) {
    constexpr int64_t kCodeMax = 0x10FFFF;
    const auto is_surrogate = [](int64_t code) { return code >= 0xD800 && code <= 0xDFFF; };
    if (argument.kind != CellKind::kInt) return false;
    if (argument.i < 0 || argument.i > kCodeMax || is_surrogate(argument.i)) return false;
    std::string character;
    AppendCodePoint(static_cast<uint32_t>(argument.i), &character);
    PutText(directive, character);
    return true;
  }

  bool PrintInteger(const FormatDirective& directive, const Cell& argument) {
    if (argument.kind != CellKind::kInt && argument.kind != CellKind::kUint) return false;
    char text[kCellTextMax];
    const Digits digits = ReadDigits({text, PrintCell(text, argument)});
    const NumberLayout layout{.grouped = directive.Has(',')};
    PutNumber(directive,
              Signed(directive, digits.negative, LayOutFixed(digits, layout, call_.arena)));
    return true;
  }

  bool PrintBits(const FormatDirective& directive, const Cell& argument) {
    if (argument.kind != CellKind::kInt && argument.kind != CellKind::kUint) return false;
    // Bits have no sign; Java says so only of values.
    if (directive.Has('+') || directive.Has(' ') || directive.Has('(')) return false;
    const bool hexadecimal = directive.letter == 'x';
    char text[kCellTextMax];
    char* const end = std::to_chars(text, text + sizeof text, argument.u, hexadecimal ? 16 : 8).ptr;
    if (directive.upper) {
      std::transform(text, end, text,
                     [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    }
    NumberText number;
    if (directive.Has('#')) number.before = !hexadecimal ? "0" : directive.upper ? "0X" : "0x";
    number.body = {text, static_cast<size_t>(end - text)};
    PutNumber(directive, number);
    return true;
  }

  bool PrintFraction(const FormatDirective& directive, const Cell& argument) {
    constexpr uint32_t kPlacesDefault = 6;
    char text[kCellTextMax];
    std::string_view digits_text;
    if (argument.kind == CellKind::kFloat || argument.kind == CellKind::kDouble) {
      if (!std::isfinite(argument.f)) return PrintSpecial(directive, argument.f);
      digits_text = {text, PrintDouble(text, argument.f)};  // a FLOAT, too, is a double to Java
    } else if (argument.kind == CellKind::kDecimal) {
      digits_text = argument.view();
    } else {
      return false;
    }
    const Digits digits = ReadDigits(digits_text);
    NumberLayout layout{directive.precision.value_or(kPlacesDefault), directive.Has(','),
                        directive.Has('#'), directive.upper};
    std::string_view body;
    if (directive.letter == 'f') {
      body = LayOutFixed(digits, layout, call_.arena);
    } else if (directive.letter == 'e') {
      body = LayOutScientific(digits, layout, call_.arena);
    } else {
      layout.places = std::max<int64_t>(layout.places, 1);
      body = LayOutGeneral(digits, layout, call_.arena);
    }
    // A decimal that is zero has no sign, a double may.
    const bool negative =
        digits.negative && (digits.count > 0 || argument.kind != CellKind::kDecimal);
    PutNumber(directive, Signed(directive, negative, body));
    return true;
  }

  bool PrintSpecial(const FormatDirective& directive, double value) {
    NumberText number;
    if (std::isnan(value)) {
      number.body = directive.upper ? "NAN" : "NaN";
    } else {
      number = Signed(directive, value < 0, directive.upper ? "INFINITY" : "Infinity");
    }
    number.takes_zeros = false;
    PutNumber(directive, number);
    return true;
  }

  void PutNumber(const FormatDirective& directive, const NumberText& number) {
    const size_t size = number.before.size() + number.body.size() + number.after.size();
    const size_t width = directive.width.value_or(0);
    const size_t missing = width > size ? width - size : 0;
    const bool zeros = directive.Has('0') && number.takes_zeros;
    if (!zeros && !directive.Has('-')) Fill(' ', missing);
    joiner_.Add(number.before);
    if (zeros) Fill('0', missing);
    joiner_.Add(number.body);
    joiner_.Add(number.after);
    if (directive.Has('-')) Fill(' ', missing);
  }

  void PutText(const FormatDirective& directive, std::string_view text) {
    if (directive.precision) text = Substring(text, 1, *directive.precision);
    if (directive.upper) text = ChangeCase(text, true, call_.arena);
    PutPadded(directive, text);
  }

  void PutPadded(const FormatDirective& directive, std::string_view text) {
    const int64_t width = directive.width.value_or(0);
    const int64_t missing = width == 0 ? 0 : std::max<int64_t>(width - CountCharacters(text), 0);
    if (!directive.Has('-')) Fill(' ', static_cast<size_t>(missing));
    joiner_.Add(text);
    if (directive.Has('-')) Fill(' ', static_cast<size_t>(missing));
  }

  void Fill(char with, size_t size) {
    constexpr std::string_view kBlanks = "                                ";
    constexpr std::string_view kZeros = "00000000000000000000000000000000";
    const std::string_view filling = with == '0' ? kZeros : kBlanks;
    for (; size > filling.size(); size -= filling.size()) joiner_.Add(filling);
    joiner_.Add(filling.substr(0, size));
  }

  const FunctionCall& call_;
  Joiner joiner_;
  size_t ordinary_ = 0;  // the latest argument taken in order
  size_t latest_ = 0;    // the latest argument taken
};

Status Printf(const FunctionCall& call, Cell* out) {
  if (call.is_null(0)) {
    *out = Cell::Null();
    return Status::Ok();
  }
  return Printer(call).Print(out);
}

constexpr Function kFunctions[] = {
    {"PRINTF", "PRINTF(STRING, a, ...) -> STRING", 1, Function::kVariadic, "te",
     MaybeGives<kStringType>, Op::kCall, Printf,
     "The values in a format of Java: %s %d %x %o %f %e %g %b %c with flags, width, precision and "
     "the number of an argument; NULL is printed as null. NULL if the format is malformed or does "
     "not fit.",
     Nulls::kSeen},
};

}  // namespace

std::span<const Function> PrintfFunctions() { return kFunctions; }

}  // namespace millrace
