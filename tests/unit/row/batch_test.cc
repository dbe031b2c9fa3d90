// Which rows of a batch are of which table.
#include "row/batch.h"

#include <doctest/doctest.h>

#include <string>

using namespace millrace;

namespace {

// "0: 0-2, 1: 2-3"; runs without rows are left out.
std::string Runs(const Batch& batch) {
  std::string text;
  for (size_t i = 0; i < batch.runs(); ++i) {
    const RowRun run = batch.run(i);
    if (run.begin == run.end) continue;
    if (!text.empty()) text += ", ";
    text += std::to_string(run.table) + ": " + std::to_string(run.begin) + "-" +
            std::to_string(run.end);
  }
  return text;
}

void Add(Batch* batch, uint32_t table, int rows) {
  batch->BeginRun(table);
  for (int i = 0; i < rows; ++i) batch->AddRow(RowKind::kInsert)[0] = Cell::Int(i);
}

}  // namespace

TEST_CASE("all rows are of table 0 unless it is said otherwise") {
  Batch batch(1);
  CHECK(Runs(batch).empty());
  batch.AddRow(RowKind::kInsert);
  CHECK(Runs(batch) == "0: 0-1");
}

TEST_CASE("rows of several tables stand in their order") {
  Batch batch(1);
  Add(&batch, 0, 2);
  Add(&batch, 1, 1);
  Add(&batch, 1, 1);
  Add(&batch, 0, 3);
  CHECK(Runs(batch) == "0: 0-2, 1: 2-4, 0: 4-7");
  batch.Reset(1);
  Add(&batch, 2, 1);
  CHECK(Runs(batch) == "2: 0-1");
}

TEST_CASE("rows that are dropped take nothing of the others with them") {
  Batch batch(1);
  Add(&batch, 0, 2);
  Add(&batch, 1, 2);
  for (int i = 0; i < 3; ++i) batch.DropLastRow();
  CHECK(Runs(batch) == "0: 0-1");
  Add(&batch, 1, 1);  // the table that was last
  CHECK(Runs(batch) == "0: 0-1, 1: 1-2");
  for (int i = 0; i < 2; ++i) batch.DropLastRow();
  Add(&batch, 0, 1);
  CHECK(Runs(batch) == "0: 0-1");
}
