#include "plan/not_found.h"

#include <fmt/format.h>

#include "base/quote.h"
#include "base/suggest.h"

namespace millrace {

Diagnostic TableNotFound(Span span, std::string_view name, const std::vector<std::string>& known,
                         std::string_view kind) {
  return {DiagnosticCode::kUnknownTable, span,
          fmt::format("{} {} is not defined", kind, Quoted(name)), DidYouMean(name, known)};
}

Diagnostic DatabaseNotFound(Span span, std::string_view name, std::string_view catalog,
                            const std::vector<std::string>& known) {
  return {DiagnosticCode::kUnknownObject, span,
          fmt::format("database {} does not exist in catalog {}", Quoted(name), Quoted(catalog)),
          DidYouMean(name, known)};
}

Diagnostic CatalogNotFound(Span span, std::string_view name,
                           const std::vector<std::string>& known) {
  return {DiagnosticCode::kUnknownObject, span,
          fmt::format("catalog {} does not exist", Quoted(name)), DidYouMean(name, known)};
}

}  // namespace millrace
