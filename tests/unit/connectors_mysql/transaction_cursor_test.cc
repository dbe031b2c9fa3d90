#include "connectors/mysql/binlog/transaction_cursor.h"

#include <doctest/doctest.h>

using namespace millrace;
using namespace millrace::mysql;

namespace {

using EndsWith = TransactionCursor::EndsWith;

LogPosition Start(uint64_t offset = 4) { return {"bin.000001", offset, std::nullopt}; }

void AddRows(uint32_t count, Batch* batch, TransactionCursor* cursor) {
  for (uint32_t i = 0; i < count; ++i) batch->AddRow(RowKind::kInsert);
  cursor->AddRows(count, batch);
}

// An event that ends at `end` and does nothing.
void Pass(uint32_t end, TransactionCursor* cursor) {
  cursor->EnterEvent(end);
  cursor->LeaveEvent();
}

}  // namespace

TEST_CASE("the position moves between transactions and at their ends only") {
  TransactionCursor cursor(Start());
  Batch batch(1);
  Pass(100, &cursor);
  CHECK(cursor.position().offset == 100);
  cursor.EnterEvent(150);
  cursor.Begin(EndsWith::kCommit);
  cursor.LeaveEvent();
  CHECK(cursor.position().offset == 100);
  CHECK_FALSE(cursor.at_boundary());
  cursor.EnterEvent(200);
  AddRows(2, &batch, &cursor);
  cursor.LeaveEvent();
  CHECK(cursor.position().offset == 100);
  cursor.EnterEvent(250);
  cursor.End();
  CHECK(cursor.position().offset == 250);
  CHECK(cursor.at_boundary());
}

TEST_CASE("rows that come again are dropped, new ones are not") {
  TransactionCursor cursor(Start());
  Batch batch(1);
  cursor.Begin(EndsWith::kCommit);
  AddRows(2, &batch, &cursor);
  AddRows(3, &batch, &cursor);
  cursor.Restart(cursor.position().offset);
  CHECK_FALSE(cursor.at_boundary());  // rows after position() were emitted
  cursor.Begin(EndsWith::kCommit);
  AddRows(2, &batch, &cursor);
  CHECK(batch.rows() == 5);
  AddRows(3, &batch, &cursor);
  CHECK(batch.rows() == 5);
  AddRows(1, &batch, &cursor);
  CHECK(batch.rows() == 6);
  cursor.End();
  CHECK(cursor.at_boundary());
}

TEST_CASE("a transaction that is rolled back by the death of the server") {
  TransactionCursor cursor(Start());
  Batch batch(1);
  cursor.Begin(EndsWith::kCommit);
  AddRows(2, &batch, &cursor);
  cursor.Restart(4);
  CHECK(cursor.Rotate({"bin.000002", 4}, &batch).ok());
  CHECK(batch.rows() == 0);
  CHECK(cursor.position().ToString() == "bin.000002:4");
  cursor.Begin(EndsWith::kCommit);
  AddRows(2, &batch, &cursor);
  batch.Reset(1);  // handed on
  AddRows(1, &batch, &cursor);
  CHECK_FALSE(cursor.RollBackOpenTransaction(&batch).ok());
}

TEST_CASE("another GTID after a restart means that the first one was rolled back") {
  LogPosition start = Start();
  start.gtids.emplace();
  TransactionCursor cursor(start);
  Batch batch(1);
  const std::string source = "6dd81401-e823-11f1-9967-02fc00000001";
  CHECK(cursor.BeginGtid({source, 1}, &batch).ok());
  AddRows(2, &batch, &cursor);
  cursor.Restart(4);
  CHECK(cursor.BeginGtid({source, 2}, &batch).ok());
  CHECK(batch.rows() == 0);
  AddRows(1, &batch, &cursor);
  cursor.End();
  CHECK(cursor.position().gtids->ToString() == source + ":2");
}

TEST_CASE("rows whose checksum turns out to be wrong") {
  TransactionCursor cursor(Start());
  Batch batch(1);
  cursor.Begin(EndsWith::kCommit);
  AddRows(2, &batch, &cursor);
  cursor.BeginUnverified();
  AddRows(3, &batch, &cursor);
  CHECK(cursor.DropUnverifiedRows(&batch));
  CHECK(batch.rows() == 2);
  cursor.Restart(4);
  cursor.Begin(EndsWith::kCommit);
  AddRows(2, &batch, &cursor);
  cursor.BeginUnverified();
  AddRows(3, &batch, &cursor);
  CHECK(batch.rows() == 5);
  batch.Reset(1);  // handed on
  AddRows(1, &batch, &cursor);
  CHECK_FALSE(cursor.DropUnverifiedRows(&batch));
}

TEST_CASE("offsets beyond 4 GiB, of which events have the low 32 bits") {
  constexpr uint64_t kGib = uint64_t{1} << 30;
  TransactionCursor cursor(Start());
  for (const uint64_t offset : {kGib, 2 * kGib, 3 * kGib, 4 * kGib + 5, 5 * kGib, 6 * kGib}) {
    Pass(static_cast<uint32_t>(offset), &cursor);
    CHECK(cursor.position().offset == offset);
  }
  // What is passed over when the events come again from the start of the file.
  cursor.Restart(4);
  CHECK(cursor.Rotate({"bin.000001", 4}, nullptr).ok());
  for (const uint64_t offset : {kGib, 2 * kGib, 3 * kGib, 4 * kGib + 5, 5 * kGib, 6 * kGib}) {
    Pass(static_cast<uint32_t>(offset), &cursor);
    CHECK(cursor.IsReplayed());
    CHECK(cursor.position().offset == 6 * kGib);
  }
  Pass(static_cast<uint32_t>(6 * kGib + 1), &cursor);
  CHECK_FALSE(cursor.IsReplayed());
  CHECK(cursor.position().offset == 6 * kGib + 1);
}

TEST_CASE("an offset that goes back is taken as it is") {
  TransactionCursor cursor(Start(5000));
  Pass(126, &cursor);
  CHECK(cursor.position().offset == 126);
}
