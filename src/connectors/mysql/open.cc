// The part of the connector that reaches a server; its record (connector.cc) does without.
#include "connectors/connector.h"
#include "connectors/mysql/preflight.h"
#include "connectors/mysql/source.h"

namespace millrace::mysql {

extern const ConnectorOpener kOpener;
const ConnectorOpener kOpener = {
    .open_source = OpenSource, .open_shared_source = OpenSharedSource, .check_source = CheckSource};

}  // namespace millrace::mysql
