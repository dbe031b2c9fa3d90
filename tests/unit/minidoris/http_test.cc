// Redirects, credentials, framing of bodies.
#include <doctest/doctest.h>

#include "unit/minidoris/clients.h"

namespace millrace::minidoris::testing {
namespace {

const std::string kExpect = "Expect: 100-continue";
const std::string kTarget = "/api/db/t/_stream_load";
using Lines = std::vector<std::string>;

TEST_CASE("the frontend redirects with user info and sends no 100") {
  Server server;
  const HttpAnswer answer = Http(server.fe(), "PUT", kTarget + "?x=1", {kRoot, kExpect}, "");
  CHECK(answer.status == 307);
  CHECK_FALSE(answer.continued);
  CHECK(answer.body == "");
  CHECK(answer.head.find("Location: http://root:@127.0.0.1:" + std::to_string(server.be()) +
                         kTarget + "?x=1\r\n") != std::string::npos);
}

TEST_CASE("without Expect the load ends at the frontend") {
  Server server;
  const HttpAnswer answer = Http(server.fe(), "PUT", kTarget, {kRoot}, "1\ta\tb\n");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"status":"FAILED","msg":"There is no 100-continue header"})");
  CHECK(server.Rows("SHOW TRANSACTION FROM db").empty());
}

TEST_CASE("wrong and missing credentials are refused in the body of a 200") {
  Server server;
  // root:x
  const HttpAnswer wrong =
      Http(server.fe(), "PUT", kTarget, {"Authorization: Basic cm9vdDp4", kExpect}, "");
  CHECK(wrong.status == 200);
  CHECK(wrong.Text("msg") == "Unauthorized");
  CHECK(wrong.Number("code") == 401);
  CHECK(wrong.Text("data") == "Access denied for user 'root' (using password: YES)");
  const HttpAnswer none = Http(server.fe(), "PUT", kTarget, {kExpect}, "");
  CHECK(none.Text("data") == "Need auth information.");
  const HttpAnswer backend = Http(server.be(), "PUT", kTarget, {}, "");
  CHECK(backend.Text("Message") == "[NOT_AUTHORIZED]no valid Basic authorization");
}

TEST_CASE("the backend, not the frontend, refuses a table that does not exist") {
  Server server;
  CHECK(Http(server.fe(), "PUT", "/api/db/no/_stream_load", {kRoot, kExpect}, "").status == 307);
  const HttpAnswer table = server.Load("", {kExpect}, "no");
  CHECK_FALSE(table.continued);
  CHECK(table.Text("Status") == "Fail");
  CHECK(table.Text("Message").find("unknown table, tableName=no") != std::string::npos);
  const HttpAnswer database = server.Load("", {}, "t", "no");
  CHECK(database.Text("Message").find("unknown database, database=no") != std::string::npos);
}

TEST_CASE("loads with and without Expect: 100-continue") {
  Server server;
  const HttpAnswer plain = server.Load("1\ta\tb\n");
  CHECK(plain.Text("Status") == "Success");
  CHECK(plain.Text("TwoPhaseCommit") == "false");
  const HttpAnswer expecting = server.Load("2\ta\tb\n", {kExpect});
  CHECK(expecting.continued);
  CHECK(expecting.Text("Status") == "Success");
  CHECK(expecting.Number("NumberLoadedRows") == 1);
  CHECK(expecting.Number("LoadBytes") == 6);
}

TEST_CASE("a label conflict comes instead of the 100") {
  Server server;
  server.Load("1\ta\tb\n", {"label: L"});
  const HttpAnswer again = server.Load("1\ta\tb\n", {"label: L", kExpect});
  CHECK_FALSE(again.continued);
  CHECK(again.Text("Status") == "Label Already Exists");
}

TEST_CASE("chunks may split records anywhere") {
  const std::string body = "1\ta\tb\n2\tc\td\n3\te\tf";
  for (size_t size = 1; size < 8; ++size) {
    Server server;
    Socket socket(server.be());
    socket.Send("PUT " + kTarget + " HTTP/1.1\r\nHost: x\r\n" + kRoot +
                "\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (size_t at = 0; at < body.size(); at += size) {
      const std::string piece = body.substr(at, size);
      socket.Send(std::to_string(piece.size()) + "\r\n" + piece + "\r\n");
    }
    socket.Send("0\r\n\r\n");
    CHECK(ReadAnswer(&socket).Number("NumberLoadedRows") == 3);
    CHECK(server.Rows("SELECT * FROM t ORDER BY k") == Lines{"1|a|b", "2|c|d", "3|e|f"});
  }
}

TEST_CASE("chunks may split separators of several bytes") {
  const std::string body = "1||a||b<>\n>2||c||d<><><>\n>3||||f<>\n>";
  for (size_t size = 1; size < 9; ++size) {
    Server server;
    Socket socket(server.be());
    socket.Send("PUT " + kTarget + " HTTP/1.1\r\nHost: x\r\n" + kRoot +
                "\r\ncolumn_separator: ||\r\nline_delimiter: <>\\n>\r\n"
                "Transfer-Encoding: chunked\r\n\r\n");
    for (size_t at = 0; at < body.size(); at += size) {
      const std::string piece = body.substr(at, size);
      socket.Send(std::to_string(piece.size()) + "\r\n" + piece + "\r\n");
    }
    socket.Send("0\r\n\r\n");
    CHECK(ReadAnswer(&socket).Number("NumberLoadedRows") == 3);
    CHECK(server.Rows("SELECT * FROM t ORDER BY k") == Lines{"1|a|b", "2|c|d<><>", "3||f"});
  }
}

