// 'connector' = 'blackhole': discards every row. For measuring what comes before it.
#include "connectors/connector.h"

namespace millrace::blackhole {
namespace {

class BlackholeSink final : public Sink {
 public:
  Status Open() override { return Status::Ok(); }
  Status Recover(std::string_view) override { return Status::Ok(); }
  Status Write(const Batch&, std::span<const uint32_t>) override { return Status::Ok(); }
  Result<std::string> Prepare(uint64_t) override { return std::string(); }
  Status Commit(std::string_view) override { return Status::Ok(); }
};

Result<std::unique_ptr<Sink>> OpenSink(const SinkRequest&, const Environment&) {
  return std::unique_ptr<Sink>(std::make_unique<BlackholeSink>());
}

}  // namespace

extern const Connector kConnector;
const Connector kConnector = {
    .name = "blackhole",
    .help = "Discards every row.",
    .is_sink = true,
    .accepts_updates = true,
    .takes_structures = true,
    .open_sink = OpenSink,
};

}  // namespace millrace::blackhole
