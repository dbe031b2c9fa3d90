#include "unit/minidoris/clients.h"

#include <doctest/doctest.h>

#include "base/bytes.h"

namespace millrace::minidoris::testing {
namespace {

constexpr uint32_t kClientCapabilities = 0x1 | 0x200 | 0x8000 | 0x80000;

MinidorisOptions WithFreePorts(MinidorisOptions options, const std::string& folder) {
  options.data_folder = folder;
  options.http_port = options.be_http_port = options.query_port = 0;
  return options;
}

}  // namespace

MysqlClient::MysqlClient(uint16_t port, const std::string& user, const std::string& answer)
    : socket_(port) {
  greeting_ = Read();
  std::string login(4, '\0');
  for (int i = 0; i < 4; ++i)
    login[static_cast<size_t>(i)] = static_cast<char>(kClientCapabilities >> (8 * i) & 0xff);
  login += std::string(4, '\xff') + std::string(1, 33) + std::string(23, '\0');
  login += user + std::string(1, '\0') + static_cast<char>(answer.size()) + answer;
  login += "mysql_native_password" + std::string(1, '\0');
  const auto length = static_cast<char>(login.size());
  socket_.Send(std::string(1, length) + std::string("\0\0\1", 3) + login);
  const std::string result = Read();
  if (result.starts_with('\xff')) login_error_ = result.substr(9);
}

std::string MysqlClient::Read() {
  const std::string head = socket_.Receive(4);
  if (head.size() < 4) return "";
  const auto byte = [&](size_t at) { return static_cast<size_t>(static_cast<uint8_t>(head[at])); };
  return socket_.Receive(byte(0) | byte(1) << 8 | byte(2) << 16);
}

void MysqlClient::Send(std::string_view payload) {
  std::string packet;
  for (int i = 0; i < 3; ++i) packet += static_cast<char>(payload.size() >> (8 * i) & 0xff);
  packet += '\0';
  socket_.Send(packet + std::string(payload));
}

QueryResult MysqlClient::Query(const std::string& sql) {
  Send("\x03" + sql);
  QueryResult result;
  std::string packet = Read();
  const auto reader = [](const std::string& bytes) {
    return ByteReader({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  };
  if (packet.empty()) result.error = "connection closed";
  if (packet.starts_with('\xff')) result.error = packet.substr(9);
  if (packet.starts_with('\0')) {
    ByteReader in = reader(packet);
    in.Skip(1);
    result.affected = static_cast<int64_t>(in.LengthEncoded());
  }
  if (!result.error.empty() || packet.starts_with('\0')) return result;
  const auto count = static_cast<size_t>(static_cast<uint8_t>(packet[0]));
  for (size_t i = 0; i < count; ++i) {
    packet = Read();
    ByteReader in = reader(packet);
    for (int skipped = 0; skipped < 4; ++skipped) in.Bytes(in.LengthEncoded());
    result.columns.emplace_back(in.Bytes(in.LengthEncoded()));
  }
  Read();  // EOF
  while (true) {
    packet = Read();
    if (packet.empty() || (packet[0] == '\xfe' && packet.size() < 9)) return result;
    if (packet[0] == '\xff') {
      result.error = packet.substr(9);
      return result;
    }
    ByteReader in = reader(packet);
    std::string row;
    for (size_t i = 0; i < count; ++i) {
      if (i > 0) row += '|';
      if (*in.position() == 0xfb) {
        in.Skip(1);
        row += "NULL";
      } else {
        row += in.Bytes(in.LengthEncoded());
      }
    }
    result.rows.push_back(row);
  }
}

Server::Server(const std::string& ddl, MinidorisOptions options)
    : options_(WithFreePorts(std::move(options), folder_.path())) {
  Restart();
  MysqlClient client(query_port());
  REQUIRE(client.Query("CREATE DATABASE db").error.empty());
  REQUIRE(client.Query("USE db").error.empty());
  if (!ddl.empty()) REQUIRE(client.Query(ddl).error == "");
}

Server::~Server() = default;

void Server::Restart() {
  running_.reset();
  auto started = Minidoris::Start(options_, &clock);
  REQUIRE(started.status().message() == "");
  running_ = std::move(started).value();
}

HttpAnswer Server::Load(const std::string& body, Headers headers, const std::string& table,
                        const std::string& database) {
  headers.push_back(kRoot);
  return Http(be(), "PUT", "/api/" + database + "/" + table + "/_stream_load", headers, body);
}

HttpAnswer Server::TwoPhase(Headers headers, const std::string& database) {
  headers.push_back(kRoot);
  return Http(be(), "PUT", "/api/" + database + "/_stream_load_2pc", headers, "");
}

HttpAnswer Server::Operate(const std::string& operation, int64_t id) {
  return TwoPhase({"txn_operation: " + operation, "txn_id: " + std::to_string(id)});
}

std::string Server::State(const std::string& label) {
  return Http(fe(), "GET", "/api/db/get_load_state?label=" + label, {kRoot}).Text("data");
}

std::vector<std::string> Server::Rows(const std::string& sql) {
  MysqlClient client(query_port());
  client.Query("USE db");
  const QueryResult result = client.Query(sql);
  CHECK(result.error == "");
  return result.rows;
}

void Server::Faults(const std::string& json) {
  REQUIRE(Http(fe(), "PUT", "/api/_minidoris/faults", {}, json).status == 200);
}

}  // namespace millrace::minidoris::testing
