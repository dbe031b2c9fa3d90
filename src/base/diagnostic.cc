#include "base/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/quote.h"
#include "base/secret.h"
#include "base/utf8.h"

namespace millrace {
namespace {

constexpr size_t kLineWidthMax = 100;  // columns of source text shown around the place
constexpr size_t kLeadWidth = 60;      // columns kept before it when the line is cut
constexpr std::string_view kEllipsis = "...";

struct Colors {
  std::string_view error, warning, hint, bold, off;
};
constexpr Colors kPlain{};
constexpr Colors kAnsi{"\033[1;31m", "\033[1;33m", "\033[1;36m", "\033[1m", "\033[0m"};

size_t LineBegin(std::string_view text, size_t offset) {
  const size_t at = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  return at == std::string_view::npos ? 0 : at + 1;
}

// The part of a line that is shown, tabs as one blank, and where in it the span begins.
struct Excerpt {
  std::string text;
  size_t caret_begin = 0;  // display columns
  size_t caret_width = 1;
};

Excerpt CutLine(std::string_view line, size_t begin, size_t end) {
  const auto width = [](std::string_view part) { return DisplayWidth(part); };
  size_t from = 0;
  if (width(line) > kLineWidthMax && width(line.substr(0, begin)) > kLeadWidth) {
    size_t lead = width(line.substr(0, begin));
    while (lead > kLeadWidth) {
      const size_t length = Utf8Length(line, from);
      lead -= width(line.substr(from, length));
      from += length;
    }
  }
  size_t to = line.size();
  if (width(line.substr(from)) > kLineWidthMax) {
    to = from;
    for (size_t shown = 0; to < line.size() && shown < kLineWidthMax;) {
      const size_t length = Utf8Length(line, to);
      shown += width(line.substr(to, length));
      to += length;
    }
  }
  Excerpt excerpt;
  if (from > 0) excerpt.text += kEllipsis;
  excerpt.caret_begin = width(excerpt.text) + width(line.substr(from, begin - from));
  const size_t shown_end = std::min(std::max(end, begin), to);
  excerpt.caret_width =
      begin < shown_end ? std::max<size_t>(1, width(line.substr(begin, shown_end - begin))) : 1;
  excerpt.text += line.substr(from, to - from);
  if (to < line.size()) excerpt.text += kEllipsis;
  std::replace(excerpt.text.begin(), excerpt.text.end(), '\t', ' ');
  return excerpt;
}

// One line of a script, secrets replaced, and where the span of a diagnostic is in it.
struct Line {
  std::string text;
  size_t begin = 0;
  size_t end = 0;
};

// The line text[begin, end), with `span` cut to it.
Line MaskedLine(std::string_view text, size_t begin, size_t end, Span span,
                const std::vector<Span>& secrets) {
  Line line;
  line.begin = std::clamp(span.begin, begin, end) - begin;
  line.end = std::clamp(span.end, begin, end) - begin;
  size_t copied = begin;
  for (const Span& secret : secrets) {
    const size_t from = std::max(secret.begin, begin);
    const size_t to = std::min(secret.end, end);
    if (from >= to) continue;
    line.text += text.substr(copied, from - copied);
    const size_t masked = line.text.size();
    line.text += kRedacted;
    // Offsets after the value move with it; those inside of it become its ends.
    if (span.begin >= to) {
      line.begin += line.text.size() - masked - (to - from);
    } else if (span.begin > from) {
      line.begin = masked;
    }
    if (span.end >= to) {
      line.end += line.text.size() - masked - (to - from);
    } else if (span.end > from) {
      line.end = line.text.size();
    }
    copied = to;
  }
  line.text += text.substr(copied, end - copied);
  return line;
}

}  // namespace

std::string_view CodeName(DiagnosticCode code) {
  switch (code) {
    case DiagnosticCode::kSyntaxError:
      return "syntax-error";
    case DiagnosticCode::kNotFlinkSql:
      return "not-flink-sql";
    case DiagnosticCode::kNotSupported:
      return "not-supported";
    case DiagnosticCode::kTooComplex:
      return "too-complex";
    case DiagnosticCode::kMisplaced:
      return "misplaced";
    case DiagnosticCode::kUnknownTable:
      return "unknown-table";
    case DiagnosticCode::kUnknownColumn:
      return "unknown-column";
    case DiagnosticCode::kUnknownFunction:
      return "unknown-function";
    case DiagnosticCode::kUnknownType:
      return "unknown-type";
    case DiagnosticCode::kUnknownObject:
      return "unknown-object";
    case DiagnosticCode::kUnknownConnector:
      return "unknown-connector";
    case DiagnosticCode::kUnknownOption:
      return "unknown-option";
    case DiagnosticCode::kUnknownSetting:
      return "unknown-setting";
    case DiagnosticCode::kUnknownVariable:
      return "unknown-variable";
    case DiagnosticCode::kAlreadyExists:
      return "already-exists";
    case DiagnosticCode::kAmbiguousName:
      return "ambiguous-name";
    case DiagnosticCode::kWrongObject:
      return "wrong-object";
    case DiagnosticCode::kInUse:
      return "in-use";
    case DiagnosticCode::kMissingOption:
      return "missing-option";
    case DiagnosticCode::kInvalidValue:
      return "invalid-value";
    case DiagnosticCode::kInvalidArgument:
      return "invalid-argument";
    case DiagnosticCode::kInvalidDefinition:
      return "invalid-definition";
    case DiagnosticCode::kTypeMismatch:
      return "type-mismatch";
    case DiagnosticCode::kColumnCountMismatch:
      return "column-count-mismatch";
    case DiagnosticCode::kUnsafeKey:
      return "unsafe-key";
    case DiagnosticCode::kNoEffect:
      return "no-effect";
    case DiagnosticCode::kOtherOnFlink:
      return "other-on-flink";
    case DiagnosticCode::kFileError:
      return "file-error";
    case DiagnosticCode::kInternalError:
      break;
  }
  return "internal-error";
}

bool HasErrors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::kError;
  });
}

