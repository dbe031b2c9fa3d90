// Nanoseconds the Doris sink spends on a row: the body writer alone, and with the hash that picks a
// lane, for the rows of the scenario and for a table of thirty columns.
//
//   mbuild -p release body_writer && build/release/body_writer
#include "connectors/doris/body_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "connectors/doris/row_key.h"
#include "row/batch.h"

namespace millrace::doris {
namespace {

constexpr size_t kBufferBytes = 512 * 1024;
constexpr int kPasses = 200;
constexpr int kRepeats = 5;  // the best one counts

struct Table {
  const char* name;
  Layout layout;
  Batch batch;
};

void AddColumn(Table* table, const char* name, ValueStyle style) {
  const auto slot = static_cast<uint32_t>(table->layout.columns.size());
  table->layout.columns.push_back({.name = name, .slot = slot, .style = style});
}

Table Employees() {
  Table table{"employees", {}, Batch(8)};
  AddColumn(&table, "emp_no", ValueStyle::kNative);
  for (const char* name : {"birth_date", "first_name", "last_name", "gender", "hire_date",
                           "database_name", "table_name"}) {
    AddColumn(&table, name, ValueStyle::kText);
  }
  table.layout.key = {0, 1};
  table.layout.delete_sign = true;
  constexpr const char* kNames[] = {"Georgi", "Bezalel", "Parto", "Chirstian", "Kyoichi", "Anneke"};
  for (int64_t i = 0; !table.batch.full(); ++i) {
    Cell* cells = table.batch.AddRow(RowKind::kInsert);
    cells[0] = Cell::Int(10'001 + i * 37);
    cells[1] = Cell::Temporal(CellKind::kDate, -4000 + i % 5000, 0);
    cells[2] = Cell::Text(kNames[i % 6]);
    cells[3] = Cell::Text("Facello");
    cells[4] = Cell::Text(i % 3 == 0 ? "F" : "M");
    cells[5] = Cell::Temporal(CellKind::kDate, 9000 + i % 3000, 0);
    cells[6] = Cell::Text("emp_1");
    cells[7] = Cell::Text("employees_1");
  }
  return table;
}

Table Wide() {
  Table table{"30 columns", {}, Batch(30)};
  for (int i = 0; i < 30; ++i) {
    AddColumn(&table, fmt::format("column_{}", i).c_str(), ValueStyle::kNative);
  }
  table.layout.key = {0};
  while (!table.batch.full()) {
    Cell* cells = table.batch.AddRow(RowKind::kInsert);
    for (int64_t i = 0; i < 30; i += 5) {
      cells[i] = Cell::Int(table.batch.rows() * (i + 1));
      cells[i + 1] = Cell::Text("some words of text");
      cells[i + 2] = Cell::View(CellKind::kDecimal, "12345.67", 2);
      cells[i + 3] = Cell::Temporal(CellKind::kTimestamp, 1'700'000'000'123'456, 3);
      cells[i + 4] = Cell::Null();
    }
  }
  return table;
}

void Measure(const Table& table, BodyFormat format, bool with_hash) {
  BodyOptions options;
  options.format = format;
  BodyWriter writer(table.layout, options);
  const RowKey key(table.layout, TimeZone());
  std::vector<char> buffer(kBufferBytes);
  uint64_t hashes = 0;
  uint64_t bytes = 0;
  double best_ns = std::numeric_limits<double>::max();
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    char* at = buffer.data();
    for (int pass = 0; pass < kPasses; ++pass) {
      for (uint32_t i = 0; i < table.batch.rows(); ++i) {
        const Cell* row = table.batch.row(i);
        if (with_hash) hashes += key.Hash(row);
        if (at + writer.Bound(row) > buffer.data() + buffer.size()) at = buffer.data();
        char* const end = writer.Put(at, row, false);
        bytes += static_cast<uint64_t>(end - at);
        at = end;
      }
    }
    const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
    best_ns = std::min(best_ns, time.count() / (double{kPasses} * table.batch.rows()));
  }
  const uint64_t rows = uint64_t{kPasses} * kRepeats * table.batch.rows();
  fmt::print("{:<12} {:<5} {:<10} {:7.1f} ns/row {:5} bytes/row{}\n", table.name,
             format == BodyFormat::kJson ? "json" : "csv", with_hash ? "with hash" : "", best_ns,
             bytes / rows, hashes == 1 ? "!" : "");  // the hash must be used
}

}  // namespace
}  // namespace millrace::doris

int main() {
  using namespace millrace::doris;
  const Table tables[] = {Employees(), Wide()};
  for (const Table& table : tables) {
    for (const BodyFormat format : {BodyFormat::kJson, BodyFormat::kCsv}) {
      for (const bool with_hash : {false, true}) Measure(table, format, with_hash);
    }
  }
  return 0;
}
