#include "minidoris/backend/load_result.h"

#include <doctest/doctest.h>

#include "minidoris/backend/line_counter.h"

namespace millrace::minidoris {
namespace {

TEST_CASE("the answer to a load is what Doris prints, to the byte") {
  LoadResult result;
  result.transaction = 12;
  result.label = "l\"1";
  result.two_phase = true;
  result.status = "Fail";
  result.message = "bad \xff byte";
  result.counts = {.total = 3, .loaded = 0, .filtered = 1, .bytes = 20};
  result.load_ms = 5;
  result.begin_ms = 2;
  result.body_ms = 3;
  result.error_url = "http://127.0.0.1:8040/x";
  result.first_error = "first";
  CHECK(LoadResultText(result) == R"({
    "TxnId": 12,
    "Label": "l\"1",
    "Comment": "",
    "TwoPhaseCommit": "true",
    "Status": "Fail",
    "Message": "bad )"
                                  "\xef\xbf\xbd"
                                  R"( byte",
    "NumberTotalRows": 3,
    "NumberLoadedRows": 0,
    "NumberFilteredRows": 1,
    "NumberUnselectedRows": 0,
    "LoadBytes": 20,
    "LoadTimeMs": 5,
    "BeginTxnTimeMs": 2,
    "StreamLoadPutTimeMs": 0,
    "ReadDataTimeMs": 3,
    "WriteDataTimeMs": 3,
    "ReceiveDataTimeMs": 3,
    "CommitAndPublishTimeMs": 0,
    "ErrorURL": "http://127.0.0.1:8040/x",
    "FirstErrorMsg": "first"
}
)");
}

TEST_CASE(
    "a label conflict names the state of the first load, and there is no log without errors") {
  LoadResult result;
  result.existing_job_status = "FINISHED";
  const std::string text = LoadResultText(result);
  CHECK(text.find("\"ExistingJobStatus\": \"FINISHED\",\n    \"Message\"") != text.npos);
  CHECK(text.find("ErrorURL") == text.npos);
}

TEST_CASE("lines are counted wherever the body is cut") {
  for (const auto& [body, expected] :
       {std::pair<std::string, int64_t>{"", 0}, {"a", 1}, {"a\n", 1}, {"a\nb", 2}, {"\n\n", 2}}) {
    for (size_t cut = 0; cut <= body.size(); ++cut) {
      int64_t lines = 0;
      LineCounter counter(&lines);
      counter.Feed(std::string_view(body).substr(0, cut));
      counter.Feed(std::string_view(body).substr(cut));
      counter.Finish();
      CHECK(lines == expected);
    }
  }
}

}  // namespace
}  // namespace millrace::minidoris
