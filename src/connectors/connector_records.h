// Every connector that was built in, as far as a compiler needs it: names, options, checks. They
// link no socket, no thread and no client library, and some of them cannot be opened. The
// definition is generated from the folder names.
#pragma once

#include <span>

#include "connectors/connector.h"

namespace millrace {

std::span<const Connector* const> ConnectorRecords();

}  // namespace millrace
