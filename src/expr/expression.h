// A bound expression: names are slots, functions are rows of the function table, every node has a
// type. Made by the binder, compiled to a Program.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "row/type.h"

namespace millrace {

struct Function;

struct BoundExpression {
  enum class Kind : uint8_t {
    kSlot,      // a column the source fills
    kConstant,  // text and type; NULL if is_null
    kCall,      // function over children
    kCast,      // children[0] to type
    kCase,      // children: when, then, when, then, ..., else
  };

  Kind kind = Kind::kConstant;
  Type type;
  uint32_t slot = 0;
  std::string text;
  bool is_null = false;
  // NULL instead of failing: TRY_CAST, and CAST under table.exec.legacy-cast-behaviour = ENABLED.
  bool try_cast = false;
  const Function* function = nullptr;
  std::vector<BoundExpression> children;
  bool may_be_null = false;  // though the type says NOT NULL, as Flink's does: see Resolution
};

}  // namespace millrace
