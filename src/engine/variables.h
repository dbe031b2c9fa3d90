// ${NAME} in statements, to keep secrets out of scripts: off unless the setting
// millrace.expand-variables is true. Values come from -D NAME=... and from the environment. Inside
// of a string literal or a quoted name a value cannot end it; comments are left alone; $${ is a
// plain ${. Spans of diagnostics stay those of the script, and their messages never show a value.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace millrace {

// The value of a variable; nothing if it is not defined.
using VariableLookup = std::function<std::optional<std::string>(const std::string& name)>;

class ExpandedStatement final {
 public:
  const std::string& text() const { return text_; }
  // A diagnostic about text(), as one about the script that the statement was taken from.
  Diagnostic InScript(Diagnostic diagnostic) const;

 private:
  friend class VariableExpander;

  struct Replacement {
    size_t begin;         // in text_
    size_t end;           //
    size_t script_begin;  // in the script
    size_t script_end;    //
    std::string name;
    std::string value;
  };

  size_t ToScript(size_t offset, bool is_end) const;
  std::string Concealed(std::string message) const;

  std::string text_;
  size_t script_begin_ = 0;
  std::vector<Replacement> replacements_;
};

// The statement script[begin, end) with its variables replaced. Nothing, with errors at their
// places, if one is not defined.
std::optional<ExpandedStatement> ExpandVariables(std::string_view script, size_t begin, size_t end,
                                                 const VariableLookup& lookup,
                                                 Diagnostics* diagnostics);

// A letter or _, then letters, digits or _.
bool IsVariableName(std::string_view name);

}  // namespace millrace