LineColumn Locate(std::string_view text, size_t offset) {
  offset = std::min(offset, text.size());
  const size_t begin = LineBegin(text, offset);
  size_t column = 1;
  for (size_t at = begin; at < offset; at += Utf8Length(text, at)) ++column;
  const auto lines = std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(begin), '\n');
  return {static_cast<size_t>(lines) + 1, column};
}

std::string Render(const Diagnostic& diagnostic, std::string_view file, std::string_view text,
                   bool color) {
  const Colors& colors = color ? kAnsi : kPlain;
  const std::vector<Span> secrets = FindSecrets(text);
  const bool is_error = diagnostic.severity == Severity::kError;
  const size_t begin = std::min(diagnostic.span.begin, text.size());
  const LineColumn place = Locate(text, begin);
  std::string out = fmt::format("{}{}:{}:{}:{} {}{}:{} {}\n", colors.bold, file, place.line,
                                place.column, colors.off, is_error ? colors.error : colors.warning,
                                is_error ? "error" : "warning", colors.off,
                                WithoutSecrets(diagnostic.message, text, secrets));
  const size_t line_begin = LineBegin(text, begin);
  size_t line_end = std::min(text.find('\n', begin), text.size());
  if (line_end > line_begin && text[line_end - 1] == '\r') --line_end;
  const Line line = MaskedLine(text, line_begin, std::max(line_end, begin),
                               {begin, diagnostic.span.end}, secrets);
  if (!line.text.empty()) {
    const Excerpt excerpt = CutLine(line.text, line.begin, line.end);
    out += fmt::format("{}\n{}{}{}{}\n", excerpt.text, std::string(excerpt.caret_begin, ' '),
                       is_error ? colors.error : colors.warning,
                       std::string(excerpt.caret_width, '^'), colors.off);
  }
  if (!diagnostic.hint.empty()) {
    out += fmt::format("{}hint:{} {}\n", colors.hint, colors.off,
                       WithoutSecrets(diagnostic.hint, text, secrets));
  }
  return out;
}

std::string RenderJson(const Diagnostic& diagnostic, std::string_view file, std::string_view text) {
  const std::vector<Span> secrets = FindSecrets(text);
  const LineColumn begin = Locate(text, diagnostic.span.begin);
  const LineColumn end = Locate(text, std::max(diagnostic.span.begin, diagnostic.span.end));
  const Json json =
      Json::Object({{"file", file},
                    {"line", uint64_t{begin.line}},
                    {"column", uint64_t{begin.column}},
                    {"end_line", uint64_t{end.line}},
                    {"end_column", uint64_t{end.column}},
                    {"severity", diagnostic.severity == Severity::kError ? "error" : "warning"},
                    {"code", CodeName(diagnostic.code)},
                    {"message", WithoutSecrets(diagnostic.message, text, secrets)},
                    {"hint", WithoutSecrets(diagnostic.hint, text, secrets)}});
  return json.ToText() + "\n";
}

}  // namespace millrace
