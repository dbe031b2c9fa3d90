#include "connectors/mysql/wire/compressed_stream.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <string>

using namespace millrace::mysql;

namespace {

std::string Header(size_t bytes, size_t unpacked) {
  std::string header;
  for (const size_t number : {bytes, unpacked}) {
    for (int shift = 0; shift < 24; shift += 8) header += static_cast<char>(number >> shift);
    if (header.size() == 3) header += '\0';  // the number of the frame
  }
  return header;
}

std::string Packed(const std::string& text) {
  uLongf size = compressBound(text.size());
  std::string out(size, '\0');
  REQUIRE(compress(reinterpret_cast<Bytef*>(out.data()), &size,
                   reinterpret_cast<const Bytef*>(text.data()), text.size()) == Z_OK);
  out.resize(size);
  return Header(size, text.size()) + out;
}

std::string Stored(const std::string& text) { return Header(text.size(), 0) + text; }

// What is unpacked from bytes that come at most `step` at a time, into `room` bytes; ends with
// "!" if the stream failed before the end of the bytes was asked for.
std::string Unpack(const std::string& bytes, size_t step, size_t room) {
  size_t at = 0;
  bool at_end = false;
  CompressedStream stream([&](uint8_t* out, size_t size) -> int64_t {
    const size_t length = std::min({size, step, bytes.size() - at});
    std::memcpy(out, bytes.data() + at, length);
    at += length;
    at_end = length == 0;
    return static_cast<int64_t>(length);
  });
  std::string unpacked;
  std::string buffer(room, '\0');
  for (;;) {
    const int64_t came = stream.Unpack(reinterpret_cast<uint8_t*>(buffer.data()), room);
    if (came <= 0) return at_end ? unpacked : unpacked + "!";
    unpacked.append(buffer, 0, static_cast<size_t>(came));
  }
}

std::string Noise(size_t size) {
  std::string text;
  uint32_t state = 1;
  while (text.size() < size) {
    state = state * 1664525u + 1013904223u;
    text += static_cast<char>(state >> 24);
  }
  return text;
}

}  // namespace

TEST_CASE("frames are unpacked however they come and whatever room there is") {
  const std::string large = std::string(300'000, 'x') + Noise(100'000);
  const std::string bytes = Packed("one") + Stored("two") + Packed(large) + Stored("") +
                            Packed(std::string(1, 'a')) + Stored(Noise(70'000));
  const std::string wanted = "onetwo" + large + "a" + Noise(70'000);
  for (const size_t step : {size_t{1}, size_t{7}, size_t{8}, size_t{65'536}, bytes.size()}) {
    for (const size_t room : {size_t{1}, size_t{100}, size_t{65'536}, size_t{1'000'000}}) {
      if (step * room < 100 && step != room) continue;  // would take long and show nothing new
      CHECK(Unpack(bytes, step, room) == wanted);
    }
  }
}

TEST_CASE("a stream that is cut anywhere gives what came before") {
  const std::string bytes = Packed("some text") + Stored("more");
  const std::string wanted = "some textmore";
  for (size_t length = 0; length < bytes.size(); ++length) {
    const std::string unpacked = Unpack(bytes.substr(0, length), 3, 100);
    CHECK(wanted.starts_with(unpacked));
    CHECK(unpacked.size() < wanted.size());
  }
}

TEST_CASE("bytes that are not frames of the protocol are an error") {
  std::string changed = Packed(std::string(1000, 'x'));
  changed[changed.size() - 1] ^= 1;  // the checksum of zlib
  CHECK(Unpack(changed, 100, 5000).ends_with("!"));
  CHECK(Unpack(Header(5, 10) + "nozip" + Stored("rest"), 100, 5000) == "!");
  const std::string packed = Packed("text");
  const size_t bytes = packed.size() - 7;
  CHECK(Unpack(Header(bytes + 4, 4) + packed.substr(7) + "rest", 100, 5000).ends_with("!"));
  CHECK(Unpack(Header(bytes - 2, 4) + packed.substr(7) + Stored("rest"), 100, 5000).ends_with("!"));
}
