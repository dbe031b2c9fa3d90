#include "base/bytes.h"

#include <doctest/doctest.h>

#include <vector>

#include "base/queue.h"

using namespace millrace;

TEST_CASE("the cursor reads and stays failed after an overrun") {
  const std::vector<uint8_t> bytes = {0x01, 0x02, 0x03, 0x04, 0x05, 'a', 'b'};
  ByteReader reader(bytes);
  CHECK(reader.U8() == 1);
  CHECK(reader.U16() == 0x0302);
  CHECK(reader.Big(2) == 0x0405);
  CHECK(reader.Bytes(2) == "ab");
  CHECK(reader.ok());
  CHECK(reader.U32() == 0);
  CHECK_FALSE(reader.ok());
  CHECK(reader.U8() == 0);
  CHECK_FALSE(reader.ok());
}

TEST_CASE("a length that is not there takes nothing") {
  const std::vector<uint8_t> bytes = {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 'x'};
  ByteReader reader(bytes);
  const uint64_t length = reader.LengthEncoded();
  CHECK(length == UINT64_MAX);
  CHECK(reader.Bytes(length).empty());
  CHECK_FALSE(reader.ok());
}

TEST_CASE("every width of a length-encoded integer") {
  const std::vector<uint8_t> bytes = {0xfa, 0xfc, 0x01, 0x02, 0xfd, 0x01, 0x02, 0x03, 0xfb};
  ByteReader reader(bytes);
  CHECK(reader.LengthEncoded() == 0xfa);
  CHECK(reader.LengthEncoded() == 0x0201);
  CHECK(reader.LengthEncoded() == 0x030201);
  CHECK(reader.ok());
  reader.LengthEncoded();
  CHECK_FALSE(reader.ok());
}

TEST_CASE("a closed queue gives what is inside and takes nothing more") {
  BoundedQueue<int> queue(2);
  CHECK(queue.Push(1));
  CHECK(queue.Push(2));
  queue.Close();
  CHECK_FALSE(queue.Push(3));
  CHECK(queue.Pop() == 1);
  CHECK(queue.Pop(0) == 2);
  CHECK_FALSE(queue.Pop().has_value());
}
