// What compiling a statement looks at, and where it reports what is wrong.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "connectors/connector.h"
#include "plan/errors.h"

namespace millrace {

class Catalogs;
class Settings;

// Borrows everything; lives as long as the statement.
struct PlanContext {
  std::span<const Connector* const> connectors;
  const Catalogs& catalogs;
  const Settings& settings;
  Diagnostics* diagnostics;

  void Report(Diagnostic diagnostic) const { diagnostics->push_back(std::move(diagnostic)); }
  void Error(DiagnosticCode code, Span span, std::string message, std::string hint = "") const {
    diagnostics->emplace_back(code, span, std::move(message), std::move(hint));
  }
};

// Whether errors were added after the diagnostics had the size `before`.
inline bool HasNewErrors(const Diagnostics& diagnostics, size_t before) {
  for (size_t i = before; i < diagnostics.size(); ++i) {
    if (diagnostics[i].severity == Severity::kError) return true;
  }
  return false;
}

}  // namespace millrace
