// The StreamLoadApi over HTTP: frontends in turn, a new one after each failure; a load goes where
// the frontend redirects it, or to a backend we choose.
//
// The password is sent to the hosts the user named and to where those redirect (net/redirect.h):
// with 'benodes' only to hosts of 'fenodes' and 'benodes'. Commits and aborts go to the 'benodes',
// too, because a frontend would redirect them to any backend.
#pragma once

#include <memory>

#include "connectors/doris/sink_config.h"
#include "connectors/doris/stream_load_api.h"

namespace millrace::doris {

std::unique_ptr<StreamLoadApi> MakeHttpApi(const SinkConfig& config);

// Pure. What to do with the error log at `url`, named by an answer of Doris.
enum class ErrorLogAccess : uint8_t {
  kNever,            // no HTTP URL, or without TLS where TLS was asked for
  kWithoutPassword,  // not on a host of the cluster
  kWithPassword,
};
// `load_url` is where the latest load went.
ErrorLogAccess AccessToErrorLog(const SinkConfig& config, const std::string& load_url,
                                const std::string& url);

}  // namespace millrace::doris
