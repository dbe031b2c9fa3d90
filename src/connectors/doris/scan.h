// Reading a Doris table: one SELECT of the needed columns over the query port, by a thread of its
// own, rows taken as they come. Bounded; it cannot be resumed in the middle, only before the first
// row and after the last.
#pragma once

#include <memory>

#include "connectors/connector.h"

namespace millrace::doris {

Result<std::unique_ptr<Source>> OpenScan(const SourceRequest& request,
                                         const Environment& environment);

}  // namespace millrace::doris
