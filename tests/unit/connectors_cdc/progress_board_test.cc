#include "connectors/cdc/progress_board.h"

#include <doctest/doctest.h>

using namespace millrace;
using namespace millrace::cdc;

TEST_CASE("a source that is opening knows nothing yet") {
  const ProgressBoard board;
  const SourceProgress progress = board.Read(1'000);
  CHECK(progress.phase == SourcePhase::kOpening);
  CHECK(progress.lag_ms == -1);
  CHECK(progress.lag_bytes == -1);
}

TEST_CASE("rows of a snapshot count from what earlier runs have read") {
  ProgressBoard board;
  board.SetTables(SourcePhase::kSnapshot, 3, 1'000);
  board.SetTablesDone(1);
  board.AddRowsRead(400);  // from the position
  board.AddRowsRead(5);
  const SourceProgress progress = board.Read(0);
  CHECK(progress.rows_read == 405);
  CHECK(progress.rows_estimated == 1'000);
  CHECK(progress.tables_done == 1);
}

TEST_CASE("lag is the age of the last change, and none when everything is read") {
  ProgressBoard board;
  board.SetTables(SourcePhase::kSnapshot, 1, 10);
  board.SetStreaming();
  board.SetPosition("bin.000001:4", 100);
  board.SetLagBytes(77);
  SourceProgress progress = board.Read(103'500);
  CHECK(progress.lag_ms == 3'500);
  CHECK(progress.lag_bytes == 77);
  CHECK(progress.tables_done == 1);
  CHECK(progress.position == "bin.000001:4");
  board.SetCaughtUp(true);
  progress = board.Read(103'500);
  CHECK(progress.lag_ms == 0);
  CHECK(progress.lag_bytes == 0);
  board.SetCaughtUp(false);
  CHECK(board.Read(99'000).lag_ms == 0);  // the server's clock is ahead of ours
}
