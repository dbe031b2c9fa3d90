#include "connectors/mysql/binlog/event_checksum.h"

#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

#include "connectors/mysql/binlog/log_event.h"

using namespace millrace::mysql;

namespace {

using Bytes = std::vector<uint8_t>;

Bytes EventOf(uint8_t type, const std::string& body) {
  Bytes event(kEventHeaderBytes);
  event[kEventTypeAt] = type;
  event.insert(event.end(), body.begin(), body.end());
  event[9] = static_cast<uint8_t>(event.size());
  return event;
}

Bytes WithSum(Bytes event) {
  event[9] = static_cast<uint8_t>(event.size() + kChecksumBytes);
  const uint32_t sum = Crc32(event);
  event.resize(event.size() + kChecksumBytes);
  std::memcpy(event.data() + event.size() - kChecksumBytes, &sum, sizeof sum);
  return event;
}

Bytes FormatDescription(char algorithm) {
  return WithSum(EventOf(kFormatDescriptionEvent, std::string(60, 'f') + algorithm));
}

const std::string kRotateBody = std::string("\4\0\0\0\0\0\0\0", 8) + "bin.000002";

}  // namespace

TEST_CASE("the sum of the binlog is that of zlib") {
  const std::string text = "123456789";
  const std::span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(text.data()), 9);
  CHECK(Crc32(bytes) == 0xcbf43926);
  CHECK(Crc32(bytes.subspan(4), Crc32(bytes.first(4))) == 0xcbf43926);
}

TEST_CASE("any changed byte of an event is noticed") {
  EventChecksum checksum;
  for (const Bytes& event :
       {WithSum(EventOf(kXidEvent, "12345678")), WithSum(EventOf(kRotateEvent, kRotateBody)),
        FormatDescription(1), WithSum(EventOf(kHeartbeatEvent, "bin.000002"))}) {
    CHECK(checksum.Check(event) == kChecksumBytes);
    for (size_t at = kEventTypeAt + 1; at < event.size(); ++at) {
      Bytes changed = event;
      changed[at] ^= 0x10;
      CHECK_MESSAGE(!EventChecksum().Check(changed).has_value(), at);
    }
  }
}

TEST_CASE("a file without sums, after one with them, and the other way") {
  EventChecksum checksum;
  CHECK(checksum.Check(EventOf(kRotateEvent, kRotateBody)) == 0);  // made up by the server
  CHECK(checksum.Check(FormatDescription(0)) == kChecksumBytes);
  CHECK_FALSE(checksum.enabled());
  CHECK(checksum.Check(EventOf(kXidEvent, "12345678")) == 0);
  CHECK(checksum.Check(EventOf(kRotateEvent, kRotateBody)) == 0);
  CHECK(checksum.Check(FormatDescription(1)) == kChecksumBytes);
  CHECK_FALSE(checksum.Check(EventOf(kXidEvent, "12345678")).has_value());
  CHECK(checksum.Check(WithSum(EventOf(kXidEvent, "12345678"))) == kChecksumBytes);
  CHECK(checksum.Check(WithSum(EventOf(kRotateEvent, kRotateBody))) == kChecksumBytes);
  checksum.Check(FormatDescription(0));
  checksum.Reset();
  CHECK(checksum.enabled());
}

TEST_CASE("the description of a file that is being written has the sum of a closed one") {
  Bytes event = FormatDescription(1);
  event[17] |= 1;
  CHECK(EventChecksum().Check(event) == kChecksumBytes);
  event[17] |= 2;
  CHECK_FALSE(EventChecksum().Check(event).has_value());
}

TEST_CASE("events that are too short are damaged") {
  CHECK_FALSE(EventChecksum().Check({}).has_value());
  CHECK_FALSE(EventChecksum().Check(EventOf(kRotateEvent, "")).has_value());
  CHECK_FALSE(EventChecksum().Check(EventOf(kRotateEvent, "12345678bin")).has_value());
  CHECK_FALSE(EventChecksum().Check(EventOf(kFormatDescriptionEvent, "")).has_value());
}

TEST_CASE("an event in pieces") {
  const Bytes event = WithSum(EventOf(kXidEvent, "the body"));
  for (size_t first = kEventHeaderBytes; first < event.size(); ++first) {
    for (const bool is_changed : {false, true}) {
      Bytes bytes = event;
      if (is_changed) bytes[20] ^= 1;
      const std::span<const uint8_t> all(bytes);
      StreamedEvent stream(all.first(first), true);
      std::string body;
      for (const auto piece : {all.first(first), all.subspan(first)}) {
        CHECK_FALSE(stream.IsValid());
        for (const uint8_t byte : stream.Add(piece)) body += static_cast<char>(byte);
      }
      CHECK(body.size() == 8);
      CHECK(stream.IsValid() == !is_changed);
      stream.Add(all.first(1));
      CHECK_FALSE(stream.IsValid());
    }
  }
}
