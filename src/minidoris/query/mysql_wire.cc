#include "minidoris/query/mysql_wire.h"

#include <sys/socket.h>

#include <algorithm>

namespace millrace::minidoris {
namespace {

constexpr size_t kPacketBytesMax = (1 << 24) - 1;
constexpr size_t kCommandBytesMax = 256 << 20;
constexpr size_t kFlushBytes = 64 << 10;
constexpr uint16_t kStatusAutocommit = 2;
constexpr uint16_t kCharsetUtf8 = 33;
constexpr uint16_t kCharsetBinary = 63;
constexpr uint32_t kColumnLength = 1 << 20;

bool IsTextType(MysqlType type) {
  return type == MysqlType::kVarString || type == MysqlType::kString;
}

}  // namespace

void AppendLittle(uint64_t value, size_t width, std::string* out) {
  for (size_t i = 0; i < width; ++i) *out += static_cast<char>(value >> (8 * i) & 0xff);
}

void AppendLengthEncoded(uint64_t value, std::string* out) {
  if (value < 0xfb) return AppendLittle(value, 1, out);
  if (value <= 0xffff) {
    *out += '\xfc';
    return AppendLittle(value, 2, out);
  }
  if (value <= 0xffffff) {
    *out += '\xfd';
    return AppendLittle(value, 3, out);
  }
  *out += '\xfe';
  AppendLittle(value, 8, out);
}

void AppendLengthEncodedText(std::string_view text, std::string* out) {
  AppendLengthEncoded(text.size(), out);
  *out += text;
}

bool ClientPackets::ReadExactly(char* to, size_t size) {
  while (size > 0) {
    const ssize_t got = recv(socket_, to, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      broken_ = true;
      return false;
    }
    to += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

std::optional<std::string> ClientPackets::Read() {
  std::string payload;
  size_t length = 0;
  do {
    unsigned char head[4];
    if (!ReadExactly(reinterpret_cast<char*>(head), sizeof head)) return std::nullopt;
    length = head[0] | static_cast<size_t>(head[1]) << 8 | static_cast<size_t>(head[2]) << 16;
    sequence_ = static_cast<uint8_t>(head[3] + 1);
    const size_t old_size = payload.size();
    if (old_size + length > kCommandBytesMax) return std::nullopt;
    payload.resize(old_size + length);
    if (!ReadExactly(payload.data() + old_size, length)) return std::nullopt;
  } while (length == kPacketBytesMax);
  return payload;
}

void ClientPackets::Write(std::string_view payload) {
  bool more = true;
  while (more) {
    const size_t length = std::min(payload.size(), kPacketBytesMax);
    AppendLittle(length, 3, &out_);
    out_ += static_cast<char>(sequence_++);
    out_ += payload.substr(0, length);
    payload.remove_prefix(length);
    more = length == kPacketBytesMax;
  }
  if (out_.size() >= kFlushBytes) Flush();
}

bool ClientPackets::Flush() {
  std::string_view rest = out_;
  while (!rest.empty() && !broken_) {
    const ssize_t sent = send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) {
      broken_ = true;
    } else {
      rest.remove_prefix(static_cast<size_t>(sent));
    }
  }
  out_.clear();
  return !broken_;
}

void ResultWriter::Ok(int64_t affected_rows) {
  std::string payload(1, '\0');
  AppendLengthEncoded(static_cast<uint64_t>(affected_rows), &payload);
  AppendLengthEncoded(0, &payload);  // last insert id
  AppendLittle(kStatusAutocommit, 2, &payload);
  AppendLittle(0, 2, &payload);  // warnings
  stream_.Write(payload);
}

void ResultWriter::Error(uint16_t code, std::string_view sql_state, std::string_view message) {
  std::string payload = "\xff";
  AppendLittle(code, 2, &payload);
  payload += '#';
  payload += sql_state;
  payload += message;
  stream_.Write(payload);
}

void ResultWriter::Columns(const std::vector<ResultColumn>& columns) {
  std::string payload;
  AppendLengthEncoded(columns.size(), &payload);
  stream_.Write(payload);
  for (const ResultColumn& column : columns) {
    payload.clear();
    for (const std::string_view text :
         {std::string_view("def"), std::string_view(), std::string_view(), std::string_view(),
          std::string_view(column.name), std::string_view(column.name)}) {
      AppendLengthEncodedText(text, &payload);
    }
    payload += '\x0c';  // bytes of the fixed part
    AppendLittle(IsTextType(column.type) ? kCharsetUtf8 : kCharsetBinary, 2, &payload);
    AppendLittle(kColumnLength, 4, &payload);
    payload += static_cast<char>(column.type);
    AppendLittle(0, 2, &payload);  // flags
    payload += static_cast<char>(column.decimals);
    AppendLittle(0, 2, &payload);
    stream_.Write(payload);
  }
  Eof();
}

void ResultWriter::Row(const std::vector<std::optional<std::string_view>>& values) {
  row_.clear();
  for (const std::optional<std::string_view>& value : values) {
    if (value) {
      AppendLengthEncodedText(*value, &row_);
    } else {
      row_ += '\xfb';
    }
  }
  stream_.Write(row_);
}

void ResultWriter::End() { Eof(); }

void ResultWriter::Eof() {
  std::string payload = "\xfe";
  AppendLittle(0, 2, &payload);  // warnings
  AppendLittle(kStatusAutocommit, 2, &payload);
  stream_.Write(payload);
}

}  // namespace millrace::minidoris
