#include "connectors/cdc/batch_pool.h"

#include <doctest/doctest.h>

#include <thread>

using namespace millrace;
using namespace millrace::cdc;

namespace {

constexpr int64_t kWaitMs = 10'000;

std::unique_ptr<Batch> Filled(BatchPool* pool, int64_t value) {
  std::unique_ptr<Batch> batch = pool->Acquire();
  batch->AddRow(RowKind::kInsert)[0] = Cell::Int(value);
  return batch;
}

}  // namespace

TEST_CASE("batches arrive in order, and then the end of input") {
  BatchPool pool(1);
  REQUIRE(pool.Emit(Filled(&pool, 1)));
  REQUIRE(pool.Emit(Filled(&pool, 2)));
  pool.Finish(Status::Ok());
  Batch batch(1);
  for (const int64_t expected : {1, 2}) {
    REQUIRE(pool.Poll(&batch, kWaitMs).ok());
    REQUIRE(batch.rows() == 1);
    CHECK(batch.row(0)[0].i == expected);
    CHECK_FALSE(batch.end_of_input());
    batch.Reset(1);
  }
  for (int i = 0; i < 2; ++i) {  // and it stays so
    CHECK(pool.Poll(&batch, kWaitMs).ok());
    CHECK(batch.end_of_input());
  }
}

TEST_CASE("a failure follows the batches before it and stays") {
  BatchPool pool(1);
  REQUIRE(pool.Emit(Filled(&pool, 1)));
  pool.Finish(Status::Transient("gone"));
  Batch batch(1);
  REQUIRE(pool.Poll(&batch, kWaitMs).ok());
  CHECK(pool.Poll(&batch, kWaitMs).transient());
  CHECK(pool.Poll(&batch, kWaitMs).message() == "gone");
  CHECK_FALSE(batch.end_of_input());
}

TEST_CASE("nothing in time leaves the batch as it is") {
  BatchPool pool(1);
  Batch batch(1);
  CHECK(pool.Poll(&batch, 0).ok());
  CHECK(batch.empty());
  CHECK_FALSE(batch.end_of_input());
}

TEST_CASE("a stop ends an Emit that waits for room") {
  BatchPool pool(1);
  for (size_t i = 0; i < BatchPool::kQueuedMax; ++i) REQUIRE(pool.Emit(Filled(&pool, 0)));
  bool emitted = true;
  std::thread producer([&] { emitted = pool.Emit(Filled(&pool, 1)); });
  pool.Stop();
  producer.join();
  CHECK_FALSE(emitted);
  CHECK(pool.stopped());
  CHECK_FALSE(pool.Emit(Filled(&pool, 2)));
}

TEST_CASE("batches are used again, empty") {
  BatchPool pool(2);
  std::unique_ptr<Batch> first = Filled(&pool, 1);
  const Batch* const address = first.get();
  pool.Release(std::move(first));
  const std::unique_ptr<Batch> again = pool.Acquire();
  CHECK(again.get() == address);
  CHECK(again->empty());
  CHECK(again->stride() == 2);
}
