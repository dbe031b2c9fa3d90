// The errors about names that nothing defines, each with its code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace millrace {

// `known` are names that the user may have meant.
Diagnostic TableNotFound(Span span, std::string_view name, const std::vector<std::string>& known,
                         std::string_view kind = "table");
Diagnostic DatabaseNotFound(Span span, std::string_view name, std::string_view catalog,
                            const std::vector<std::string>& known);
Diagnostic CatalogNotFound(Span span, std::string_view name, const std::vector<std::string>& known);

}  // namespace millrace
