// The tables of a log for tests: what a source knows of them, without a server.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "connectors/mysql/binlog/table_decoders.h"

namespace millrace::mysql {

class KnownTables final {
 public:
  KnownTables(SourceRequest request, std::string_view databases, std::string_view tables,
              TableCatalog catalog, ServerFacts server = Server(false),
              SchemaChange schema_change = SchemaChange::kStop, bool deletes_rows = false)
      : request_(std::move(request)),
        databases_(databases),
        tables_(tables),
        server_(std::move(server)),
        history_config_{&request_, &databases_, &tables_, schema_change, deletes_rows, &log_},
        history_(std::make_unique<TableHistory>(history_config_, std::move(catalog))),
        decoders_(Decoders()) {}

  // As a checkpoint would bring it back.
  void SetHistory(const Json& json) {
    history_ = TableHistory::FromJson(history_config_, json).value();
    decoders_ = Decoders();
  }

  TableDecoders* decoders() { return decoders_.get(); }
  TableHistory* history() { return history_.get(); }
  const ServerFacts& server() const { return server_; }
  // What the server says about a table that is not known.
  void set_described(std::optional<TableLayout> layout) { described_ = std::move(layout); }
  int descriptions() const { return descriptions_; }

  static ServerFacts Server(bool is_mariadb) {
    return {is_mariadb,
            is_mariadb ? 101'119U : 90'704U,
            false,
            true,
            {{8, "latin1"},
             {9, "latin2"},
             {13, "sjis"},
             {28, "gbk"},
             {33, "utf8mb3"},
             {35, "ucs2"},
             {45, "utf8mb4"},
             {46, "utf8mb4"},
             {51, "cp1251"},
             {56, "utf16le"},
             {63, "binary"},
             {255, "utf8mb4"}}};
  }
  static TableCatalog Catalog(const TableKey& table, TableLayout layout) {
    TableCatalog catalog;
    catalog.PutDatabase(table.first, "utf8mb4");
    catalog.Put({table.first, table.second}, std::move(layout));
    return catalog;
  }

 private:
  std::unique_ptr<TableDecoders> Decoders() {
    return std::make_unique<TableDecoders>(
        TableDecoders::Config{{{&request_, history_.get()}},
                              &server_,
                              &log_,
                              [this](const TableKey& /*table*/, const LogPosition& /*here*/) {
                                ++descriptions_;
                                return Result(described_);
                              }});
  }

  const SourceRequest request_;
  const NamePattern databases_;
  const NamePattern tables_;
  const ServerFacts server_;
  Log log_{LogLevel::kOff, stderr};
  const TableHistory::Config history_config_;
  std::optional<TableLayout> described_;
  int descriptions_ = 0;
  std::unique_ptr<TableHistory> history_;
  std::unique_ptr<TableDecoders> decoders_;
};

}  // namespace millrace::mysql
