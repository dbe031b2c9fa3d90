#include "connectors/mysql/values/address_text.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace millrace::mysql;

namespace {

std::string Inet6(const std::vector<unsigned>& groups) {
  std::vector<uint8_t> bytes;
  for (const unsigned group : groups) {
    bytes.push_back(static_cast<uint8_t>(group >> 8));
    bytes.push_back(static_cast<uint8_t>(group));
  }
  char text[kAddressTextMax];
  return {text, PrintInet6(std::span(bytes).first<kInet6Bytes>(), text)};
}

}  // namespace

TEST_CASE("addresses are printed as MariaDB prints them") {
  CHECK(Inet6({0, 0, 0, 0, 0, 0, 0, 0}) == "::");
  CHECK(Inet6({0, 0, 0, 0, 0, 0, 0, 1}) == "::1");
  CHECK(Inet6({0x2001, 0xdb8, 0, 1, 1, 1, 1, 1}) == "2001:db8::1:1:1:1:1");
  CHECK(Inet6({1, 0, 0, 0, 2, 0, 0, 3}) == "1::2:0:0:3");
  CHECK(Inet6({1, 0, 0, 2, 0, 0, 3, 4}) == "1::2:0:0:3:4");
  CHECK(Inet6({1, 2, 3, 0, 0, 0, 0, 0}) == "1:2:3::");
  CHECK(Inet6({0, 0, 0, 0, 0, 0, 0x102, 0x304}) == "::1.2.3.4");
  CHECK(Inet6({0, 0, 0, 0, 0, 0xffff, 0x102, 0x300}) == "::ffff:1.2.3.0");
  CHECK(Inet6({0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff}) ==
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  const uint8_t uuid[kUuidBytes] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x16, 0x77,
                                    0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
  char text[kAddressTextMax];
  CHECK(std::string(text, PrintUuid(uuid, text)) == "00112233-4455-1677-8899-aabbccddeeff");
}
