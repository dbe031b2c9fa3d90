#include "minidoris/backend/load_result.h"

#include "base/json.h"

namespace millrace::minidoris {
namespace {

constexpr int kJsonIndent = 4;

}  // namespace

std::string LoadResultText(const LoadResult& result) {
  Json answer = Json::Object({{"TxnId", result.transaction},
                              {"Label", result.label},
                              {"Comment", result.comment},
                              {"TwoPhaseCommit", result.two_phase ? "true" : "false"},
                              {"Status", result.status}});
  if (!result.existing_job_status.empty()) {
    answer.Set("ExistingJobStatus", result.existing_job_status);
  }
  answer.Set("Message", result.message);
  answer.Set("NumberTotalRows", result.counts.total);
  answer.Set("NumberLoadedRows", result.counts.loaded);
  answer.Set("NumberFilteredRows", result.counts.filtered);
  answer.Set("NumberUnselectedRows", 0);
  answer.Set("LoadBytes", result.counts.bytes);
  answer.Set("LoadTimeMs", result.load_ms);
  answer.Set("BeginTxnTimeMs", result.begin_ms);
  answer.Set("StreamLoadPutTimeMs", 0);
  answer.Set("ReadDataTimeMs", result.body_ms);
  answer.Set("WriteDataTimeMs", result.body_ms);
  answer.Set("ReceiveDataTimeMs", result.body_ms);
  answer.Set("CommitAndPublishTimeMs", 0);
  if (!result.error_url.empty()) {
    answer.Set("ErrorURL", result.error_url);
    answer.Set("FirstErrorMsg", result.first_error);
  }
  return answer.ToIndentedText(kJsonIndent) + "\n";
}

}  // namespace millrace::minidoris
