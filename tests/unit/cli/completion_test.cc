#include "cli/completion.h"

#include <doctest/doctest.h>

#include "base/ascii.h"
#include "connectors/connector_list.h"

using namespace millrace;

namespace {

Session MakeSession() {
  Session session(AllConnectors());
  Diagnostics diagnostics;
  for (const char* statement :
       {"CREATE TABLE orders (id INT, amount INT, `the date` DATE) WITH ('connector' = 'datagen')",
        "CREATE TABLE customers (id INT, city STRING) WITH ('connector' = 'print')"}) {
    REQUIRE(session.Execute(statement, 0, &diagnostics));
  }
  return session;
}

// "replaced:candidate|candidate", closings of single ones included.
std::string Offered(std::string_view text) {
  static const Session session = MakeSession();
  const Completion completion = Complete(text, session, {"0123abcd"});
  std::vector<std::string> texts;
  for (const Candidate& candidate : completion.candidates) texts.push_back(candidate.text);
  if (texts.size() == 1) texts[0] += completion.candidates[0].closing;
  return std::to_string(completion.replaced) + ":" + Join(texts, "|");
}

bool Offers(std::string_view text, std::string_view candidate) {
  const std::string offered = "|" + Offered(text).substr(2) + "|";
  return offered.find("|" + std::string(candidate) + "|") != std::string::npos;
}

}  // namespace

TEST_CASE("words that begin a statement, in the case that is typed") {
  CHECK(Offered("SEL") == "3:SELECT ");
  CHECK(Offered("sel") == "3:select ");
  CHECK(Offered("SELECT 1; ins") == "3:insert ");
  CHECK(Offered("E") == "1:EXECUTE STATEMENT SET|EXIT|EXPLAIN");
  CHECK(Offered("show j") == "1:jobs ");
  CHECK(Offered("SHOW ") == "0:CREATE TABLE|JOBS|TABLES");
}

TEST_CASE("tables where a table belongs") {
  CHECK(Offered("SELECT * FROM ") == "0:customers|orders");
  CHECK(Offered("SELECT * FROM o") == "1:orders ");
  CHECK(Offered("insert into CUST") == "4:customers ");
  CHECK(Offered("DESCRIBE ord") == "3:orders ");
  CHECK(Offered("DESCRIBE J") == "1:JOB ");
}

TEST_CASE("columns of the tables that the statement names") {
  CHECK(Offered("SELECT * FROM orders WHERE am") == "2:amount");
  CHECK(Offered("SELECT * FROM orders WHERE ") == "0:`the date`|amount|id");
  CHECK_FALSE(Offers("SELECT * FROM orders WHERE ci", "city"));
  CHECK(Offers("SELECT ci", "city"));
  CHECK(Offered("SELECT * FROM customers AS c WHERE c.") == "0:city|id");
  CHECK(Offered("SELECT * FROM orders o\nWHERE o.a") == "1:amount");
  CHECK(Offered("SELECT * FROM orders WHERE `the") == "3:the date`");
}

TEST_CASE("functions and keywords") {
  CHECK(Offered("SELECT char_l") == "6:char_length(");
  CHECK(Offers("SELECT UPPER(city) F", "FROM"));
  CHECK(Offered("SELECT ") == "0:`the date`|amount|city|id");
}

TEST_CASE("option keys and values of the connector") {
  CHECK(Offered("CREATE TABLE t (a INT) WITH ('con") == "3:connector' = '");
  CHECK(Offers("CREATE TABLE t (a INT) WITH ('connector' = '", "mysql-cdc"));
  CHECK(Offered("CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'rows") ==
        "4:rows-per-second' = '");
  CHECK(Offered("CREATE TABLE t (a INT) WITH ('connector' = 'print', 'fenodes").substr(0, 2) ==
        "7:");
  CHECK(Offers("CREATE TABLE t (a INT) WITH (\n'connector' = 'mysql-cdc',\n'HOST",
               "hostname"
               "' = '"));
  CHECK(Offered("SELECT 'or") == "2:");
}

TEST_CASE("keys and values of settings, quoted or not") {
  CHECK(Offered("SET 'parallelism") == "11:parallelism.default' = '");
  CHECK(Offered("SET 'millrace.result-layout' = 'c") == "1:csv'");
  CHECK(Offered("SET execution.checkpointing.int") == "27:execution.checkpointing.interval = ");
  CHECK(Offered("RESET 'table.dml") == "9:table.dml-sync'");
  CHECK(Offered("set table.dml-sync = t") == "1:true");
}

TEST_CASE("ids of jobs") { CHECK(Offered("STOP JOB '") == "0:0123abcd'"); }
