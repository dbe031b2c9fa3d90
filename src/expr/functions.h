// The table of operators and functions: one row is the whole truth about one of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/ops.h"
#include "row/type.h"

namespace millrace {

// What the types of the arguments come to: a result type, or what is wrong with them.
struct Resolution {
  std::optional<Type> result;
  // What the arguments are cast to before the call; empty: taken as they are.
  std::vector<Type> arguments;
  std::string complaint;  // "needs text, not INT"
  size_t bad_argument = 0;
};

struct Function {
  std::string_view name;  // as in the AST: "+", "IS NULL", "CONCAT"
  Op op;
  uint8_t arguments_min;
  uint8_t arguments_max;  // kVariadic: any number
  Resolution (*resolve)(std::span<const Type> arguments);
  std::string_view help;  // one line for the reference page

  static constexpr uint8_t kVariadic = 255;
};

std::span<const Function> Functions();
// The row of that name and number of arguments; the row of that name if only the number is wrong.
const Function* FindFunction(std::string_view name, size_t arguments);

// The type that both can be read as without loss of meaning (CASE, COALESCE, comparisons); nothing
// if there is none.
std::optional<Type> CommonType(const Type& a, const Type& b);
// True if an INSERT may put `from` into a column of type `to` by an implicit cast.
bool CanAssign(const Type& from, const Type& to);

}  // namespace millrace
