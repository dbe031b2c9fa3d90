// Labels, states and two-phase commit.
#include <doctest/doctest.h>

#include "unit/minidoris/clients.h"

namespace millrace::minidoris::testing {
namespace {

const Headers kTwoPhase = {"two_phase_commit: true"};
using Lines = std::vector<std::string>;

Headers With(const std::string& label) { return {"two_phase_commit: true", "label: " + label}; }

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

TEST_CASE("a finished label") {
  Server server;
  const HttpAnswer first = server.Load("1\ta\tb\n", {"label: L"});
  const HttpAnswer second = server.Load("2\ta\tb\n", {"label: L"});
  CHECK(second.Text("Status") == "Label Already Exists");
  CHECK(second.Number("TxnId") == -1);
  CHECK(second.Text("ExistingJobStatus") == "FINISHED");
  CHECK(Contains(second.Text("Message"), "Label [L] has already been used, relate to txn [" +
                                             std::to_string(first.Number("TxnId")) + "]"));
}

TEST_CASE("a pre-committed label, free again after an abort") {
  Server server;
  const HttpAnswer first = server.Load("1\ta\tb\n", With("L"));
  const HttpAnswer second = server.Load("1\ta\tb\n", With("L"));
  CHECK(second.Text("ExistingJobStatus") == "PRECOMMITTED");
  CHECK(second.Text("TwoPhaseCommit") == "true");
  CHECK(server.Abort(first.Number("TxnId")).Text("status") == "Success");
  const HttpAnswer third = server.Load("1\ta\tb\n", {"label: L"});
  CHECK(third.Text("Status") == "Success");
  CHECK(third.Number("TxnId") > first.Number("TxnId"));
}

TEST_CASE("labels belong to a database") {
  Server server;
  MysqlClient client(server.query_port());
  client.Query("CREATE DATABASE db2");
  client.Query("USE db2");
  client.Query(Server::kTable);
  client.Query("USE db");
  client.Query("CREATE TABLE u (k INT NOT NULL) DISTRIBUTED BY RANDOM");
  server.Load("1\ta\tb\n", {"label: L"});
  CHECK(server.Load("1\ta\tb\n", {"label: L"}, "t", "db2").Text("Status") == "Success");
  CHECK(server.Load("1\n", {"label: L"}, "u").Text("Status") == "Label Already Exists");
}

TEST_CASE("the form of labels") {
  Server server;
  CHECK(Contains(server.Load("", {"label: a.b"}).Text("Message"), "Label format error"));
  CHECK(Contains(server.Load("", {"label: " + std::string(129, 'a')}).Text("Message"),
                 "Label format error"));
  CHECK(server.Load("", {"label: " + std::string(128, 'a')}).Text("Status") == "Success");
  CHECK(server.Load("").Text("Label").size() == 36);
}

TEST_CASE("a failed load frees its label") {
  Server server;
  CHECK(server.Load("x\n", {"label: L"}).Text("Status") == "Fail");
  CHECK(server.State("L") == "ABORTED");
  CHECK(server.Load("1\ta\tb\n", {"label: L"}).Text("Status") == "Success");
}

TEST_CASE("labels are forgotten") {
  MinidorisOptions options;
  options.label_keep_ms = 1000;
  Server server(Server::kTable, options);
  const int64_t id = server.Load("1\ta\tb\n", {"label: L"}).Number("TxnId");
  server.clock.offset_ms = 2000;
  CHECK(Eventually([&] { return server.State("L") == "UNKNOWN"; }));
  CHECK(Contains(server.Commit(id).Text("msg"),
                 "transaction [" + std::to_string(id) + "] not found"));
  CHECK(server.Load("1\ta\tb\n", {"label: L"}).Text("Status") == "Success");
}

TEST_CASE("pre-commit, commit, commit again") {
  Server server;
  const HttpAnswer load = server.Load("1\ta\tb\n", With("L"));
  CHECK(load.Text("Status") == "Success");
  CHECK(load.Text("TwoPhaseCommit") == "true");
  CHECK(server.Rows("SELECT * FROM t").empty());
  CHECK(server.State("L") == "PRECOMMITTED");
  const int64_t id = load.Number("TxnId");
  const std::string name = "transaction [" + std::to_string(id) + "]";
  const HttpAnswer commit = server.Commit(id);
  CHECK(commit.Text("status") == "Success");
  CHECK(commit.Text("msg") == name + " commit successfully.");
  CHECK(server.Rows("SELECT * FROM t") == Lines{"1|a|b"});
  CHECK(server.State("L") == "VISIBLE");
  const HttpAnswer again = server.Commit(id);
  CHECK(again.Text("status") == "ANALYSIS_ERROR");
  CHECK(Contains(again.Text("msg"), name + " is already visible, not pre-committed."));
  CHECK(Contains(server.Abort(id).Text("msg"), name + " is already VISIBLE, could not abort."));
}

TEST_CASE("publishing may come later") {
  MinidorisOptions options;
  options.publish_delay_ms = 60'000;
  Server server(Server::kTable, options);
  const int64_t id = server.Load("1\ta\tb\n", With("L")).Number("TxnId");
  CHECK(server.Commit(id).Text("status") == "Success");
  CHECK(server.State("L") == "COMMITTED");
  CHECK(Contains(server.Commit(id).Text("msg"), "is already committed, not pre-committed."));
  CHECK(server.Rows("SELECT * FROM t").empty());
  server.Restart();
  CHECK(server.State("L") == "COMMITTED");
  server.clock.offset_ms = 70'000;
  CHECK(Eventually([&] { return server.State("L") == "VISIBLE"; }));
  CHECK(server.Rows("SELECT * FROM t") == Lines{"1|a|b"});
}

TEST_CASE("an abort ends the transaction for good") {
  Server server;
  const int64_t id = server.Load("1\ta\tb\n", With("L")).Number("TxnId");
  const std::string name = "transaction [" + std::to_string(id) + "]";
  CHECK(server.Abort(id).Text("msg") == name + " abort successfully.");
  CHECK(server.State("L") == "ABORTED");
  CHECK(Contains(server.Abort(id).Text("msg"),
                 name + " is already aborted, abort reason: User Abort"));
  CHECK(Contains(server.Commit(id).Text("msg"),
                 name + " is already aborted. abort reason: User Abort"));
  CHECK(server.Rows("SELECT * FROM t").empty());
}

TEST_CASE("unknown ids and foreign databases") {
  Server server;
  MysqlClient(server.query_port()).Query("CREATE DATABASE db2");
  CHECK(Contains(server.Commit(4711).Text("msg"), "transaction [4711] not found"));
  const std::string id = std::to_string(server.Load("", kTwoPhase).Number("TxnId"));
  const HttpAnswer foreign = server.TwoPhase({"txn_operation: commit", "txn_id: " + id}, "db2");
  CHECK(Contains(foreign.Text("msg"), "transaction [" + id + "] not found"));
  CHECK(Contains(server.TwoPhase({"txn_operation: commit", "txn_id: " + id}, "no").Text("msg"),
                 "unknown database, database=no"));
}

TEST_CASE("commit and abort by label") {
  Server server;
  server.Load("1\ta\tb\n", With("L"));
  const Headers commit = {"txn_operation: commit", "label: L"};
  CHECK(server.TwoPhase(commit).Text("msg") == "label [L] commit successfully.");
  CHECK(Contains(server.TwoPhase(commit).Text("msg"), "running transaction not found, label=L"));
  CHECK(Contains(server.TwoPhase({"txn_operation: abort", "label: M"}).Text("msg"),
                 "transaction not found, label=M"));
}

TEST_CASE("two-phase requests with wrong headers") {
  Server server;
  const HttpAnswer id = server.TwoPhase({"txn_operation: commit", "txn_id: abc"});
  CHECK(id.Text("status") == "INTERNAL_ERROR");
  CHECK(id.Text("msg") == "convert txn_id [abc] failed, reason=stoull");
  const HttpAnswer operation = server.TwoPhase({"txn_operation: x", "txn_id: 1"});
  CHECK(operation.Text("msg") == "transaction operation should be 'commit' or 'abort'");
  const HttpAnswer none =
      Http(server.fe(), "PUT", "/api/db/_stream_load_2pc", {kRoot, "txn_operation: commit"}, "");
  CHECK(none.Text("msg") == "No transaction id or label selected.");
}

TEST_CASE("PRECOMMITTED does not last for ever") {
  MinidorisOptions options;
  options.precommit_timeout_ms = 1000;
  Server server(Server::kTable, options);
  const int64_t id = server.Load("1\ta\tb\n", With("L")).Number("TxnId");
  server.clock.offset_ms = 2000;
  CHECK(Eventually([&] { return server.State("L") == "ABORTED"; }));
  CHECK(Contains(server.Commit(id).Text("msg"), "abort reason: timeout by txn manager"));
}

TEST_CASE("a restart keeps everything from PRECOMMITTED on") {
  Server server;
  const int64_t id = server.Load("1\ta\tb\n", With("L")).Number("TxnId");
  server.Load("2\ta\tb\n", {"label: M"});
  server.Restart();
  CHECK(server.State("L") == "PRECOMMITTED");
  CHECK(server.State("M") == "VISIBLE");
  CHECK(server.Load("", {"label: N"}).Number("TxnId") > id);
  CHECK(server.Commit(id).Text("status") == "Success");
  CHECK(server.Rows("SELECT k FROM t ORDER BY k") == Lines{"1", "2"});
}

TEST_CASE("the frontend redirects commits") {
  Server server;
  const HttpAnswer answer = Http(server.fe(), "PUT", "/api/db/t/_stream_load_2pc",
                                 {kRoot, "txn_operation: commit", "txn_id: 1"}, "");
  CHECK(answer.status == 307);
}

TEST_CASE("the later commit wins") {
  Server server;
  const int64_t first = server.Load("1\tfirst\t\n", kTwoPhase).Number("TxnId");
  const int64_t second = server.Load("1\tsecond\t\n", kTwoPhase).Number("TxnId");
  server.Commit(second);
  server.Commit(first);
  CHECK(server.Rows("SELECT * FROM t") == Lines{"1|first|"});
}

TEST_CASE("too many transactions") {
  MinidorisOptions options;
  options.running_max = 1;
  Server server(Server::kTable, options);
  server.Load("", With("L"));
  const HttpAnswer answer = server.Load("", With("M"));
  CHECK(answer.Text("Status") == "Fail");
  CHECK(Contains(answer.Text("Message"), "is 1, larger than limit 1"));
}

TEST_CASE("--discard counts rows and keeps none, with real transactions") {
  MinidorisOptions options;
  options.discard = true;
  Server server(Server::kTable, options);
  const HttpAnswer load = server.Load("1\ta\tb\n2\ta\tb\n3", With("L"));
  CHECK(load.Number("NumberLoadedRows") == 3);
  CHECK(server.Load("", With("L")).Text("ExistingJobStatus") == "PRECOMMITTED");
  CHECK(server.Commit(load.Number("TxnId")).Text("status") == "Success");
  CHECK(server.State("L") == "VISIBLE");
  CHECK(server.Rows("SELECT * FROM t").empty());
  CHECK(Http(server.fe(), "GET", "/api/_minidoris/stats", {}).body ==
        "{\"loads\":1,\"rows\":3,\"bytes\":13}\n");
}

TEST_CASE("a load that was running when the process ended is forgotten") {
  Server server;
  Socket socket(server.be());
  socket.Send("PUT /api/db/t/_stream_load HTTP/1.1\r\nHost: x\r\nlabel: L\r\n" + kRoot +
              "\r\nContent-Length: 100\r\n\r\n1\ta\tb\n");
  REQUIRE(Eventually([&] { return server.State("L") == "PREPARE"; }));
  server.Restart();
  const std::string state = server.State("L");
  CHECK((state == "UNKNOWN" || state == "ABORTED"));  // aborted if the end was seen in time
  CHECK(server.Load("1\ta\tb\n", {"label: L"}).Text("Status") == "Success");
}

TEST_CASE("an abort during a load is visible at once and fails the load") {
  Server server;
  Socket socket(server.be());
  socket.Send("PUT /api/db/t/_stream_load HTTP/1.1\r\nHost: x\r\nlabel: L\r\n" + kRoot +
              "\r\nContent-Length: 12\r\n\r\n1\ta\tb\n");
  REQUIRE(Eventually([&] { return server.State("L") == "PREPARE"; }));
  CHECK(server.TwoPhase({"txn_operation: abort", "label: L"}).Text("status") == "Success");
  CHECK(server.State("L") == "ABORTED");
  socket.Send("2\ta\tb\n");
  const HttpAnswer answer = ReadAnswer(&socket);
  CHECK(answer.Text("Status") == "Fail");
  CHECK(Contains(answer.Text("Message"), "User Abort"));
  CHECK(server.Rows("SELECT * FROM t").empty());
}

TEST_CASE("faults on demand") {
  Server server;
  SUBCASE("publish timeout") {
    server.Faults(R"([{"at": "load_answer", "action": "publish_timeout"}])");
    CHECK(server.Load("1\ta\tb\n").Text("Status") == "Publish Timeout");
    CHECK(server.Rows("SELECT k FROM t") == Lines{"1"});
  }
  SUBCASE("the answer of a load is lost") {
    server.Faults(R"([{"at": "load_answer", "action": "drop"}])");
    CHECK(server.Load("1\ta\tb\n", With("L")).status == 0);
    CHECK(server.State("L") == "PRECOMMITTED");
    CHECK(Http(server.fe(), "GET", "/api/_minidoris/faults", {}).body == "[]\n");
  }
  SUBCASE("the answer of a commit is lost") {
    const int64_t id = server.Load("1\ta\tb\n", With("L")).Number("TxnId");
    server.Faults(R"([{"at": "commit_answer", "action": "drop"}])");
    CHECK(server.Commit(id).status == 0);
    CHECK(server.State("L") == "VISIBLE");
  }
  SUBCASE("a commit fails, the next one does not") {
    const int64_t id = server.Load("1\ta\tb\n", With("L")).Number("TxnId");
    server.Faults(R"([{"at": "commit", "action": "fail"}])");
    CHECK(server.Commit(id).Text("status") == "INTERNAL_ERROR");
    CHECK(server.State("L") == "PRECOMMITTED");
    CHECK(server.Commit(id).Text("status") == "Success");
  }
  SUBCASE("the connection breaks in the body, once") {
    server.Faults(R"([{"at": "load_body", "action": "drop", "after_bytes": 3}])");
    CHECK(server.Load("1\ta\tb\n", With("L")).status == 0);
    CHECK(Eventually([&] { return server.State("L") == "ABORTED"; }));
    CHECK(server.Load("1\ta\tb\n", With("L")).Text("Status") == "Success");
  }
  SUBCASE("everything is away for two requests, after one good one") {
    server.Faults(R"([{"at": "fe", "action": "unavailable", "times": 2, "skip": 1}])");
    CHECK(Http(server.fe(), "GET", "/", {}).status == 200);
    CHECK(Http(server.fe(), "GET", "/", {}).status == 503);
    CHECK(Http(server.fe(), "GET", "/", {}).status == 503);
    CHECK(Http(server.fe(), "GET", "/", {}).status == 200);
  }
  SUBCASE("a statement fails") {
    server.Faults(R"([{"at": "query", "action": "fail"}])");
    CHECK(Contains(MysqlClient(server.query_port()).Query("SELECT 1").error, "injected fault"));
  }
  SUBCASE("a list with an error is refused") {
    const HttpAnswer answer = Http(server.fe(), "PUT", "/api/_minidoris/faults", {},
                                   R"([{"at": "nowhere", "action": "drop"}])");
    CHECK(answer.status == 400);
    CHECK(
        answer.body ==
        "faults: entry 1 has the unknown \"at\" \"nowhere\"; expected one of load_body, precommit, "
        "load_answer, commit, commit_answer, abort, fe, be, query, all\n");
  }
}

}  // namespace
}  // namespace millrace::minidoris::testing
