// The part of the connector that reaches a cluster; its record (connector.cc) does without.
#include "connectors/connector.h"
#include "connectors/doris/http_api.h"
#include "connectors/doris/scan.h"
#include "connectors/doris/sink.h"
#include "connectors/doris/sink_config.h"
#include "connectors/doris/wait_log.h"

namespace millrace::doris {
namespace {

Result<std::unique_ptr<Sink>> OpenSink(const SinkRequest& request, const Environment& environment) {
  SinkConfig config = MakeSinkConfig(*request.options);
  config.http.stop = environment.stop;
  // Shared by the engine's thread and those of the loads, which all hold this function.
  config.http.on_wait = [waits = std::make_shared<WaitLog>(environment.clock, environment.log)](
                            const std::string& host, int64_t waited_ms) {
    waits->Report(host, waited_ms);
  };
  return MakeSink(request, environment, MakeHttpApi(config));
}

}  // namespace

extern const ConnectorOpener kOpener;
const ConnectorOpener kOpener = {.open_source = OpenScan, .open_sink = OpenSink};

}  // namespace millrace::doris
