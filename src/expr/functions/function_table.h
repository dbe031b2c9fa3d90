// The table of operators and functions: one row is the whole truth about one of them. Names, SHOW
// FUNCTIONS, completion, docs/functions.md, what arguments are taken, the type of the result and
// how it is computed all follow from the row.
//
// How a binder calls a function by name:
//
//   const Function* function = FindFunction("SPLIT_INDEX", 3);
//   null: FindUnsupported("COUNT") may know why it is not run; else the name is unknown.
//   Resolution resolution = Resolve(*function, arguments);
//   no result: resolution.problem, at argument bad_argument (or at the call if the number of
//   arguments is wrong: bad_argument is then the number of arguments).
//   Cast argument i to resolution.arguments[i] if there is such an entry; the type of the call is
//   *resolution.result.
//
// Calls with a special syntax are plain calls here; their symbols are constants of type STRING.
// Units are in upper case (YEAR, MONTH, ...):
//
//   POSITION(a IN b)              POSITION(a, b)
//   EXTRACT(u FROM t)             EXTRACT('u', t)
//   CEIL(t TO u), FLOOR(t TO u)   CEIL(t, 'u'), FLOOR(t, 'u')
//   TIMESTAMPADD(u, n, t)         TIMESTAMPADD('u', n, t)
//   TIMESTAMPDIFF(u, a, b)        TIMESTAMPDIFF('u', a, b)
//   OVERLAY(s PLACING r FROM a [FOR n])   OVERLAY(s, r, a[, n])
//   a SIMILAR TO p [ESCAPE e]     SIMILAR TO(a, p[, e])
//   (a, b) OVERLAPS (c, d)        OVERLAPS(a, b, c, d), likewise the other tests of periods; made
//   by
//                                 the binder, because the parser makes rows
//   x IS JSON [OBJECT]            IS JSON(x), IS JSON OBJECT(x), ...
//   JSON_EXISTS(j, p ..)          JSON_EXISTS(j, p[, on_error]); 'TRUE'|'FALSE'|'UNKNOWN'|'ERROR'
//   JSON_VALUE(j, p ..)           JSON_VALUE(j, p, returning, on_empty, default, on_error,
//   default);
//                                 returning: type text, '' is STRING; on_..:
//                                 'NULL'|'ERROR'|'DEFAULT'
//   JSON_QUERY(j, p ..)           JSON_QUERY(j, p, wrapper, on_empty, on_error); wrapper:
//   'WITHOUT'|
//                                 'CONDITIONAL'|'UNCONDITIONAL'; on_..: 'NULL'|'EMPTY ARRAY'|
//                                 'EMPTY OBJECT'|'ERROR'
//   JSON_OBJECT(k VALUE v ..)     JSON_OBJECT(on_null, k, v, ...); on_null: 'NULL'|'ABSENT'
//   JSON_ARRAY(v, .. )            JSON_ARRAY(on_null, v, ...)
//   ARRAY[a, ..], MAP[k, v, ..]   ARRAY[](a, ..), MAP[](k, v, ..); likewise ROW()(a, ..)
//   x[i]                          [](x, i); of a ROW .(x, n)
//   x.name                        .(x, n): n is the index of the field, from 0 on
//   CURRENT_DATE and the like     calls without arguments
//   INTERVAL '..' u [TO v]        a constant, see expr/interval.h
//
// The short forms JSON_EXISTS(j, p), JSON_VALUE(j, p) and JSON_QUERY(j, p) mean the defaults.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "expr/call.h"
#include "expr/ops.h"
#include "row/type.h"

namespace millrace {

// What is known about an argument before any row.
struct Argument {
  Type type;
  std::optional<std::string_view> constant = std::nullopt;  // text of a constant other than NULL
};
using Arguments = std::span<const Argument>;

// What Function::resolve decides: a result type, or what is wrong with the arguments.
struct Resolution {
  std::optional<Type> result;
  // The result may be NULL though its type says NOT NULL, which is Flink's type.
  bool may_be_null = false;
  // Types that the arguments are cast to before the call; arguments beyond its end stay as they
  // are.
  std::vector<Type> arguments;
  DiagnosticCode code = DiagnosticCode::kTypeMismatch;  // of the problem
  std::string problem;                                  // "needs a string, not INT"
  size_t bad_argument = 0;
};

// The sections of the reference page.
enum class Family : uint8_t {
  kComparison,
  kArithmetic,
  kText,
  kRegex,
  kTime,
  kConditional,
  kHash,
  kJson,
  kStructure,
  kHidden,  // made by the compiler, on no page
};
std::string_view ToString(Family family);

// What a call does with NULL: with kStrict the result is NULL if any argument is, and the function
// is not called; with kSeen the function gets the NULL.
enum class Nulls : uint8_t { kStrict, kSeen };

// A name may have several rows, which differ in their numbers of arguments: + has 1 or 2.
struct Function {
  static constexpr uint8_t kVariadic = 255;

  std::string_view name;       // as in the AST: "+", "IS NULL", "CONCAT"
  std::string_view signature;  // "SPLIT_INDEX(STRING, STRING, INT) -> STRING"
  uint8_t arguments_min;
  uint8_t arguments_max;  // kVariadic: any number
  // The types each argument may have, a letter each (see resolve.h); the last one is for the rest.
  std::string_view accepts;
  // Accepted arguments -> result; may still reject them.
  Resolution (*resolve)(Arguments arguments);
  Op op;                          // kCall: by evaluate
  Evaluate evaluate;              // null for the operators
  std::string_view help;          // one line for the reference page
  Nulls nulls = Nulls::kStrict;   // of evaluate
  bool deterministic = true;      // same arguments, same result: may be folded
  Family family = Family::kText;  // set in the list of all rows

  // True for functions (CONCAT, CURRENT_DATE), false for operators (+, IS NULL).
  bool is_called() const {
    const std::string_view rest =
        signature.starts_with(name) ? signature.substr(name.size()) : std::string_view();
    return rest.starts_with('(') || rest.starts_with(" ->");
  }
  bool Takes(size_t count) const {
    return count >= arguments_min && (arguments_max == kVariadic || count <= arguments_max);
  }
};

// All rows, family after family; they live as long as the process.
std::span<const Function> Functions();
// The row of that name and number of arguments; a row of that name if only the number is wrong.
const Function* FindFunction(std::string_view name, size_t arguments);
Resolution Resolve(const Function& function, Arguments arguments);

// Functions of Flink that Millrace does not run.
struct UnsupportedFunction {
  std::string_view name;
  std::string_view kind;    // for the reference page: "Aggregates"
  std::string_view advice;  // a sentence with {} for the name

  std::string Hint() const;
};
std::span<const UnsupportedFunction> UnsupportedFunctions();
const UnsupportedFunction* FindUnsupported(std::string_view name);

}  // namespace millrace
