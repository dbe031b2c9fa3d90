// PRINTF: the formats of java.util.Formatter, over cells.
#include <algorithm>

#include "base/utf8.h"
#include "expr/cast.h"
#include "expr/functions/format_number.h"
#include "expr/functions/java_format.h"
#include "expr/functions/resolve.h"
#include "expr/text.h"

namespace millrace {
namespace {

// A longer result is probably a mistake.
constexpr uint64_t kResultBytesMax = 256 * 1024 * 1024;

class Printer final {
 public:
  explicit Printer(const FunctionCall& call) : call_(call), joiner_(call.arena, "") {}

  // The result, NULL if the format is invalid or does not fit the arguments.
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

  // The argument of a directive; null if there is none.
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
      default:
        return PrintNumber(directive, *argument);
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
    if (argument.kind != CellKind::kInt || argument.i < 0 || argument.i > kCodeMax) return false;
    const auto code = static_cast<uint32_t>(argument.i);
    if (IsHighSurrogate(code) || IsLowSurrogate(code)) return false;
    char character[4];
    PutText(directive, {character, static_cast<size_t>(EncodeUtf8(code, character) - character)});
    return true;
  }

  bool PrintNumber(const FormatDirective& directive, const Cell& argument) {
    const std::optional<NumberText> number = FormatNumber(directive, argument, call_.arena);
    if (number) PutNumber(directive, *number);
    return number.has_value();
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
     ReturnsNullable<kStringType>, Op::kCall, Printf,
     "The values formatted as in Java: %s %d %x %o %f %e %g %b %c with flags, width, precision and "
     "argument index; NULL is printed as null. NULL if the format is invalid or does not fit the "
     "values.",
     Nulls::kSeen},
};

}  // namespace

std::span<const Function> PrintfFunctions() { return kFunctions; }

}  // namespace millrace
