// 'connector' = 'print': writes every row to standard output (or error) as it comes, as Flink does:
// +I[1, apple]. What was printed cannot be taken back, so after a crash rows since the last
// checkpoint are printed again.
#include <cstdio>

#include "connectors/connector.h"
#include "row/print.h"

namespace millrace::print {
namespace {

constexpr OptionSpec kOptions[] = {
    {.key = "print-identifier", .help = "Text printed before every row, followed by \"> \"."},
    {.key = "standard-error",
     .kind = OptionKind::kBoolean,
     .default_value = "false",
     .help = "Print to standard error instead of standard output."},
    {.key = "sink.parallelism", .kind = OptionKind::kInteger, .ignored = true},
};

// As Flink prints values of its API: a row inside of a row has a kind as well.
constexpr StructureStyle kStyle{"+I[", "]", "null"};

class PrintSink final : public Sink {
 public:
  explicit PrintSink(const SinkRequest& request)
      : slots_(request.slots),
        zone_(request.zone),
        stream_(request.options->Boolean("standard-error") ? stderr : stdout) {
    const std::string& identifier = request.options->Text("print-identifier");
    if (!identifier.empty()) prefix_ = identifier + "> ";
  }

  Status Open() override { return Status::Ok(); }
  Status Recover(std::string_view) override { return Status::Ok(); }

  Status Write(const Batch& batch, std::span<const uint32_t> rows) override {
    text_.clear();
    for (const uint32_t index : rows) AppendRow(batch.kind(index), batch.row(index));
    const bool written = std::fwrite(text_.data(), 1, text_.size(), stream_) == text_.size() &&
                         std::fflush(stream_) == 0;
    if (!written) return Status::Permanent("printing rows failed: the output was closed");
    return Status::Ok();
  }

  Result<std::string> Prepare(uint64_t) override { return std::string(); }
  Status Commit(std::string_view) override { return Status::Ok(); }

 private:
  void AppendRow(RowKind kind, const Cell* row) {
    text_ += prefix_;
    text_ += ToString(kind);
    text_ += '[';
    for (size_t i = 0; i < slots_.size(); ++i) {
      if (i > 0) text_ += ", ";
      const Cell& cell = row[slots_[i]];
      if (cell.is_null()) {
        text_ += kStyle.null;
      } else if (cell.is_structured()) {
        PrintStructure(
            cell, kStyle, [&](std::string_view sign) { text_ += sign; },
            [&](const Cell& item) { AppendCell(&text_, item, zone_); });
      } else {
        AppendCell(&text_, cell, zone_);
      }
    }
    text_ += "]\n";
  }

  const std::vector<uint32_t> slots_;
  const TimeZone zone_;
  std::FILE* const stream_;
  std::string prefix_;
  std::string text_;
};

Result<std::unique_ptr<Sink>> OpenSink(const SinkRequest& request, const Environment&) {
  return std::unique_ptr<Sink>(std::make_unique<PrintSink>(request));
}

}  // namespace

extern const Connector kConnector;
const Connector kConnector = {
    .name = "print",
    .help = "Prints every row to standard output.",
    .options = kOptions,
    .is_sink = true,
    .accepts_updates = true,
    .takes_structures = true,
    .open_sink = OpenSink,
};

}  // namespace millrace::print
