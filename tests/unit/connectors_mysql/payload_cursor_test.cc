#include "connectors/mysql/binlog/payload_cursor.h"

#include <doctest/doctest.h>
#include <zstd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "connectors/mysql/binlog/log_event.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

using Bytes = std::vector<uint8_t>;

// `count` events of `size` bytes, one after the other.
Bytes Events(size_t count, size_t size) {
  Bytes events;
  for (size_t i = 0; i < count; ++i) {
    Bytes event(size, static_cast<uint8_t>(i));
    for (size_t b = 0; b < 4; ++b) event[9 + b] = static_cast<uint8_t>(size >> (8 * b));
    events.insert(events.end(), event.begin(), event.end());
  }
  return events;
}

Bytes Packed(const Bytes& events) {
  Bytes packed(ZSTD_compressBound(events.size()));
  packed.resize(ZSTD_compress(packed.data(), packed.size(), events.data(), events.size(), 3));
  return packed;
}

// The body of a TRANSACTION_PAYLOAD event.
Bytes Body(const Bytes& payload, uint8_t algorithm, uint32_t raw_size) {
  Bytes body = {2, 1, algorithm};
  if (algorithm == 255) body = {2, 3, 0xfc, 255, 0};
  body.insert(body.end(), {3, 5, 0xfe});
  body[body.size() - 2] = 9;
  for (size_t b = 0; b < 8; ++b)
    body.push_back(b < 4 ? static_cast<uint8_t>(raw_size >> (8 * b)) : 0);
  body.push_back(0);
  body.insert(body.end(), payload.begin(), payload.end());
  return body;
}

// How many events of `size` bytes come out, the body coming in pieces; -1 after an error or if
// something is left over.
int Count(const Bytes& body, size_t head, size_t piece, size_t size) {
  const std::span<const uint8_t> all(body);
  size_t at = std::min(head, body.size());
  auto cursor = PayloadCursor::Open(all.first(at));
  if (!cursor.ok()) return -1;
  int count = 0;
  for (;;) {
    const auto event = cursor.value()->Next();
    if (!event.ok()) return -1;
    if (event.value()) {
      CHECK(event.value()->size() == size);
      CHECK((*event.value())[size - 1] == static_cast<uint8_t>(count));
      ++count;
      continue;
    }
    if (at == body.size()) break;
    const size_t length = std::min(piece, body.size() - at);
    cursor.value()->Append(all.subspan(at, length));
    at += length;
  }
  return cursor.value()->IsComplete() ? count : -1;
}

}  // namespace

TEST_CASE("packed events, whole and in pieces") {
  const Bytes events = Events(5000, 300);
  const Bytes body = Body(Packed(events), 0, static_cast<uint32_t>(events.size()));
  CHECK(Count(body, body.size(), 1, 300) == 5000);
  for (const size_t piece : {1, 7, 1000}) CHECK(Count(body, 20, piece, 300) == 5000);
}

TEST_CASE("events that are not packed, and events larger than what is unpacked at a time") {
  const Bytes small = Events(100, 50);
  CHECK(Count(Body(small, 255, static_cast<uint32_t>(small.size())), 30, 10, 50) == 100);
  const Bytes large = Events(5, 1'000'000);
  const Bytes body = Body(Packed(large), 0, static_cast<uint32_t>(large.size()));
  CHECK(Count(body, 20, 50, 1'000'000) == 5);
}

TEST_CASE("payloads of several frames of zstd") {
  const Bytes events = Events(10, 100);
  Bytes packed = Packed(events);
  const Bytes again = packed;
  packed.insert(packed.end(), again.begin(), again.end());
  const Bytes body = Body(packed, 0, static_cast<uint32_t>(2 * events.size()));
  const std::span<const uint8_t> all(body);
  auto cursor = PayloadCursor::Open(all);
  REQUIRE(cursor.ok());
  int count = 0;
  while (cursor.value()->Next().value()) ++count;
  CHECK(count == 20);
  CHECK(cursor.value()->IsComplete());
}

TEST_CASE("malformed payloads") {
  const Bytes events = Events(10, 100);
  const Bytes packed = Packed(events);
  const auto size = static_cast<uint32_t>(events.size());
  CHECK_FALSE(PayloadCursor::Open({}).ok());
  CHECK_FALSE(PayloadCursor::Open(Body(packed, 7, size)).ok());  // unknown algorithm
  CHECK(Count(Body(packed, 0, size + 1), 20, 10, 100) == -1);
  const Bytes cut(packed.begin(), packed.end() - 1);
  CHECK(Count(Body(cut, 0, size), 20, 10, 100) == -1);
  Bytes surplus = events;
  surplus.push_back(0);
  CHECK(Count(Body(surplus, 255, size + 1), 30, 10, 100) == -1);
  Bytes no_size = events;
  std::fill_n(no_size.begin() + 9, 4, uint8_t{0});
  CHECK(Count(Body(no_size, 255, size), 30, 10, 100) == -1);
}
