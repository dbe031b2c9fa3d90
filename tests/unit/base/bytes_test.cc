#include "base/bytes.h"

#include <doctest/doctest.h>

#include <string>
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

TEST_CASE("what a ByteWriter writes a ByteReader reads") {
  ByteWriter writer;
  writer.U8(0xfe);
  writer.U16(0x1234);
  writer.U32(0x89abcdef);
  writer.U64(0x0123456789abcdef);
  writer.Little(0xaabbccddee, 5);
  writer.Little(7, 0);
  writer.Bytes("text");
  const std::string bytes = writer.Take();
  CHECK(writer.bytes().empty());
  ByteReader reader({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  CHECK(reader.U8() == 0xfe);
  CHECK(reader.U16() == 0x1234);
  CHECK(reader.U32() == 0x89abcdef);
  CHECK(reader.U64() == 0x0123456789abcdef);
  CHECK(reader.Little(5) == 0xaabbccddee);
  CHECK(reader.Bytes(4) == "text");
  CHECK(reader.ok());
  CHECK(reader.remaining() == 0);
}

// Near the end of the buffer bytes are read one by one, before it by words.
TEST_CASE("integers of all widths at all distances from the end") {
  std::vector<uint8_t> bytes;
  for (uint8_t i = 0; i < 20; ++i) bytes.push_back(static_cast<uint8_t>(0xf0 + i * 7));
  for (size_t at = 0; at <= bytes.size(); ++at) {
    for (size_t width = 0; width <= 8; ++width) {
      uint64_t little = 0;
      uint64_t big = 0;
      const bool fits = at + width <= bytes.size();
      for (size_t i = 0; fits && i < width; ++i) {
        little |= uint64_t{bytes[at + i]} << (8 * i);
        big = big << 8 | bytes[at + i];
      }
      const std::span<const uint8_t> rest = std::span(bytes).subspan(at);
      ByteReader reader(rest);
      CHECK(reader.Little(width) == little);
      CHECK(reader.ok() == fits);
      ByteReader other(rest);
      CHECK(other.Big(width) == big);
      CHECK(other.ok() == fits);
    }
  }
}
