#include "runtime/single_row_source.h"

#include <fmt/format.h>

namespace millrace {
namespace {

// Its position is the number of rows that were read, 0 or 1.
class SingleRowSource final : public Source {
 public:
  explicit SingleRowSource(int64_t limit) : done_(limit == 0) {}

  Status Seek(std::span<const Position> positions) override {
    const Position& position = positions.front();
    if (position.empty()) return Status::Ok();
    const std::optional<uint64_t> rows = position.json()["row"].AsUint();
    if (!rows) {
      return Status::Permanent(
          fmt::format("{} is not a position of a single row", position.ToText()));
    }
    done_ = done_ || *rows > 0;
    return Status::Ok();
  }

  Status Poll(Batch* batch) override {
    if (!done_) batch->AddRow(RowKind::kInsert);
    done_ = true;
    batch->set_position(Position(Json::Object({{"row", 1}})));
    batch->set_end_of_input();
    return Status::Ok();
  }

  SourceProgress Progress(uint32_t) override {
    SourceProgress progress;
    progress.phase = done_ ? SourcePhase::kDone : SourcePhase::kSnapshot;
    progress.position = done_ ? "row 1" : "row 0";
    progress.rows_estimated = 1;
    progress.rows_read = done_ ? 1 : 0;
    return progress;
  }

 private:
  bool done_;
};

}  // namespace

std::unique_ptr<Source> MakeSingleRowSource(int64_t limit) {
  return std::make_unique<SingleRowSource>(limit);
}

}  // namespace millrace
