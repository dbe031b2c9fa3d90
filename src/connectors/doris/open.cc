// The part of the connector that reaches a cluster; its record (connector.cc) does without.
#include "connectors/connector.h"
#include "connectors/doris/http_api.h"
#include "connectors/doris/scan.h"
#include "connectors/doris/sink.h"
#include "connectors/doris/sink_config.h"

namespace millrace::doris {
namespace {

Result<std::unique_ptr<Sink>> OpenSink(const SinkRequest& request, const Environment& environment) {
  return MakeSink(request, environment, MakeHttpApi(MakeSinkConfig(*request.options)));
}

}  // namespace

extern const ConnectorOpener kOpener;
const ConnectorOpener kOpener = {.open_source = OpenScan, .open_sink = OpenSink};

}  // namespace millrace::doris
