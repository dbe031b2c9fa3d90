// The StreamLoadApi over HTTP: frontends in turn, a new one after each failure; a load goes where
// the frontend redirects it, or to a backend we choose.
#pragma once

#include <memory>

#include "connectors/doris/sink_config.h"
#include "connectors/doris/stream_load_api.h"

namespace millrace::doris {

std::unique_ptr<StreamLoadApi> MakeHttpApi(const SinkConfig& config);

}  // namespace millrace::doris
