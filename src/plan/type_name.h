// Types as they are written in SQL, and what they mean.
#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "row/type.h"
#include "sql/statement.h"

namespace millrace {

// The type that was written; nothing and an error if it is unknown or out of range.
std::optional<Type> ResolveType(const sql::TypeName& name, Diagnostics* diagnostics);
// What is wrong with a type for which IsTooComplex is true.
Diagnostic TypeTooComplex(Span span);
// As it would be written: the inverse.
sql::TypeName ToTypeName(const Type& type, Span span);

}  // namespace millrace
