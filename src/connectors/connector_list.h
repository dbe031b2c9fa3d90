// Every connector that was built in, as a program needs it: it can open them. The definition is
// generated from the folder names.
#pragma once

#include <span>

#include "connectors/connector.h"

namespace millrace {

std::span<const Connector* const> AllConnectors();

}  // namespace millrace
