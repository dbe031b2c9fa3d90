// Any text is refused with a diagnostic or becomes a statement; a statement prints as a text that
// parses to a statement that prints the same.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "sql/parser.h"
#include "sql/unparse.h"

namespace {

// Printing writes every parenthesis: what is nested within the limit may print beyond it.
bool NestedTooDeep(const millrace::Diagnostics& diagnostics) {
  return diagnostics.size() == 1 &&
         diagnostics[0].message.find("nested more than") != std::string::npos;
}

[[noreturn]] void Fail(std::string_view what, std::string_view first, std::string_view second) {
  std::fprintf(stderr, "%.*s\n--- once\n%.*s\n--- twice\n%.*s\n", static_cast<int>(what.size()),
               what.data(), static_cast<int>(first.size()), first.data(),
               static_cast<int>(second.size()), second.data());
  std::abort();
}

void CheckDiagnostics(const millrace::Diagnostics& diagnostics, std::string_view text) {
  if (diagnostics.empty()) Fail("refused without a reason", text, "");
  for (const millrace::Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.span.begin > diagnostic.span.end || diagnostic.span.end > text.size() + 1) {
      Fail("a place outside of the text", text, diagnostic.message);
    }
    millrace::Render(diagnostic, "fuzz.sql", text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  millrace::Diagnostics diagnostics;
  const auto statement = millrace::sql::Parse(text, 0, &diagnostics);
  if (!statement) {
    CheckDiagnostics(diagnostics, text);
    return 0;
  }
  const std::string once = millrace::sql::Unparse(*statement);
  const auto again = millrace::sql::Parse(once, 0, &diagnostics);
  if (!again && NestedTooDeep(diagnostics)) return 0;
  if (!again) Fail("what is printed does not parse", once, diagnostics.front().message);
  const std::string twice = millrace::sql::Unparse(*again);
  if (twice != once) Fail("what is printed parses to something else", once, twice);
  return 0;
}
