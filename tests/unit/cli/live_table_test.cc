#include "cli/live_table.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <memory>
#include <string>

using namespace millrace;

namespace {

class HandClock final : public Clock {
 public:
  int64_t NowMs() override { return now_ms; }
  int64_t WallMs() override { return now_ms; }
  void SleepMs(int64_t duration_ms) override { now_ms += duration_ms; }
  int64_t now_ms = 1'000'000;
};

ResultColumns OneColumn() {
  Schema schema;
  schema.columns.push_back({"id", Type::Of(TypeKind::kInt), ""});
  return ResultColumns(schema, "");
}

// A live table that is drawn into memory.
class Picture final {
 public:
  explicit Picture(size_t rows_max)
      : stream_(open_memstream(&text_, &size_)),
        table(OneColumn(), ResultStyle{}, rows_max, &clock, stream_) {}
  ~Picture() {
    std::fclose(stream_);
    std::free(text_);
  }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;

  void Change(RowKind kind, int64_t id) {
    auto batch = std::make_shared<Batch>(1);
    *batch->AddRow(kind) = Cell::Int(id);
    REQUIRE(table.Print(Page(std::move(batch), 0, 1, false)).ok());
  }
  // The ids that are shown, and the line below; empty if nothing was drawn since the last call.
  std::string Shown() {
    std::fflush(stream_);
    std::string drawn(text_ + taken_, size_ - taken_);
    taken_ = size_;
    std::string ids;
    for (size_t at = drawn.find("|"); at != std::string::npos; at = drawn.find("\n|", at + 1)) {
      const std::string line = drawn.substr(at, drawn.find('\033', at) - at);
      const size_t digits = line.find_first_of("0123456789");
      if (digits != std::string::npos) ids += line.substr(digits, line.rfind(" |") - digits) + " ";
    }
    const size_t footer = drawn.rfind("+\033[K\n");
    return drawn.empty()
               ? ""
               : ids + drawn.substr(footer + 5, drawn.find("\033", footer + 5) - footer - 5);
  }

  HandClock clock;

 private:
  char* text_ = nullptr;
  size_t size_ = 0;
  size_t taken_ = 0;
  std::FILE* stream_;

 public:
  LiveTable table;
};

}  // namespace

TEST_CASE("changes add up to a table that is drawn once a second") {
  Picture picture(100);
  picture.table.Begin();
  CHECK(picture.Shown() == "0 rows after 0 changes; Ctrl-C leaves");
  picture.Change(RowKind::kInsert, 1);
  picture.Change(RowKind::kInsert, 2);
  picture.Change(RowKind::kInsert, 1);
  picture.table.Tick();
  CHECK(picture.Shown().empty());  // not yet
  picture.clock.now_ms += 1000;
  picture.table.Tick();
  CHECK(picture.Shown() == "1 2 1 3 rows after 3 changes; Ctrl-C leaves");
  picture.clock.now_ms += 5000;
  picture.table.Tick();
  CHECK(picture.Shown().empty());  // nothing changed
  picture.Change(RowKind::kUpdateBefore, 2);
  picture.Change(RowKind::kUpdateAfter, 5);
  picture.Change(RowKind::kDelete, 1);  // the newest of the two
  picture.Change(RowKind::kDelete, 77);
  picture.table.Tick();
  CHECK(picture.Shown() == "1 5 2 rows after 7 changes; Ctrl-C leaves");
  picture.table.Finish(1230);
  CHECK(picture.Shown() == "1 5 Received a total of 7 rows");
}

TEST_CASE("only the newest rows are kept") {
  Picture picture(3);
  picture.table.Begin();
  picture.Shown();
  for (int64_t id = 1; id <= 10; ++id) picture.Change(RowKind::kInsert, id);
  picture.clock.now_ms += 1000;
  picture.table.Tick();
  CHECK(picture.Shown() == "8 9 10 3 rows after 10 changes; Ctrl-C leaves");
}
