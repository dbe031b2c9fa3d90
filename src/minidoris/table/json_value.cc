#include "minidoris/table/json_value.h"

#include <fmt/format.h>

#include <charconv>

#include "minidoris/table/convert.h"
#include "minidoris/table/json_scan.h"

namespace millrace::minidoris {
namespace {

constexpr int kDepthMax = 100;
constexpr size_t kWholeDigitsMax = 38;  // of LARGEINT; longer numbers become DOUBLE

// Reads values with the scanner and prints them.
class JsonCopier final {
 public:
  JsonCopier(std::string_view text, std::string* out) : scanner_(text), out_(*out) {}

  bool Run() { return Value(0) && scanner_.ok() && scanner_.AtEnd(); }

 private:
  bool Value(int depth) {
    if (depth > kDepthMax || !scanner_.ok()) return false;
    switch (scanner_.Peek()) {
      case '{':
        return Parts('{', '}', depth);
      case '[':
        return Parts('[', ']', depth);
      case '"':
        return String();
      default:
        return Word() || Number();
    }
  }

  bool Parts(char open, char close, int depth) {
    scanner_.Expect(open);
    out_ += open;
    if (!scanner_.Accept(close)) {
      do {
        if (out_.back() != open) out_ += ',';
        if (open == '{' && !Key()) return false;
        if (!Value(depth + 1)) return false;
      } while (scanner_.Accept(','));
      if (!scanner_.Expect(close)) return false;
    }
    out_ += close;
    return true;
  }

  bool Key() {
    if (scanner_.Peek() != '"' || !String() || !scanner_.Expect(':')) return false;
    out_ += ':';
    return true;
  }

  bool String() {
    out_ += '"';
    for (const char c : scanner_.String(&scratch_)) Character(c);
    out_ += '"';
    return scanner_.ok();
  }

  void Character(char c) {
    constexpr std::string_view kMeanings = "\"\\\b\f\n\r\t";
    constexpr std::string_view kLetters = "\"\\bfnrt";
    if (const size_t found = kMeanings.find(c); found != kMeanings.npos) {
      out_ += '\\';
      out_ += kLetters[found];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out_ += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out_ += c;
    }
  }

  bool Word() {
    for (const std::string_view word : {"null", "true", "false"}) {
      if (!scanner_.AcceptWord(word)) continue;
      out_ += word;
      return true;
    }
    return false;
  }

  bool Number() {
    const std::string_view digits = scanner_.Number();
    if (!scanner_.ok()) return false;
    const bool whole = digits.find_first_of(".eE") == digits.npos;
    if (whole && digits.size() <= kWholeDigitsMax) {
      out_ += digits;
      return true;
    }
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc()) return false;
    out_ += DoubleText(value, false);
    return true;
  }

  JsonScanner scanner_;
  std::string& out_;
  std::string scratch_;
};

}  // namespace

std::optional<std::string> StoredJson(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  if (!JsonCopier(text, &out).Run()) return std::nullopt;
  return out;
}

}  // namespace millrace::minidoris
