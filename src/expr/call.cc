#include "expr/call.h"

#include "expr/cast.h"
#include "expr/decimal.h"

namespace millrace {

std::string_view FunctionCall::Text(size_t index) const {
  return TextOf(arguments[index], arena, zone);
}

double FunctionCall::Double(size_t index) const { return NumberAsDouble(arguments[index]); }

}  // namespace millrace
