// The options of the connector that ask for TLS.
#pragma once

#include "base/diagnostic.h"
#include "connectors/options.h"

namespace millrace::doris {

// Pure. Reports every option that asks for TLS where there would be none: the password would be
// sent without encryption by somebody who believes otherwise.
void CheckTls(const Options& options, Diagnostics* diagnostics);

}  // namespace millrace::doris
