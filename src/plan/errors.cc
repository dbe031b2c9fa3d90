#include "plan/errors.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"

namespace millrace {
namespace {

std::vector<std::string> NamesOf(std::span<const Connector* const> connectors) {
  std::vector<std::string> names;
  for (const Connector* connector : connectors) names.emplace_back(connector->name);
  return names;
}

}  // namespace

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

Diagnostic ColumnNotFound(Span span, std::string_view name, const std::vector<std::string>& known) {
  return {DiagnosticCode::kUnknownColumn, span,
          fmt::format("column {} is not defined", Quoted(name)), DidYouMean(name, known)};
}

Diagnostic ConnectorNotFound(Span span, std::string_view name,
                             std::span<const Connector* const> known) {
  const std::string hint = DidYouMean(name, NamesOf(known));
  return {DiagnosticCode::kUnknownConnector, span,
          fmt::format("connector {} is not known", Quoted(name)),
          hint.empty() ? AvailableConnectors(known) : hint};
}

Diagnostic NotSupported(Span span, std::string_view what, std::string hint) {
  return {DiagnosticCode::kNotSupported, span, fmt::format("Millrace does not support {}", what),
          std::move(hint)};
}

Diagnostic NoEffect(Span span, std::string_view what) {
  return {DiagnosticCode::kNoEffect, span, fmt::format("{} has no effect", what), "",
          Severity::kWarning};
}

std::string AvailableConnectors(std::span<const Connector* const> connectors) {
  return fmt::format("Available connectors: {}.", Join(NamesOf(connectors), ", "));
}

}  // namespace millrace
