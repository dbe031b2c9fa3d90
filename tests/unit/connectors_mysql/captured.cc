#include "captured.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>

#include "base/bytes.h"
#include "captured_columns.h"
#include "connectors/mysql/binlog/event_checksum.h"
#include "connectors/mysql/binlog/payload_cursor.h"
#include "connectors/mysql/binlog/row_image.h"
#include "connectors/mysql/snapshot/result_row.h"
#include "row/print.h"

namespace millrace::mysql {
namespace {

constexpr size_t kMagicBytes = 4;

std::vector<uint8_t> FromHex(std::string_view hex) {
  std::vector<uint8_t> bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

void AddEvents(std::span<const uint8_t> bytes, size_t checksum_bytes,
               std::vector<OwnedEvent>* events) {
  while (!bytes.empty()) {
    ByteReader reader(bytes);
    reader.Skip(9);
    const uint32_t size = reader.U32();
    REQUIRE(reader.ok());
    REQUIRE(size <= bytes.size());
    if (checksum_bytes > 0) {
      ByteReader stored(bytes.subspan(size - checksum_bytes));
      CHECK(stored.U32() == Crc32(bytes.first(size - checksum_bytes)));
    }
    const std::optional<Event> event = ParseEvent(bytes.first(size), checksum_bytes);
    REQUIRE(event.has_value());
    if (event->type == kTransactionPayloadEvent) {
      const auto payload = PayloadCursor::Open(event->body);
      REQUIRE(payload.ok());
      for (;;) {
        const auto inner = payload.value()->Next();
        REQUIRE(inner.ok());
        if (!inner.value()) break;
        AddEvents(*inner.value(), 0, events);
      }
      CHECK(payload.value()->IsComplete());
    } else {
      events->push_back({event->timestamp, event->type, {event->body.begin(), event->body.end()}});
    }
    bytes = bytes.subspan(size);
  }
}

void DecodeRows(const RowsEvent& rows, RowImageDecoder* decoder, Batch* batch,
                std::vector<std::string>* errors) {
  const std::string_view copy =
      batch->arena().Copy({reinterpret_cast<const char*>(rows.rows.data()), rows.rows.size()});
  ByteReader reader({reinterpret_cast<const uint8_t*>(copy.data()), copy.size()});
  CellWriter writer{TimeZone()};
  writer.set_arena(&batch->arena());
  const bool update = rows.kind == RowsKind::kUpdate;
  bool after = false;
  while (reader.remaining() > 0 && batch->rows() < Batch::kRowsMax) {
    const RowKind kind = rows.kind == RowsKind::kWrite    ? RowKind::kInsert
                         : rows.kind == RowsKind::kDelete ? RowKind::kDelete
                         : after                          ? RowKind::kUpdateAfter
                                                          : RowKind::kUpdateBefore;
    Cell* row = batch->AddRow(kind);
    std::fill_n(row, batch->stride(), Cell::Null());
    if (!decoder->Decode(&reader, decoder->ColumnsOf(after ? rows.present_after : rows.present),
                         &writer, row)) {
      errors->push_back("malformed row");
      batch->DropLastRow();
      return;
    }
    after = update && !after;
  }
  if (!writer.status().ok()) errors->push_back(writer.status().message());
}

}  // namespace

Captured ReadCaptured(const std::string& name) {
  const char* root = std::getenv("MILLRACE_SOURCE_DIR");
  REQUIRE_MESSAGE(root != nullptr, "MILLRACE_SOURCE_DIR is not set");
  std::ifstream file(fmt::format("{}/tests/unit/connectors_mysql/captured/{}.txt", root, name));
  REQUIRE(file.good());
  Captured captured;
  TableLayout layout;
  captured.is_mariadb = name == "mariadb";
  captured.request.table = "source";
  for (std::string line; std::getline(file, line);) {
    const size_t blank = line.find(' ');
    const std::string_view word = std::string_view(line).substr(0, blank);
    const std::string_view rest = std::string_view(line).substr(blank + 1);
    const auto append = [&](std::vector<uint8_t>* to) {
      const std::vector<uint8_t> bytes = FromHex(rest);
      to->insert(to->end(), bytes.begin(), bytes.end());
    };
    if (word == "column") REQUIRE(AddColumn(rest, &layout, &captured.request));
    if (word == "binlog") append(&captured.binlog);
    if (word == "result") append(&captured.results.emplace_back());
  }
  captured.table =
      ServerTable("types", "t", std::make_shared<const TableLayout>(std::move(layout)));
  captured.request.stride = static_cast<uint32_t>(captured.request.columns.size());
  return captured;
}

std::vector<OwnedEvent> EventsOf(std::span<const uint8_t> binlog) {
  std::vector<OwnedEvent> events;
  AddEvents(binlog.subspan(kMagicBytes), kChecksumBytes, &events);
  return events;
}

void DecodeEvents(const Captured& captured, std::span<const OwnedEvent> events, Batch* batch,
                  std::vector<std::string>* errors) {
  std::map<uint64_t, std::unique_ptr<RowImageDecoder>> decoders;
  for (const OwnedEvent& owned : events) {
    const Event event = owned.View();
    if (event.type == kTableMapEvent) {
      const std::optional<TableMap> map = ParseTableMap(event.body, captured.is_mariadb);
      if (!map) {
        errors->push_back("malformed table map");
        continue;
      }
      Result<RowLayout> layout = MakeLayout(captured.table, captured.request);
      REQUIRE_MESSAGE(layout.ok(), layout.status().message());
      auto decoder = RowImageDecoder::Make(*map, std::move(*layout));
      if (!decoder.ok()) {
        errors->push_back(decoder.status().message());
        continue;
      }
      decoders[map->id] = std::move(*decoder);
    } else if (IsRows(event.type)) {
      const auto decoder = decoders.find(RowsTableId(event));
      std::string unpacked;
      const std::optional<RowsEvent> rows = ParseRows(event, &unpacked);
      if (decoder == decoders.end() || !rows || rows->columns != decoder->second->columns()) {
        errors->push_back("malformed rows event");
        continue;
      }
      DecodeRows(*rows, decoder->second.get(), batch, errors);
    }
  }
}

void DecodeResults(const Captured& captured, Batch* batch, std::vector<std::string>* errors) {
  const Result<RowLayout> layout = MakeLayout(captured.table, captured.request);
  REQUIRE_MESSAGE(layout.ok(), layout.status().message());
  std::vector<uint32_t> selected;
  for (uint32_t i = 0; i < captured.table.columns().size(); ++i) selected.push_back(i);
  const ResultRowDecoder decoder(layout.value(), selected);
  CellWriter writer{TimeZone()};
  writer.set_arena(&batch->arena());
  for (const std::vector<uint8_t>& packet : captured.results) {
    const std::string_view copy =
        batch->arena().Copy({reinterpret_cast<const char*>(packet.data()), packet.size()});
    Cell* row = batch->AddRow(RowKind::kInsert);
    std::fill_n(row, batch->stride(), Cell::Null());
    if (!decoder.Decode({reinterpret_cast<const uint8_t*>(copy.data()), copy.size()}, &writer, row))
      errors->push_back("malformed result row");
  }
  if (!writer.status().ok()) errors->push_back(writer.status().message());
}

std::string CellLine(const std::string& name, const Cell& cell) {
  constexpr std::array<const char*, 13> kKinds = {"null",   "bool",      "int",    "uint",  "float",
                                                  "double", "decimal",   "text",   "bytes", "date",
                                                  "time",   "timestamp", "instant"};
  std::string text;
  if (cell.kind == CellKind::kBytes) {
    for (const char c : cell.view()) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  } else if (cell.kind == CellKind::kText) {
    for (const char c : cell.view()) {
      const auto byte = static_cast<unsigned char>(c);
      text += c == '\\'                     ? "\\\\"
              : byte < 0x20 || byte == 0x7f ? fmt::format("\\x{:02x}", byte)
                                            : std::string(1, c);
    }
    text = "'" + text + "'";
  } else {
    AppendCell(&text, cell);
  }
  std::string kind = kKinds[static_cast<size_t>(cell.kind)];
  if (cell.scale > 0) kind += fmt::format("({})", cell.scale);
  return text.empty() ? name + " " + kind : fmt::format("{} {} {}", name, kind, text);
}

}  // namespace millrace::mysql
