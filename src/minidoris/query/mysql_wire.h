// MySQL's client/server protocol 4.1, server side, text results ("Command Phase" in the MySQL
// internals manual).
//
//   packet  := uint24 length, uint8 sequence, payload        longer payloads are split at 2^24-1
//   result  := column count, column*, EOF, row*, EOF | ERR
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::minidoris {

enum class MysqlType : uint8_t {
  kTiny = 1,
  kShort = 2,
  kLong = 3,
  kFloat = 4,
  kDouble = 5,
  kLongLong = 8,
  kDate = 10,
  kDateTime = 12,
  kNewDecimal = 246,
  kVarString = 253,
  kString = 254,
};

struct ResultColumn {
  std::string name;
  MysqlType type = MysqlType::kVarString;
  uint8_t decimals = 0;
};

// Packets over a socket it does not own. Output is buffered; Flush sends it.
class ClientPackets final {
 public:
  explicit ClientPackets(int socket) : socket_(socket) {}

  // The next payload, or nothing if the client is gone. Also sets the sequence for the answer.
  std::optional<std::string> Read();
  void Write(std::string_view payload);
  // False if the client is gone; so are later calls.
  bool Flush();
  bool broken() const { return broken_; }

 private:
  bool ReadExactly(char* to, size_t size);

  const int socket_;
  uint8_t sequence_ = 0;
  std::string out_;
  bool broken_ = false;
};

void AppendLittle(uint64_t value, size_t width, std::string* out);  // little-endian, `width` bytes
void AppendLengthEncoded(uint64_t value, std::string* out);
void AppendLengthEncodedText(std::string_view text, std::string* out);

// The answers to one command. Exactly one of: Ok; Error; Columns, Row*, End (or Error instead).
class ResultWriter final {
 public:
  explicit ResultWriter(ClientPackets* stream) : stream_(*stream) {}

  void Ok(int64_t affected_rows = 0);
  void Error(uint16_t code, std::string_view sql_state, std::string_view message);
  void Columns(const std::vector<ResultColumn>& columns);
  void Row(const std::vector<std::optional<std::string_view>>& values);
  void End();

 private:
  void Eof();

  ClientPackets& stream_;
  std::string row_;
};

}  // namespace millrace::minidoris
