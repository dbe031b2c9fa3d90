#include "connectors/doris/http_api.h"

#include <doctest/doctest.h>

#include <map>

#include "base/clock.h"
#include "unit/scripted_server.h"

namespace millrace::doris {
namespace {

SinkConfig ConfigOf(std::map<std::string, std::string> texts) {
  texts.insert({{"table.identifier", "d.t"}, {"username", "u"}, {"password", "secret"}});
  return MakeSinkConfig(Options::FromTexts(OptionTable(), texts));
}

bool HasPassword(const std::string& head) {
  return head.find("\r\nAuthorization: Basic ") != std::string::npos;
}

TEST_CASE("a list of backends that is none is a transient failure, whatever it looks like") {
  for (const char* data :
       {R"({"backends":[17]})", R"({"backends":[{"ip":1,"http_port":{}}]})", R"([])", R"("x")"}) {
    CAPTURE(data);
    ScriptedServer frontend({[&](Connection& connection) {
      CHECK(connection.ReadHead().starts_with("GET /api/backends?is_alive=true "));
      connection.Answer("200 OK", std::string(R"({"code":0,"data":)") + data + "}");
    }});
    const auto api =
        MakeHttpApi(ConfigOf({{"fenodes", frontend.Address()}, {"auto-redirect", "false"}}));
    const Status status = api->Begin("l", {}).status();
    CHECK(status.transient());
    CHECK(status.message().find("no backend is alive") != std::string::npos);
  }
}

TEST_CASE("a backend's port may be written as text") {
  std::string head;
  ScriptedServer backend({[&](Connection& connection) {
    head = connection.ReadHead();
    connection.Answer("200 OK", R"({"Status":"Fail","Message":"x"})");
  }});
  ScriptedServer frontend({[&](Connection& connection) {
    connection.ReadHead();
    connection.Answer("200 OK", R"({"code":0,"data":{"backends":[{"ip":"127.0.0.1","http_port":")" +
                                    std::to_string(backend.port()) + R"("}]}})");
  }});
  const auto api =
      MakeHttpApi(ConfigOf({{"fenodes", frontend.Address()}, {"auto-redirect", "false"}}));
  CHECK(api->Begin("l", {})->answer.status == "Fail");
  CHECK(head.starts_with("PUT /api/d/t/_stream_load "));
}

TEST_CASE("with 'benodes' a load goes to no other host, and commits go to them, too") {
  std::string commit;
  ScriptedServer backend({[&](Connection& connection) {
                            connection.ReadHead();
                            connection.Answer("307 Temporary Redirect", "",
                                              "Location: http://127.0.0.1:1/x\r\n");
                          },
                          [&](Connection& connection) {
                            commit = connection.ReadHead();
                            connection.Answer("200 OK", R"({"status":"Success","msg":""})");
                          }});
  const auto api =
      MakeHttpApi(ConfigOf({{"fenodes", "127.0.0.1:2"}, {"benodes", backend.Address()}}));
  const Status status = api->Begin("l", {}).status();
  CHECK(!status.transient());
  CHECK(status.message().find("redirected to 127.0.0.1:1; refused") != std::string::npos);
  CHECK(api->Operate(Operation::kCommit, 7, "l")->status == "Success");
  CHECK(commit.starts_with("PUT /api/d/_stream_load_2pc "));
  CHECK(commit.find("txn_id: 7\r\n") != std::string::npos);
}

