#include "engine/cursor.h"

#include <thread>

#include "unit/engine/workshop.h"

using namespace millrace;
using testing::Workshop;

namespace {

constexpr int64_t kLongMs = 10'000;

// All rows of a bounded query, as "id:name" each, read by pages of that many rows.
std::vector<std::string> Drain(Cursor* cursor, size_t rows_max) {
  std::vector<std::string> rows;
  for (bool last = false; !last;) {
    const Result<Page> page = cursor->Next(rows_max, kLongMs);
    REQUIRE(page.ok());
    CHECK(page->rows() <= rows_max);
    for (uint32_t i = 0; i < page->rows(); ++i) {
      const Cell* row = page->row(i);
      rows.push_back(std::to_string(row[0].i) + ":" +
                     (row[1].is_null() ? "NULL" : std::string(row[1].view())));
    }
    last = page->last();
  }
  return rows;
}

}  // namespace

TEST_CASE("the rows of a query are pulled in pages of any size") {
  Workshop workshop;
  const std::vector<std::string> expected = {"1:one", "2:NULL", "3:three"};
  for (const size_t rows_max : {1u, 2u, 100u}) {
    const auto cursor = workshop.Select("SELECT id, name FROM few");
    CHECK_FALSE(cursor->is_stream());
    CHECK(cursor->schema().columns[1].name == "name");
    CHECK(Drain(cursor.get(), rows_max) == expected);
    CHECK(cursor->Next(rows_max, 0)->last());  // and stays at the end
  }
}

TEST_CASE("a page outlives its cursor") {
  Workshop workshop;
  auto cursor = workshop.Select("SELECT name FROM few LIMIT 1");
  const Result<Page> page = cursor->Next(1, kLongMs);
  REQUIRE(page.ok());
  REQUIRE(page->rows() == 1);
  cursor.reset();
  CHECK(page->row(0)[0].view() == "one");
  CHECK(page->kind(0) == RowKind::kInsert);
}

TEST_CASE("a wait for rows ends with its time") {
  Workshop workshop;
  const auto cursor = workshop.Select("SELECT id FROM endless WHERE id IS NULL");
  CHECK(cursor->is_stream());
  const Result<Page> page = cursor->Next(10, 5);
  REQUIRE(page.ok());
  CHECK(page->rows() == 0);
  CHECK_FALSE(page->last());
}

TEST_CASE("a cursor is cancelled by another thread while one waits for rows") {
  Workshop workshop;
  const auto cursor = workshop.Select("SELECT id FROM endless WHERE id IS NULL");
  std::atomic<bool> waiting = false;
  Status end;
  std::thread reader([&] {
    waiting = true;
    end = cursor->Next(10, 60'000).status();
  });
  REQUIRE(Workshop::Await([&] { return waiting.load(); }));
  const int64_t before_ms = SystemClock().NowMs();
  cursor->Cancel();
  reader.join();
  CHECK(end.cancelled());
  CHECK(SystemClock().NowMs() - before_ms < 5'000);
  CHECK(cursor->Next(10, 0).status().cancelled());
}

// Under the thread sanitizer this finds a reader that looks at how the query ended before it has.
TEST_CASE("a cursor is cancelled at any moment of a short query") {
  Workshop workshop;
  for (int i = 0; i < 100; ++i) {
    const auto cursor = workshop.Select("SELECT id FROM few");
    Status end;
    std::thread reader([&] {
      for (bool last = false; !last && end.ok();) {
        const Result<Page> page = cursor->Next(10, 0);
        end = page.status();
        last = page.ok() && page->last();
      }
    });
    cursor->Cancel();
    reader.join();
    CHECK((end.ok() || end.cancelled()));
    CHECK(cursor->Next(10, 0).status().cancelled());
  }
}

TEST_CASE("a query waits for a slow reader") {
  Workshop workshop;
  const auto cursor = workshop.Select("SELECT id, name FROM flood");
  // What a page holds is what the query may be ahead by: first the queue, then the reader's batch.
  Result<Page> page = cursor->Next(1, kLongMs);
  REQUIRE(page.ok());
  REQUIRE(page->rows() == 1);
  REQUIRE(Workshop::Await([&] { return cursor->batches_ahead() == Cursor::kBatchesAheadMax; }));
  for (int i = 0; i < 50; ++i) {
    CHECK(cursor->batches_ahead() <= Cursor::kBatchesAheadMax);
    page = cursor->Next(1000, kLongMs);
    REQUIRE(page.ok());
    CHECK(page->rows() <= 1000);
  }
}

TEST_CASE("the error of a query comes after its rows") {
  Workshop workshop;
  workshop.Run(
      "CREATE TABLE texts (v STRING) WITH ('connector' = 'values', 'rows' = '[[\"1\"], [\"x\"]]')");
  const auto cursor = workshop.Select("SELECT CAST(v AS INT) FROM texts");
  Status end;
  REQUIRE(Workshop::Await([&] {
    end = cursor->Next(10, 100).status();
    return !end.ok();
  }));
  CHECK_FALSE(end.cancelled());
  CHECK(end.message().find("x") != std::string::npos);
  CHECK(cursor->Next(10, 0).status().message() == end.message());
}

TEST_CASE("a cursor that is dropped ends its query") {
  Workshop workshop;
  for (int i = 0; i < 20; ++i) workshop.Select("SELECT id, name FROM flood");
}
