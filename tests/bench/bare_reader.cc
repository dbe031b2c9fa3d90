// The limit: reads the same rows as Millrace with as many connections, and only counts bytes.
//
//   bare_reader snapshot PORT USER PASSWORD CONNECTIONS QUERY...   prepared statements, raw packets
//   bare_reader binlog PORT USER PASSWORD FILE                     from the start of FILE to its
//   end
//
// Prints "<packets> <bytes> <seconds>".
#include <mysql.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

// Exported by libmariadb, in none of its public headers: the next packet, at net.read_pos.
extern "C" unsigned long mysql_net_read_packet(MYSQL* mysql);

namespace {

constexpr unsigned long kPacketError = ~0UL;
constexpr unsigned char kEndOfData = 0xFE;
constexpr unsigned long kEndOfDataBytesMax = 8;
constexpr uint32_t kServerId = 4711;
constexpr uint16_t kDumpUntilTheEnd = 1;  // BINLOG_DUMP_NON_BLOCK
constexpr int kFirstQuery = 6;

struct Server {
  unsigned port;
  const char* user;
  const char* password;
};

struct Count {
  uint64_t packets = 0;
  uint64_t bytes = 0;
};

[[noreturn]] void Fail(const char* what, const char* why) {
  std::fprintf(stderr, "bare_reader: %s: %s\n", what, why);
  std::exit(1);
}

MYSQL* Connect(const Server& server) {
  MYSQL* mysql = mysql_init(nullptr);
  if (mysql_real_connect(mysql, "127.0.0.1", server.user, server.password, nullptr, server.port,
                         nullptr, 0) == nullptr) {
    Fail("connect", mysql_error(mysql));
  }
  return mysql;
}

// Counts packets up to the one that says that there are no more.
Count CountPackets(MYSQL* mysql) {
  Count count;
  for (;;) {
    const unsigned long size = mysql_net_read_packet(mysql);
    if (size == kPacketError) Fail("read", mysql_error(mysql));
    if (size <= kEndOfDataBytesMax && mysql->net.read_pos[0] == kEndOfData) return count;
    ++count.packets;
    count.bytes += size;
  }
}

Count ReadQuery(const Server& server, const std::string& query) {
  // A connection per query: its statement is not in a state for the API afterwards.
  MYSQL* mysql = Connect(server);
  MYSQL_STMT* statement = mysql_stmt_init(mysql);
  if (mysql_stmt_prepare(statement, query.data(), query.size()) != 0 ||
      mysql_stmt_execute(statement) != 0) {
    Fail(query.c_str(), mysql_stmt_error(statement));
  }
  return CountPackets(mysql);
}

Count ReadSnapshot(const Server& server, int connections, const std::vector<std::string>& queries) {
  std::atomic<size_t> next = 0;
  std::vector<Count> counts(static_cast<size_t>(connections));
  std::vector<std::thread> threads;
  for (Count& count : counts) {
    threads.emplace_back([&server, &queries, &next, &count] {
      for (size_t i = next++; i < queries.size(); i = next++) {
        const Count one = ReadQuery(server, queries[i]);
        count.packets += one.packets;
        count.bytes += one.bytes;
      }
    });
  }
  Count total;
  for (size_t i = 0; i < threads.size(); ++i) {
    threads[i].join();
    total.packets += counts[i].packets;
    total.bytes += counts[i].bytes;
  }
  return total;
}

Count ReadBinlog(const Server& server, const std::string& file) {
  MYSQL* mysql = Connect(server);
  for (const char* setting : {"SET @master_binlog_checksum = @@global.binlog_checksum",
                              "SET @mariadb_slave_capability = 4"}) {
    if (mysql_query(mysql, setting) != 0) Fail(setting, mysql_error(mysql));
  }
  // COM_BINLOG_DUMP: position (4), flags (2), server id (4), name of the file; little endian.
  std::string command(10, '\0');
  const uint32_t position = 4;
  std::memcpy(&command[0], &position, sizeof(position));
  std::memcpy(&command[4], &kDumpUntilTheEnd, sizeof(kDumpUntilTheEnd));
  std::memcpy(&command[6], &kServerId, sizeof(kServerId));
  command += file;
  if (mysql->methods->db_command(mysql, COM_BINLOG_DUMP, command.data(), command.size(), 1,
                                 nullptr) != 0) {
    Fail("dump", mysql_error(mysql));
  }
  return CountPackets(mysql);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < kFirstQuery) Fail("usage", "see the head of bare_reader.cc");
  mysql_library_init(0, nullptr, nullptr);
  const std::string mode = argv[1];
  const Server server{static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)), argv[3], argv[4]};
  const auto start = std::chrono::steady_clock::now();
  const Count count =
      mode == "binlog" ? ReadBinlog(server, argv[5])
                       : ReadSnapshot(server, static_cast<int>(std::strtol(argv[5], nullptr, 10)),
                                      std::vector<std::string>(argv + kFirstQuery, argv + argc));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("%llu %llu %.6f\n", static_cast<unsigned long long>(count.packets),
              static_cast<unsigned long long>(count.bytes), seconds.count());
  return 0;
}
