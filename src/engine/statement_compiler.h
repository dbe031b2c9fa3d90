// Statements of a script to outcomes: a session, and the variables ${NAME} in its statements. Pure:
// no file, no network, no job. Copies are independent of each other, so that a script can be tried
// before it is run.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "engine/variables.h"
#include "plan/compiler.h"

namespace millrace {

class StatementCompiler final {
 public:
  // `connectors` must outlive it. `variables` knows the values of ${NAME}.
  StatementCompiler(std::span<const Connector* const> connectors, VariableLookup variables)
      : session_(connectors), variables_(std::move(variables)) {}

  // That statement of the script; diagnostics are about the script. Nothing, with an
  // error, if it is not accepted: then the session is as it was.
  std::optional<Outcome> Compile(std::string_view script, const sql::Piece& statement,
                                 Diagnostics* diagnostics);
  // A setting that the script cannot change, such as -D.
  bool SetValue(std::string_view key, std::string_view value, Diagnostics* diagnostics) {
    return session_.SetValue(key, value, diagnostics);
  }

  const Session& session() const { return session_; }

 private:
  Session session_;
  VariableLookup variables_;
};

}  // namespace millrace
