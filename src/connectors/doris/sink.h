// The Doris sink: rows are printed in the caller's thread into the body of one load per lane, and
// streamed by a thread per load. A load is begun by its first row and ended by Prepare, which
// leaves it pre-committed; Commit makes it visible.
//
//   sink    the interface to the engine; prints rows (body_writer.h)
//   lanes   which load a row goes to, by its Doris key (lanes.h, lane.h)
//   load    one stream load (load.h), over StreamLoadApi
//   committer   commits and aborts transactions (committer.h), over StreamLoadApi
#pragma once

#include <memory>

#include "connectors/connector.h"
#include "connectors/doris/load.h"
#include "connectors/doris/sink_config.h"
#include "connectors/doris/stream_load_api.h"

namespace millrace::doris {

struct SinkLimits {
  int64_t load_bytes_max = kLoadBytesMax;
};

// A sink over any StreamLoadApi; what the connector opens is this over HTTP.
std::unique_ptr<Sink> MakeSink(const SinkRequest& request, const Environment& environment,
                               std::unique_ptr<StreamLoadApi> api, SinkLimits limits = {});

}  // namespace millrace::doris
