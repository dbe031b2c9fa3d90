#include "minidoris/query/handshake.h"

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "minidoris/query/mysql_wire.h"

namespace millrace::minidoris {
namespace {

// Any fixed text will do: only empty passwords are known, and they make no use of it.
constexpr std::string_view kSalt = "abcdefghijklmnopqrst";
constexpr size_t kSaltHead = 8;
constexpr char kCharsetUtf8 = 33;

constexpr uint32_t kConnectWithDatabase = 1 << 3;
constexpr uint32_t kSecureConnection = 1 << 15;
constexpr uint32_t kPluginAuth = 1 << 19;
constexpr uint32_t kPluginAuthLengthEncoded = 1 << 21;
// long password, found rows, long flag, protocol 41, transactions
constexpr uint32_t kCapabilities =
    0x1 | 0x2 | 0x4 | 0x200 | 0x2000 | kConnectWithDatabase | kSecureConnection | kPluginAuth;

std::string_view ReadZeroEnded(ByteReader* in) {
  const auto* begin = reinterpret_cast<const char*>(in->position());
  const size_t length = strnlen(begin, in->remaining());
  in->Skip(std::min(length + 1, in->remaining()));
  return {begin, length};
}

}  // namespace

std::string Greeting(uint32_t number) {
  std::string payload = "\x0a";
  payload += kServerVersion;
  payload += '\0';
  AppendLittle(number, 4, &payload);
  payload += kSalt.substr(0, kSaltHead);
  payload += '\0';
  AppendLittle(kCapabilities & 0xffff, 2, &payload);
  payload += kCharsetUtf8;
  payload += std::string("\x02\0", 2);  // status: autocommit
  AppendLittle(kCapabilities >> 16, 2, &payload);
  payload += static_cast<char>(kSalt.size() + 1);
  payload += std::string(10, '\0');
  payload += kSalt.substr(kSaltHead);
  payload += '\0';
  payload += kAuthPlugin;
  payload += '\0';
  return payload;
}

std::optional<Login> ReadLogin(std::string_view payload) {
  ByteReader in({reinterpret_cast<const uint8_t*>(payload.data()), payload.size()});
  const uint32_t capabilities = in.U32();
  in.Skip(4 + 1 + 23);  // packet size, character set, filler
  Login login;
  login.user = ReadZeroEnded(&in);
  if ((capabilities & kPluginAuthLengthEncoded) != 0) {
    login.answer = in.Bytes(in.LengthEncoded());
  } else if ((capabilities & kSecureConnection) != 0) {
    login.answer = in.Bytes(in.U8());
  } else {
    login.answer = ReadZeroEnded(&in);
  }
  if ((capabilities & kConnectWithDatabase) != 0) login.database = ReadZeroEnded(&in);
  if ((capabilities & kPluginAuth) != 0) login.plugin = ReadZeroEnded(&in);
  if (!in.ok()) return std::nullopt;
  return login;
}

std::string SwitchPluginRequest() {
  std::string payload = "\xfe";
  payload += kAuthPlugin;
  payload += '\0';
  payload += kSalt;
  payload += '\0';
  return payload;
}

}  // namespace millrace::minidoris
