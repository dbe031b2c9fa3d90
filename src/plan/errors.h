// The diagnostics that several parts of the compiler report, each with its code.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "connectors/connector.h"

namespace millrace {

// `known` are names that the user may have meant.
Diagnostic TableNotFound(Span span, std::string_view name, const std::vector<std::string>& known,
                         std::string_view kind = "table");
Diagnostic DatabaseNotFound(Span span, std::string_view name, std::string_view catalog,
                            const std::vector<std::string>& known);
Diagnostic CatalogNotFound(Span span, std::string_view name, const std::vector<std::string>& known);
Diagnostic ColumnNotFound(Span span, std::string_view name, const std::vector<std::string>& known);
Diagnostic ConnectorNotFound(Span span, std::string_view name,
                             std::span<const Connector* const> known);

// `what` parses and is not run: "ORDER BY", "method calls".
Diagnostic NotSupported(Span span, std::string_view what, std::string hint = "");
// Warning: `what` is accepted and ignored.
Diagnostic NoEffect(Span span, std::string_view what);

// "Available connectors: mysql-cdc, doris."
std::string AvailableConnectors(std::span<const Connector* const> connectors);

}  // namespace millrace
