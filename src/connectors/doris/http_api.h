// The StreamLoadApi over HTTP: frontends in turn, a new one after each failure; a load goes where
// the frontend redirects it, or to a backend we choose.
#pragma once

#include <memory>

#include "connectors/doris/settings.h"
#include "connectors/doris/stream_load_api.h"

namespace millrace::doris {

std::unique_ptr<StreamLoadApi> MakeHttpApi(const Settings& settings);

}  // namespace millrace::doris
