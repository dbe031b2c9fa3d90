#include <doctest/doctest.h>

#include <algorithm>

#include "connectors/mysql/preflight/foreign_keys.h"
#include "connectors/mysql/preflight/position_checks.h"
#include "connectors/mysql/preflight/purge_danger.h"
#include "connectors/mysql/preflight/server_checks.h"
#include "connectors/mysql/preflight/table_checks.h"
#include "connectors/mysql/preflight/zone_check.h"
#include "connectors/mysql/schema/column_text.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

constexpr Severity kError = Severity::kError;
constexpr Severity kWarning = Severity::kWarning;

// Nothing is wrong with it.
ServerView GoodServer() {
  ServerView server;
  server.version = 80400;
  server.version_text = "8.4.0";
  server.user = "'u'@'%'";
  server.variables = {{"log_bin", "ON"},
                      {"binlog_format", "ROW"},
                      {"binlog_row_image", "FULL"},
                      {"binlog_row_value_options", ""},
                      {"gtid_mode", "ON"},
                      {"server_id", "1"},
                      {"binlog_expire_logs_seconds", "2592000"}};
  server.grants = Grants::Parse({"GRANT ALL PRIVILEGES ON *.* TO `u`@`%`"});
  return server;
}

std::vector<Finding> Checked(const ServerView& server, const SourceConfig& config = {},
                             bool snapshot_ahead = true) {
  FindingList findings("MySQL h:1");
  CheckServer(server, config, snapshot_ahead, &findings);
  return findings.findings();
}

bool Has(const std::vector<Finding>& findings, Severity severity, std::string_view what) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.severity == severity && finding.what.find(what) != std::string::npos;
  });
}

std::vector<Finding> CheckedFile(const LogPosition& position) {
  ServerView server;
  server.logs = {{"bin.000004", "900"}, {"bin.000005", "500"}};
  FindingList findings("MySQL h:1");
  CheckFile(server, position, true, &findings);
  return findings.findings();
}

}  // namespace

TEST_CASE("nothing is found where nothing is wrong") { CHECK(Checked(GoodServer()).empty()); }

TEST_CASE("versions") {
  const auto at = [](bool is_mariadb, uint32_t version) {
    ServerView server = GoodServer();
    server.is_mariadb = is_mariadb;
    server.version = version;
    return Checked(server);
  };
  CHECK(Has(at(false, 50550), kError, "is too old"));
  CHECK(Has(at(false, 50651), kWarning, "older than what Millrace was made for"));
  CHECK(at(false, 50700).empty());
  CHECK(Has(at(true, 50568), kError, "is too old"));
  CHECK(Has(at(true, 100400), kWarning, "older than"));
  CHECK(at(true, 100500).empty());
  CHECK(Has(at(false, 0), kWarning, "not understood"));
}

TEST_CASE("settings that the server lacks are not wrong") {
  ServerView server = GoodServer();
  server.variables.erase("binlog_row_image");
  CHECK(Checked(server).empty());
  server.variables["log_bin"] = "1";
  CHECK(Checked(server).empty());
  server.variables["log_bin"] = "OFF";
  CHECK(Has(Checked(server), kError, "log_bin is 'OFF' and must be 'ON'"));
}

TEST_CASE("how long binlogs are kept") {
  ServerView server = GoodServer();
  server.variables["binlog_expire_logs_seconds"] = "3600";
  CHECK(Has(Checked(server), kWarning, "kept for 1 h only"));
  SourceConfig snapshot_only;
  snapshot_only.bounded = true;
  CHECK(Checked(server, snapshot_only).empty());
  server.variables["binlog_expire_logs_auto_purge"] = "OFF";
  CHECK(Checked(server).empty());
  ServerView older = GoodServer();
  older.variables.erase("binlog_expire_logs_seconds");
  older.variables["expire_logs_days"] = "0.500000";
  CHECK(older.retention_s() == 43200);
  CHECK(Has(Checked(older), kWarning, "kept for 12 h only"));
}

TEST_CASE("rights are named as the server names them") {
  ServerView server = GoodServer();
  CHECK(server.log_rights() == "REPLICATION SLAVE, REPLICATION CLIENT");
  server.is_mariadb = true;
  server.version = 100501;
  CHECK(server.log_rights() == "REPLICATION SLAVE, REPLICATION CLIENT");
  server.version = 100502;
  CHECK(server.log_rights() == "REPLICATION SLAVE, BINLOG MONITOR");
  CHECK(QuotedUser("o'x@%") == "'o\\'x'@'%'");
}

TEST_CASE("without GTIDs a snapshot needs a position that is given otherwise") {
  ServerView server = GoodServer();
  server.variables["gtid_mode"] = "OFF";
  CHECK(Has(Checked(server), kWarning, "cannot go on at another server"));
  server.quiet_status = Status::Permanent("denied");
  CHECK(Has(Checked(server), kError, "a snapshot needs a consistent position"));
  CHECK(Has(Checked(server, {}, false), kWarning, "cannot go on at another server"));
}

TEST_CASE("a replica that does not log what it copies") {
  ServerView server = GoodServer();
  server.variables["log_replica_updates"] = "OFF";
  CHECK(Checked(server).empty());
  server.sources = {{true, {}, {}, false}};
  CHECK(Has(Checked(server), kError, "not in its binlog"));
  server.sources = {{false, {}, {}, false}};
  CHECK(Checked(server).empty());
}

