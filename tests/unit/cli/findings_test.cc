#include "cli/findings.h"

#include <doctest/doctest.h>

#include "cli/exit_status.h"

using namespace millrace;

TEST_CASE("findings as text and as JSON") {
  const std::vector<Finding> findings = {
      {Severity::kError, "MySQL h:1", "log_bin is 'OFF'", "turn it on"},
      {Severity::kWarning, "MySQL h:1", "views are not captured", ""}};
  CHECK(FindingsText(findings, false) ==
        "== Preflight ==\nerror: MySQL h:1: log_bin is 'OFF'\n  turn it on\nwarning: MySQL h:1: "
        "views are not captured\n1 error, 1 warning\n");
  CHECK(FindingsText({findings[1]}, true) ==
        "{\"severity\":\"warning\",\"place\":\"MySQL h:1\",\"what\":\"views are not captured\","
        "\"remedy\":\"\"}\n");
  CHECK(FindingsText({}, false) == "== Preflight ==\n0 errors, 0 warnings\n");
}

TEST_CASE("only an error is a failure") {
  CHECK(StatusOf({}) == kExitOk);
  CHECK(StatusOf({{Severity::kWarning, "p", "w", "r"}}) == kExitOk);
  CHECK(StatusOf({{Severity::kWarning, "p", "w", "r"}, {Severity::kError, "p", "w", "r"}}) ==
        kExitFailed);
}
