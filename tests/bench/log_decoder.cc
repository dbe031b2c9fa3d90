// Nanoseconds the binlog reader spends on a row, from the bytes of events to cells: rows of the
// scenario in events as a bulk load writes them, and in transactions of one row.
//
//   log_decoder [ROUNDS [bulk|single]]     (under valgrind --tool=callgrind: with few rounds)
#include "connectors/mysql/binlog/log_decoder.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "connectors/mysql/schema/column_text.h"
#include "unit/connectors_mysql/known_tables.h"

namespace millrace::mysql {
namespace {

constexpr uint32_t kSlots = 8;
constexpr int kRowsOfEvent = 200;
constexpr int kEvents = 50;

using Bytes = std::vector<uint8_t>;

TableLayout Employees() {
  TableLayout layout;
  layout.columns = {ParseServerColumn("emp_no", "int(11)"),
                    ParseServerColumn("birth_date", "date"),
                    ParseServerColumn("first_name", "varchar(14)", "latin1"),
                    ParseServerColumn("last_name", "varchar(16)", "utf8mb4"),
                    ParseServerColumn("gender", "enum('M','F')", "utf8mb4"),
                    ParseServerColumn("hire_date", "date")};
  return layout;
}

SourceRequest Request() {
  SourceRequest request;
  request.table = "source";
  request.schema.columns = {{"database_name", *ParseType("STRING"), "database_name"},
                            {"table_name", *ParseType("STRING"), "table_name"},
                            {"emp_no", *ParseType("INT"), ""},
                            {"birth_date", *ParseType("DATE"), ""},
                            {"first_name", *ParseType("STRING"), ""},
                            {"last_name", *ParseType("STRING"), ""},
                            {"gender", *ParseType("STRING"), ""},
                            {"hire_date", *ParseType("DATE"), ""}};
  for (uint32_t i = 0; i < kSlots; ++i) request.columns.push_back(i);
  request.stride = kSlots;
  return request;
}

// With header and checksum, at the end of `events`.
void AddEvent(uint8_t type, const std::string& body, std::vector<Bytes>* events) {
  static uint32_t position = 4;
  const auto size = static_cast<uint32_t>(kEventHeaderBytes + body.size() + kChecksumBytes);
  position += size;
  ByteWriter writer;
  writer.U32(1'700'000'000);
  writer.U8(type);
  writer.U32(1);
  writer.U32(size);
  writer.U32(position);
  writer.U16(0);
  writer.Bytes(body);
  const std::string& bytes = writer.bytes();
  writer.U32(Crc32({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}));
  events->emplace_back(bytes.begin(), bytes.end());
}

std::string TableMapBody() {
  ByteWriter map;
  map.Little(18, 6);
  map.U16(1);
  map.U8(5);
  map.Bytes(std::string_view("emp_1\0", 6));
  map.U8(11);
  map.Bytes(std::string_view("employees_1\0", 12));
  map.U8(6);
  map.Bytes("\x03\x0a\x0f\x0f\xfe\x0a");
  map.U8(6);
  map.Bytes(std::string_view("\x0e\0\x40\0\xf7\x01", 6));
  map.U8(0);
  return map.Take();
}

std::string RowsBody(int rows) {
  constexpr std::string_view kNames[] = {"Georgi", "Bezalel", "Parto", "Chirstian", "Kyoichi"};
  ByteWriter event;
  event.Little(18, 6);
  event.U16(1);
  event.U16(2);
  event.U8(6);
  event.U8(0x3f);
  for (int i = 0; i < rows; ++i) {
    event.U8(0);
    event.U32(static_cast<uint32_t>(10'001 + i * 37));
    event.Little((1955u + static_cast<uint32_t>(i) % 40) << 9 | 9u << 5 | 2u, 3);
    const std::string_view name = kNames[i % 5];
    event.U8(static_cast<uint8_t>(name.size()));
    event.Bytes(name);
    event.U8(7);
    event.Bytes("Facello");
    event.U8(static_cast<uint8_t>(1 + i % 2));
    event.Little((1985u + static_cast<uint32_t>(i) % 15) << 9 | 6u << 5 | 26u, 3);
  }
  return event.Take();
}

std::vector<Bytes> BulkLoad() {
  std::vector<Bytes> events;
  for (int i = 0; i < kEvents; ++i) {
    AddEvent(kTableMapEvent, TableMapBody(), &events);
    AddEvent(kWriteRowsV2, RowsBody(kRowsOfEvent), &events);
  }
  return events;
}

std::vector<Bytes> OneRowTransactions() {
  const std::string begin =
      std::string(8, '\0') + std::string("\x05\0\0\0\0", 5) + std::string("emp_1\0BEGIN", 11);
  std::vector<Bytes> events;
  for (int i = 0; i < kRowsOfEvent; ++i) {
    AddEvent(kAnonymousGtidEvent, std::string(25, '\0'), &events);
    AddEvent(kQueryEvent, begin, &events);
    AddEvent(kTableMapEvent, TableMapBody(), &events);
    AddEvent(kWriteRowsV2, RowsBody(1), &events);
    AddEvent(kXidEvent, std::string(8, '\0'), &events);
  }
  return events;
}

void Measure(const char* name, const std::vector<Bytes>& events, uint64_t rows, int rounds) {
  KnownTables tables(Request(), ".*", ".*",
                     KnownTables::Catalog({"emp_1", "employees_1"}, Employees()));
  LogDecoder decoder(tables.decoders(), TimeZone(), {"bin.000001", 4, std::nullopt});
  Batch batch(kSlots);
  const auto start = std::chrono::high_resolution_clock::now();
  for (int i = 0; i < rounds; ++i) {
    for (const Bytes& event : events) {
      if (batch.full()) batch.Reset(kSlots);
      const Status status = decoder.Decode(event, &batch);
      if (!status.ok()) {
        fmt::print(stderr, "{}\n", status.message());
        std::exit(1);
      }
    }
  }
  const std::chrono::duration<double, std::nano> took =
      std::chrono::high_resolution_clock::now() - start;
  fmt::print("{:22} {:7.1f} ns a row\n", name, took.count() / static_cast<double>(rows) / rounds);
}

}  // namespace
}  // namespace millrace::mysql

int main(int count, char** arguments) {
  using namespace millrace::mysql;
  const int rounds = count > 1 ? std::atoi(arguments[1]) : 500;
  const std::string_view only = count > 2 ? arguments[2] : "";
  if (only != "single") Measure("bulk load", BulkLoad(), uint64_t{kRowsOfEvent} * kEvents, rounds);
  if (only != "bulk") Measure("one-row transactions", OneRowTransactions(), kRowsOfEvent, rounds);
  return 0;
}
