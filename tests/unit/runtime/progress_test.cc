#include "runtime/progress.h"

#include <doctest/doctest.h>

namespace millrace {
namespace {

SourceProgress Streaming(std::string position) {
  SourceProgress progress;
  progress.phase = SourcePhase::kStreaming;
  progress.position = std::move(position);
  return progress;
}

TEST_CASE("several sources are shown as one: sums, the greatest lag, the phase people wait for") {
  SourceProgress first = Streaming("binlog.000001:4");
  first.lag_ms = 100;
  first.tables = first.tables_done = 2;
  SourceProgress second;
  second.phase = SourcePhase::kSnapshot;
  second.tables = 3;
  second.tables_done = 1;
  second.rows_estimated = 500;
  second.rows_read = 20;
  const SourceProgress sources[] = {first, second};
  const SourceProgress all = Combined(sources);
  CHECK(all.phase == SourcePhase::kSnapshot);
  CHECK(all.tables == 5);
  CHECK(all.tables_done == 3);
  CHECK(all.lag_ms == 100);
  CHECK(ToText(all) ==
        "snapshot, 3/5 tables, 20 of about 500 rows read, at binlog.000001:4, lag 0.1 s");
}

TEST_CASE("without a snapshot the source that has come least far names the phase") {
  SourceProgress opening, done;
  done.phase = SourcePhase::kDone;
  const SourceProgress sources[] = {Streaming("a:1"), opening, done, Streaming("b:2"),
                                    Streaming("a:1")};
  CHECK(Combined(sources).phase == SourcePhase::kOpening);
  CHECK(Combined(sources).position == "a:1; b:2");
  CHECK(Combined({}).phase == SourcePhase::kOpening);
}

TEST_CASE("durations are short and have units") {
  CHECK(DurationText(0) == "0 ms");
  CHECK(DurationText(850) == "850 ms");
  CHECK(DurationText(2'000) == "2 s");
  CHECK(DurationText(2'500) == "2.5 s");
  CHECK(DurationText(90'000) == "90 s");
}

TEST_CASE("the board shows what was published last") {
  ProgressBoard board;
  CHECK(board.Read().rows == 0);
  JobProgress progress;
  progress.rows = 7;
  board.Publish(progress);
  CHECK(board.Read().rows == 7);
}

}  // namespace
}  // namespace millrace
