// What the user wrote and why it was not accepted: a place in the text, one sentence, maybe a hint.
// Diagnostics are collected, not thrown, and drawn in exactly one place, Render. Until then places
// are byte offsets.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millrace {

// Half-open range of bytes in the text of one script. {0, 0} where no place is known.
struct Span {
  size_t begin = 0;
  size_t end = 0;
  bool operator==(const Span&) const = default;
};

enum class Severity : unsigned char { kError, kWarning };

// What kind of mistake it is, for programs: an editor, a test, or code that handles a diagnostic.
// Nothing recognises one by its message. The names that CodeName gives are stable.
enum class DiagnosticCode : unsigned char {
  kSyntaxError,    // the text is not a statement of the language
  kNotFlinkSql,    // accepted by Millrace only, and Flink's language was asked for
  kNotSupported,   // Flink SQL that Millrace does not run
  kTooComplex,     // beyond a limit: length, nesting, operators or joins in a chain
  kMisplaced,      // a statement or clause that is not possible here
  kUnknownTable,   // table or view
  kUnknownColumn,  // column, or table qualifier of a column
  kUnknownFunction,
  kUnknownType,
  kUnknownObject,  // catalog, database, constraint, job
  kUnknownConnector,
  kUnknownOption,  // of a connector, catalog or hint
  kUnknownSetting,
  kUnknownVariable,  // ${name}
  kAlreadyExists,    // a second object, column or option of the same name
  kAmbiguousName,    // several columns or tables fit
  kWrongObject,      // a view for a table, a sink that is read
  kInUse,            // cannot be dropped or changed while something depends on it
  kMissingOption,
  kInvalidValue,         // of an option, setting or literal
  kInvalidArgument,      // number or value of a function's arguments
  kInvalidDefinition,    // a table, view or key that contradicts itself
  kTypeMismatch,         // the types of two values, or of a value and its use
  kColumnCountMismatch,  // two lists of columns differ in length
  kUnsafeKey,            // the target's key does not tell the rows of the source apart
  kNoEffect,             // accepted and ignored
  kOtherOnFlink,         // the same script gives other rows on Flink
  kFileError,            // a file of the script cannot be read or written
  kInternalError,        // a failure of Millrace or of a library
};

// "unknown-table": as check --format json prints it.
std::string_view CodeName(DiagnosticCode code);

struct Diagnostic {
  DiagnosticCode code = DiagnosticCode::kInternalError;
  Span span;
  std::string message;  // lower case, no full stop, names quoted with "
  std::string hint;     // a sentence that can be acted on, or empty
  Severity severity = Severity::kError;

  Diagnostic() = default;
  Diagnostic(DiagnosticCode kind, Span where, std::string what, std::string advice = {},
             Severity grade = Severity::kError)
      : code(kind),
        span(where),
        message(std::move(what)),
        hint(std::move(advice)),
        severity(grade) {}
};

using Diagnostics = std::vector<Diagnostic>;

// True if one of them is an error.
bool HasErrors(const Diagnostics& diagnostics);

// Line and column (both from 1; columns count code points) of a byte offset in `text`.
struct LineColumn {
  size_t line;
  size_t column;
};
LineColumn Locate(std::string_view text, size_t offset);

// orders.sql:14:13: error: table "ordrs" is not defined
// INSERT INTO ordrs SELECT id, amount FROM mysql_orders;
//             ^^^^^
// hint: Did you mean "orders"?
//
// Ends with a line feed. Carets stay under their characters where wide characters and tabs stand
// before them; long lines are cut around the span. Secrets in `text` are shown as ***, wherever
// they stand. With `color`, ANSI escapes are added.
std::string Render(const Diagnostic& diagnostic, std::string_view file, std::string_view text,
                   bool color = false);

// {"file","line","column","end_line","end_column","severity","code","message","hint"} as one JSON
// line.
std::string RenderJson(const Diagnostic& diagnostic, std::string_view file, std::string_view text);

}  // namespace millrace