TEST_CASE("an error log gets the password on hosts of the cluster only") {
  const SinkConfig plain = ConfigOf({{"fenodes", "fe:8030"}, {"benodes", "be:8040"}});
  const std::string load = "http://be9:8040/api/d/t/_stream_load";
  CHECK(AccessToErrorLog(plain, "", "http://fe:8030/log") == ErrorLogAccess::kWithPassword);
  CHECK(AccessToErrorLog(plain, "", "http://be:8040/log") == ErrorLogAccess::kWithPassword);
  CHECK(AccessToErrorLog(plain, load, "http://be9:8040/log") == ErrorLogAccess::kWithPassword);
  CHECK(AccessToErrorLog(plain, "", "http://be9:8040/log") == ErrorLogAccess::kWithoutPassword);
  CHECK(AccessToErrorLog(plain, load, "http://s3.cloud/log") == ErrorLogAccess::kWithoutPassword);
  CHECK(AccessToErrorLog(plain, load, "http://be:8040@evil/log") ==
        ErrorLogAccess::kWithoutPassword);
  CHECK(AccessToErrorLog(plain, load, "file:///etc/passwd") == ErrorLogAccess::kNever);
  const SinkConfig tls = ConfigOf({{"fenodes", "fe:8030"}, {"doris.enable.tls", "true"}});
  CHECK(AccessToErrorLog(tls, "", "http://fe:8030/log") == ErrorLogAccess::kNever);
  CHECK(AccessToErrorLog(tls, "", "https://fe:8030/log") == ErrorLogAccess::kWithPassword);
  CHECK(AccessToErrorLog(tls, "", "https://other/log") == ErrorLogAccess::kWithoutPassword);
}

TEST_CASE("an error log elsewhere is read without the password, and its redirect is not followed") {
  std::string first;
  ScriptedServer elsewhere({[&](Connection& connection) {
                              first = connection.ReadHead();
                              connection.Answer("200 OK", "Reason: x");
                            },
                            [&](Connection& connection) {
                              connection.ReadHead();
                              connection.Answer("302 Found", "",
                                                "Location: http://127.0.0.1:1/\r\n");
                            }});
  const auto api = MakeHttpApi(ConfigOf({{"fenodes", "127.0.0.1:1"}}));
  // One connection for each: a client keeps it, the server here closes it.
  CHECK(*api->ErrorLog(elsewhere.Url("/log")) == "Reason: x");
  CHECK(!HasPassword(first));
  CHECK(api->ErrorLog(elsewhere.Url("/log")).status().message().find("HTTP 302") !=
        std::string::npos);
}

TEST_CASE("the host that took a load may see the password again for its error log") {
  std::string log_request;
  ScriptedServer backend({[&](Connection& connection) {
                            connection.ReadHead();
                            connection.Answer("200 OK", R"({"Status":"Fail","Message":"x"})");
                          },
                          [&](Connection& connection) {
                            log_request = connection.ReadHead();
                            connection.Answer("200 OK", "Reason: x");
                          }});
  ScriptedServer frontend({[&](Connection& connection) {
    connection.ReadHead();
    connection.Answer("307 Temporary Redirect", "", "Location: " + backend.Url("/load") + "\r\n");
  }});
  const auto api = MakeHttpApi(ConfigOf({{"fenodes", frontend.Address()}}));
  CHECK(api->Begin("l", {})->answer.status == "Fail");
  CHECK(*api->ErrorLog(backend.Url("/log")) == "Reason: x");
  CHECK(HasPassword(log_request));
}

TEST_CASE("a stop ends the wait for a frontend that says nothing, and asks no other") {
  const auto silent = [](Connection& connection) { connection.WaitForClose(5'000); };
  ScriptedServer first({silent});
  ScriptedServer second({silent});
  StopToken stop(&SystemClock());
  SinkConfig config = ConfigOf({{"fenodes", first.Address() + "," + second.Address()}});
  config.http.stop = &stop;
  const auto api = MakeHttpApi(config);
  stop.RequestAt(SystemClock().NowMs() + 200);
  const int64_t start_ms = SystemClock().NowMs();
  CHECK(api->StateOf("l").status().cancelled());
  CHECK(SystemClock().NowMs() - start_ms < 1'000);
  CHECK(api->Begin("l", {}).status().cancelled());
  CHECK(api->DescribeTable().status().cancelled());
}

}  // namespace
}  // namespace millrace::doris