TEST_CASE("a load without length and without chunks is refused") {
  Server server;
  const HttpAnswer answer = Http(server.be(), "PUT", kTarget, {kRoot});
  CHECK(answer.Text("Message").find("content_length is empty and transfer-encoding!=chunked") !=
        std::string::npos);
}

TEST_CASE("bodies beyond the limit") {
  MinidorisOptions options;
  options.load_bytes_max = 10;
  Server server(Server::kTable, options);
  const HttpAnswer answer = server.Load("1\ta\tbbbbbbbbbbbb\n", {kExpect});
  CHECK_FALSE(answer.continued);
  CHECK(answer.Text("Message").find("exceed BE's conf `streaming_load_max_mb`") !=
        std::string::npos);
  Socket socket(server.be());
  socket.Send("PUT " + kTarget + " HTTP/1.1\r\nHost: x\r\n" + kRoot +
              "\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n123456789012\r\n0\r\n\r\n");
  CHECK(ReadAnswer(&socket).status == 0);
}

TEST_CASE("a client that goes away leaves nothing behind") {
  Server server;
  {
    Socket socket(server.be());
    socket.Send("PUT " + kTarget + " HTTP/1.1\r\nHost: x\r\nlabel: L\r\n" + kRoot +
                "\r\nContent-Length: 100\r\n\r\n1\ta\tb\n");
    REQUIRE(Eventually([&] { return server.State("L") == "PREPARE"; }));
    const HttpAnswer running = server.Load("1\ta\tb\n", {"label: L"});
    CHECK(running.Text("ExistingJobStatus") == "RUNNING");
  }
  CHECK(Eventually([&] { return server.State("L") == "ABORTED"; }));
  CHECK(server.Load("2\ta\tb\n", {"label: L"}).Text("Status") == "Success");
  CHECK(server.Rows("SELECT k FROM t") == Lines{"2"});
}

TEST_CASE("empty bodies") {
  Server server;
  CHECK(server.Load("").Text("Status") == "Success");
  const HttpAnswer answer = server.Load("", {"label: L", "two_phase_commit: true"});
  CHECK(answer.Number("NumberTotalRows") == 0);
  CHECK(server.State("L") == "PRECOMMITTED");
  CHECK(server.Load("", {"compress_type: gz"}).Text("Status") == "Success");
}

TEST_CASE("gzip, also several members, also cut") {
  // printf '1\ta\tb\n' | gzip -n
  const std::string packed(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x33\xe4\x4c"
      "\xe4\x4c\xe2\x02\x00\x08\x5c\xa1\x48\x06\x00\x00\x00",
      26);
  Server server;
  CHECK(server.Load(packed + packed, {"compress_type: gz"}).Number("NumberLoadedRows") == 2);
  CHECK(server.Rows("SELECT * FROM t") == Lines{"1|a|b"});
  const HttpAnswer broken = server.Load("no gzip", {"compress_type: gz"});
  CHECK(broken.Text("Status") == "Fail");
  const HttpAnswer cut = server.Load(packed.substr(0, 15), {"compress_type: gz"});
  CHECK(cut.Text("Status") == "Fail");
}

TEST_CASE("a load that failed reads its body to the end before it answers") {
  Server server;
  Socket socket(server.be());
  std::string bad;
  for (int i = 0; i < 100; ++i) bad += "x\ta\tb\n";
  socket.Send("PUT " + kTarget + " HTTP/1.1\r\nHost: x\r\nlabel: L\r\n" + kRoot +
              "\r\nContent-Length: " + std::to_string(bad.size() * 2) + "\r\n\r\n" + bad);
  REQUIRE(Eventually([&] { return server.State("L") == "PREPARE"; }));
  socket.Send(bad);
  const HttpAnswer answer = ReadAnswer(&socket);
  CHECK(answer.Text("Status") == "Fail");
  CHECK(answer.Text("Message").find("Encountered unqualified data, stop processing") !=
        std::string::npos);
  CHECK(server.State("L") == "ABORTED");
}

TEST_CASE("liveness and backends") {
  Server server;
  CHECK(Http(server.fe(), "GET", "/", {}).status == 200);
  CHECK(Http(server.be(), "GET", "/", {}).status == 200);
  const HttpAnswer answer = Http(server.fe(), "GET", "/api/backends?is_alive=true", {kRoot});
  CHECK(answer.body == R"({"msg":"success","code":0,"data":{"backends":[{"ip":"127.0.0.1",)"
                       R"("http_port":)" +
                           std::to_string(server.be()) + R"(,"is_alive":true}]},"count":0})");
}

}  // namespace
}  // namespace millrace::minidoris::testing
