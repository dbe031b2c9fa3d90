#include "connectors/doris/answer.h"

#include <doctest/doctest.h>

#include "connectors/doris/message.h"
#include "connectors/doris/table.h"

namespace millrace::doris {
namespace {

HttpAnswer Http(int status, std::string body) {
  return {status, "", std::move(body), "http://fe:8030/api"};
}

LoadVerdict JudgeText(const std::string& status, const std::string& message) {
  LoadAnswer answer;
  answer.status = status;
  answer.message = message;
  return Judge(answer);
}

CommitVerdict JudgeCommitText(const std::string& message) {
  return JudgeCommit({"ANALYSIS_ERROR", message});
}

TEST_CASE("the answer to a load") {
  const auto load = ParseLoadAnswer(Http(200, R"({
    "TxnId": 18036, "Label": "l_1", "Comment": "", "TwoPhaseCommit": "true", "Status": "Success",
    "Message": "OK", "NumberTotalRows": 10, "NumberLoadedRows": 9, "NumberFilteredRows": 1,
    "ErrorURL": "http://be:8040/api/_load_error_log?file=x"})"));
  REQUIRE(load.ok());
  CHECK(load->transaction == 18036);
  CHECK(load->label == "l_1");
  CHECK(load->two_phase);
  CHECK(load->total_rows == 10);
  CHECK(load->filtered_rows == 1);
  CHECK(Judge(*load) == LoadVerdict::kPrepared);
}

TEST_CASE("answers that are none") {
  const auto refused = [](int status, const std::string& body) {
    return ParseLoadAnswer(Http(status, body)).status();
  };
  const Status password = refused(
      200, R"({"msg":"Unauthorized","code":401,"data":"Access denied for user 'u'","count":0})");
  CHECK(!password.transient());
  CHECK(password.message().find("check 'username' and 'password'") != std::string::npos);
  CHECK(!refused(401, "").transient());
  CHECK(!refused(200, R"({"status":"FAILED","msg":"Access denied; you need LOAD"})").transient());
  CHECK(
      !refused(200, R"({"status":"FAILED","msg":"There is no 100-continue header"})").transient());
  CHECK(refused(200, R"({"status":"FAILED","msg":"No backend load available."})").transient());
  CHECK(refused(503, "busy").transient());
  CHECK(refused(200, "<html>").transient());
  CHECK(!refused(404, "<html>").transient());
}

TEST_CASE("verdicts over loads") {
  CHECK(JudgeText("Fail", "[DATA_QUALITY_ERROR]too many filtered rows") == LoadVerdict::kPermanent);
  CHECK(JudgeText("Fail", "[CANCELLED][DATA_QUALITY_ERROR]x") == LoadVerdict::kPermanent);
  CHECK(JudgeText("Fail", "[ANALYSIS_ERROR]TStatus: errCode = 7, detailMessage = unknown table") ==
        LoadVerdict::kPermanent);
  CHECK(JudgeText("Fail", "current running txns on db 1 is 100, larger than limit 100") ==
        LoadVerdict::kTransient);
  CHECK(JudgeText("Fail", "tablet writer write failed, err=-235") == LoadVerdict::kTransient);
  CHECK(JudgeText("Fail", "something nobody has seen") == LoadVerdict::kTransient);
  LoadAnswer answer;
  answer.status = "Label Already Exists";
  answer.existing_job_status = "FINISHED";
  CHECK(Judge(answer) == LoadVerdict::kLabelFinished);
  answer.existing_job_status = "PRECOMMITTED";
  CHECK(Judge(answer) == LoadVerdict::kLabelBusy);
  CHECK(OwnerOfLabel("[X]TStatus: errCode = 2, detailMessage = Label [l] has already been used, "
                     "relate to txn [123]") == 123);
  CHECK(!OwnerOfLabel("relate to txn [-1]"));
  CHECK(!OwnerOfLabel("nothing"));
}

TEST_CASE("what answers to a commit mean, in the spelling of every version") {
  CHECK(JudgeCommit({"Success", "transaction [5] commit successfully."}) == CommitVerdict::kDone);
  CHECK(JudgeCommit({"success", ""}) == CommitVerdict::kDone);
  for (const char* message :
       {"TStatus: errCode = 2, detailMessage = transaction [5] is already visible, not "
        "pre-committed.",
        "errCode = 2, detailMessage = transaction [5] is already COMMITTED, not pre-committed."}) {
    CHECK(JudgeCommitText(message) == CommitVerdict::kDone);
  }
  CHECK(
      JudgeCommitText("transaction [5] is already aborted. abort reason: timeout by txn manager") ==
      CommitVerdict::kAborted);
  CHECK(JudgeCommitText("transaction [5] not found") == CommitVerdict::kNotFound);
  CHECK(JudgeCommitText("running transaction not found, label=l") == CommitVerdict::kNotFound);
  CHECK(JudgeCommitText("transaction [5] is prepare, not pre-committed.") ==
        CommitVerdict::kPermanent);
  CHECK(JudgeCommitText("Access denied; you need (at least one of) the LOAD privilege(s)") ==
        CommitVerdict::kPermanent);
  CHECK(JudgeCommit({"THRIFT_RPC_ERROR", "rpc failed"}) == CommitVerdict::kTransient);
  CHECK(JudgeCommit({"Fail", "who knows"}) == CommitVerdict::kTransient);
}

TEST_CASE("what answers to an abort mean") {
  CHECK(JudgeAbort({"Success", ""}) == AbortVerdict::kDone);
  CHECK(JudgeAbort({"x", "transaction [5] is already aborted, abort reason: User Abort"}) ==
        AbortVerdict::kDone);
  CHECK(JudgeAbort({"x", "transaction not found, label=l"}) == AbortVerdict::kDone);
  CHECK(JudgeAbort({"x", "transaction [5] is already VISIBLE, could not abort."}) ==
        AbortVerdict::kCommitted);
  CHECK(JudgeAbort({"x", "rpc timeout"}) == AbortVerdict::kTransient);
}

TEST_CASE("states of labels") {
  const auto state = [](const char* data) {
    return ParseLabelState(
        Http(200, std::string(R"({"msg":"success","code":0,"data":)") + data + R"(,"count":0})"));
  };
  CHECK(*state("\"UNKNOWN\"") == LabelState::kUnknown);
  CHECK(*state("\"PREPARE\"") == LabelState::kPrepare);
  CHECK(*state("\"PRECOMMITTED\"") == LabelState::kPrecommitted);
  CHECK(*state("\"COMMITTED\"") == LabelState::kCommitted);
  CHECK(*state("\"VISIBLE\"") == LabelState::kVisible);
  CHECK(*state("\"ABORTED\"") == LabelState::kAborted);
  CHECK(state("\"WHAT\"").status().transient());
  const Status unknown =
      ParseLabelState(Http(200, R"({"msg":"Error","code":1,"data":"unknown database","count":0})"))
          .status();
  CHECK(!unknown.transient());
}

TEST_CASE("backends are taken from what looks like one") {
  const auto backends = [](const std::string& data) {
    const auto parsed = ParseBackends(Http(200, R"({"code":0,"data":)" + data + "}"));
    if (!parsed.ok())
      return (parsed.status().transient() ? "transient" : "permanent") + std::string();
    std::string text;
    for (const std::string& each : *parsed) text += each + " ";
    return text;
  };
  CHECK(backends(R"({"backends":[{"ip":"a","http_port":8040},{"ip":"b","http_port":"8041"}]})") ==
        "a:8040 b:8041 ");
  CHECK(backends(R"({"backends":[17,null,"x",[],{"ip":5,"http_port":8040},{"ip":"a"},
                                 {"ip":"a","http_port":1e99},{"ip":"a","http_port":70000},
                                 {"ip":"c","http_port":8042}]})") == "c:8042 ");
  CHECK(backends(R"({"backends":[17]})") == "transient");
  CHECK(backends(R"({"backends":{"ip":"a"}})") == "transient");
  CHECK(backends("[]") == "transient");
  CHECK(backends("null") == "transient");
}

TEST_CASE("no answer throws, whatever it looks like") {
  std::vector<std::string> bodies = {
      "",
      "17",
      "null",
      "[]",
      "{}",
      "\"x\"",
      "{",
      "\xff",
      "[17]",
      R"({"code":"0","data":{}})",
      R"({"code":[],"data":[]})",
      R"({"status":17,"msg":[1,{}]})",
      R"({"Status":{},"TxnId":[]})",
      R"({"Status":"Success","TxnId":1e400})",
      R"({"Status":"Success","TxnId":99999999999999999999999})",
      R"({"data":{"properties":[17,[],{"name":{"a":1}}]},"code":0})"};
  bodies.push_back(std::string(100'000, '['));
  std::string deep;
  for (int i = 0; i < 5'000; ++i) deep += R"({"data":)";
  bodies.push_back(deep);
  bodies.push_back(R"({"Status":"Fail","Message":)" + std::string(150, '[') +
                   std::string(150, ']') + "}");
  for (const std::string& body : bodies) {
    CAPTURE(body.substr(0, 100));
    for (const int status : {200, 404, 500}) {
      const HttpAnswer answer = Http(status, body);
      const auto load = ParseLoadAnswer(answer);
      if (load.ok()) static_cast<void>(Judge(*load));
      const auto operation = ParseOperationAnswer(answer);
      if (operation.ok()) {
        static_cast<void>(JudgeCommit(*operation));
        static_cast<void>(JudgeAbort(*operation));
      }
      CHECK(!ParseLabelState(answer).ok());
      CHECK(!ParseBackends(answer).ok());
      const auto schema = ParseSchemaAnswer(answer);
      if (schema.ok()) static_cast<void>(ParseTable("d.t", *schema));
    }
  }
}

TEST_CASE("numbers and texts may change places") {
  const auto load = ParseLoadAnswer(Http(200, R"({"Status":"Success","TxnId":"12","Label":7,
    "NumberTotalRows":"3","NumberFilteredRows":{},"TwoPhaseCommit":true})"));
  REQUIRE(load.ok());
  CHECK(load->transaction == 12);
  CHECK(load->label == "7");
  CHECK(load->total_rows == 3);
  CHECK(load->filtered_rows == 0);
  CHECK(load->two_phase);
}

TEST_CASE("an unknown table is a permanent failure that says what to do") {
  const Status status =
      ParseSchemaAnswer(Http(200, R"({"code":1,"data":"Unknown database 'd'"})")).status();
  CHECK(!status.transient());
  CHECK(status.message() ==
        "http://fe:8030/api: Unknown database 'd'. Create it in Doris, or "
        "correct 'table.identifier'");
  CHECK(ParseSchemaAnswer(Http(200, R"({"code":1,"data":"no backend"})")).status().transient());
}

TEST_CASE("an answer is quoted on one line, without passwords") {
  const Status status =
      ParseLoadAnswer(Http(500, "{\n  \"a\" : \"http://u:secret@h/\"\n}\n")).status();
  CHECK(status.message() == "http://fe:8030/api: HTTP 500: { \"a\" : \"http://***@h/\" }");
}

}  // namespace
}  // namespace millrace::doris
