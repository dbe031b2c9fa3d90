// Moves the spans of a statement: what is composed of texts from several places of a script, or
// from several scripts, is reported where it was composed.
#pragma once

#include "base/diagnostic.h"
#include "sql/statement.h"

namespace millrace {

// Sets every span in `create` to `span`.
void SetSpans(sql::CreateTable* create, Span span);

}  // namespace millrace