TEST_CASE("names in filters are compared as the server compares them") {
  ServerView server = GoodServer();
  server.do_databases = {"Shop"};
  const auto found = [&] {
    FindingList findings("MySQL h:1");
    CheckLogFilters(server, {"shop"}, &findings);
    return findings.has_errors();
  };
  CHECK(found());
  server.variables["lower_case_table_names"] = "1";
  CHECK_FALSE(found());
  server.ignored_databases = {"SHOP"};
  CHECK(found());
}

TEST_CASE("a position without GTIDs must be in the log that is there") {
  CHECK(CheckedFile({"bin.000004", 900, {}}).empty());
  CHECK(CheckedFile({"bin.000005", 4, {}}).empty());
  CHECK(CheckedFile({"", 4, {}}).empty());  // from the first file on
  CHECK(Has(CheckedFile({"bin.000003", 4, {}}), kError, "the log in between was removed"));
  CHECK(Has(CheckedFile({"bin.000005", 501, {}}), kError, "has 500 bytes only: its log was reset"));
  CHECK(Has(CheckedFile({"bin.000006", 4, {}}), kError, "bin.000004 to bin.000005 only"));
}

TEST_CASE("a file that is about to be removed") {
  const std::vector<TextRow> logs = {{"bin.1", "9"}, {"bin.2", "9"}};
  CHECK(FileAfter("bin.1", logs) == "bin.2");
  CHECK(FileAfter("bin.2", logs).empty());
  CHECK(FileAfter("bin.9", logs).empty());
  CHECK(PurgeWarning("bin.1", 1000, 1500, 0).empty());
  CHECK(PurgeWarning("bin.1", 1000, 1500, 4000).empty());
  CHECK(PurgeWarning("bin.1", 1000, 4100, 4000).find("in about 16 minute(s)") != std::string::npos);
  CHECK(PurgeWarning("bin.1", 1000, 5000, 4000).find("at any moment") != std::string::npos);
}

TEST_CASE("foreign keys in the words of SHOW CREATE TABLE") {
  const std::string text =
      "CREATE TABLE `c` (\n  `id` int NOT NULL,\n  `x` varchar(99) DEFAULT 'CONSTRAINT',\n"
      "  CONSTRAINT `f` FOREIGN KEY (`x`, `id`) REFERENCES `p` (`a`, `b`) ON DELETE CASCADE ON "
      "UPDATE SET NULL,\n"
      "  CONSTRAINT `g` FOREIGN KEY (`x`) REFERENCES `o``d`.`q` (`a`),\n"
      "  CONSTRAINT `h` CHECK (`id` > 1)\n) ENGINE=InnoDB";
  const std::vector<ForeignKey> keys = ParseForeignKeys({"d", "c"}, text);
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].name == "f");
  CHECK(keys[0].columns == std::vector<std::string>{"x", "id"});
  CHECK(keys[0].parent == TableKey("d", "p"));
  CHECK(keys[0].on_delete == "CASCADE");
  CHECK(keys[0].on_update == "SET NULL");
  CHECK(keys[1].parent == TableKey("o`d", "q"));
  CHECK(keys[1].on_delete.empty());
}

TEST_CASE("all columns that do not fit are found, each once for tables that are alike") {
  TableLayout layout;
  layout.columns = {ParseServerColumn("id", "bigint"), ParseServerColumn("b", "blob")};
  const auto shared = std::make_shared<const TableLayout>(layout);
  const std::vector<ServerTable> tables = {{"d", "t1", shared}, {"d", "t2", shared}};
  SourceRequest request;
  request.table = "s";
  request.schema.columns = {
      {"id", Type{TypeKind::kInt}, ""}, {"b", Type::String(), ""}, {"nope", Type::String(), ""}};
  request.columns = {0, 1};
  SourceConfig config;
  FindingList findings("MySQL h:1");
  CheckDeclaredColumns({&request, &config, false, true}, tables, &findings);
  CHECK(findings.findings().size() == 3);
  CHECK(Has(findings.findings(), kError, "\"id\" of MySQL table d.t1 is bigint"));
  CHECK(Has(findings.findings(), kError, "\"b\" of MySQL table d.t1 is blob"));
  CHECK(Has(findings.findings(), kError, "has a column \"nope\""));
  FindingList later("MySQL h:1");  // the tables may have changed since, and the log says how
  CheckDeclaredColumns({&request, &config, true, true}, tables, &later);
  CHECK(later.findings().empty());
}

TEST_CASE("moments are compared up to a year from now") {
  constexpr int64_t kNow = 1'700'000'000;
  const std::vector<int64_t> moments = MomentsToCompare(kNow);
  CHECK(moments.front() < 950'000'000);
  CHECK(moments.back() > kNow + 300 * 86'400);
  CHECK(moments.size() < 400);
  CHECK(OffsetText(28'800) == "+08:00");
  CHECK(OffsetText(-12'600) == "-03:30");
}

TEST_CASE("a few names stand for many") {
  CHECK(SomeNames({"a", "b"}) == "a, b");
  CHECK(SomeNames({"a", "b", "c", "d", "e"}) == "a, b, c and 2 more");
}
