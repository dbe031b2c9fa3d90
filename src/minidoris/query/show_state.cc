#include "minidoris/query/show_state.h"

#include "base/ascii.h"
#include "minidoris/query/pattern.h"
#include "minidoris/query/system_variables.h"
#include "minidoris/table/convert.h"

namespace millrace::minidoris {
namespace {

std::string TimeText(int64_t wall_ms) { return wall_ms == 0 ? "" : DateTimeText(wall_ms, 3); }

// WHERE of SHOW TRANSACTION: ID = n, LABEL = 'l', LABEL LIKE 'l', STATUS = 's'.
struct TransactionFilter {
  std::optional<std::string> id, label, like, status;

  bool Read(TokenCursor* cursor) {
    if (!cursor->AcceptWord("WHERE")) return true;
    do {
      const std::string name = ToLower(cursor->Next().text);
      const bool pattern = cursor->AcceptWord("LIKE");
      if (!pattern && !cursor->AcceptSymbol("=")) return false;
      const std::string value = cursor->Next().text;
      if (name == "id") id = value;
      if (name == "label") (pattern ? like : label) = value;
      if (name == "status") status = value;
    } while (cursor->AcceptWord("AND"));
    return true;
  }

  bool Keeps(const LoadTransaction& transaction) const {
    return (!id || *id == std::to_string(transaction.id)) &&
           (!label || *label == transaction.label) && Passes(like, transaction.label) &&
           (!status || EqualsIgnoreCase(*status, StateText(transaction.state)));
  }
};

}  // namespace

void ShowTransactions(TokenCursor* cursor, StatementContext* context) {
  const std::string database = context->DatabaseOf(cursor);
  if (database.empty()) return context->Fail(NoDatabaseSelected());
  TransactionFilter filter;
  if (!filter.Read(cursor)) return context->SyntaxError(cursor->Peek());
  Rows rows;
  for (const LoadTransaction& transaction : context->instance().transactions->All(database)) {
    if (!filter.Keeps(transaction)) continue;
    rows.push_back({std::to_string(transaction.id), transaction.label,
                    "BE: " + context->instance().host, std::string(StateText(transaction.state)),
                    "BACKEND_STREAMING", TimeText(transaction.prepare_ms),
                    TimeText(transaction.precommit_ms), TimeText(transaction.commit_ms),
                    TimeText(transaction.commit_ms), TimeText(transaction.finish_ms),
                    transaction.reason, "0", "-1", std::to_string(transaction.timeout_ms), ""});
  }
  context->SendTable(
      {"TransactionId", "Label", "Coordinator", "TransactionStatus", "LoadJobSourceType",
       "PrepareTime", "PreCommitTime", "CommitTime", "PublishTime", "FinishTime", "Reason",
       "ErrorReplicasCount", "ListenerId", "TimeoutMs", "ErrMsg"},
      rows);
}

void ShowStreamLoads(TokenCursor* cursor, StatementContext* context) {
  const std::string database = context->DatabaseOf(cursor);
  if (database.empty()) return context->Fail(NoDatabaseSelected());
  TransactionFilter filter;
  if (!filter.Read(cursor)) return context->SyntaxError(cursor->Peek());
  Rows rows;
  for (const LoadTransaction& transaction : context->instance().transactions->All(database)) {
    if (!filter.Keeps(transaction) || transaction.state == TransactionState::kPrepare) continue;
    const bool failed = transaction.state == TransactionState::kAborted;
    const LoadCounts& counts = transaction.counts;
    rows.push_back({transaction.label, database, transaction.table, transaction.client_ip,
                    failed ? "Fail" : "Success", failed ? transaction.reason : "OK",
                    transaction.error_url, std::to_string(counts.total),
                    std::to_string(counts.loaded), std::to_string(counts.filtered), "0",
                    std::to_string(counts.bytes), TimeText(transaction.prepare_ms),
                    TimeText(transaction.finish_ms), transaction.user, transaction.comment});
  }
  context->SendTable(
      {"Label", "Db", "Table", "ClientIp", "Status", "Message", "Url", "TotalRows", "LoadedRows",
       "FilteredRows", "UnselectedRows", "LoadBytes", "StartTime", "FinishTime", "User", "Comment"},
      rows);
}

void ShowFrontends(StatementContext* context) {
  const Instance& instance = context->instance();
  context->SendTable({"Name", "Host", "EditLogPort", "HttpPort", "QueryPort", "RpcPort",
                      "ArrowFlightSqlPort", "Role", "IsMaster", "Alive", "Version"},
                     {{"fe_1", instance.host, "9010", std::to_string(instance.http_port),
                       std::to_string(instance.query_port), "9020", "-1", "FOLLOWER", "true",
                       "true", VariableValue("version_comment")}});
}

void ShowBackends(StatementContext* context) {
  const Instance& instance = context->instance();
  context->SendTable(
      {"BackendId", "Host", "HeartbeatPort", "BePort", "HttpPort", "BrpcPort", "ArrowFlightSqlPort",
       "Alive", "Version"},
      {{"10001", instance.host, "9050", "9060", std::to_string(instance.be_http_port), "8060", "-1",
        "true", VariableValue("version_comment")}});
}

void ShowVariables(TokenCursor* cursor, StatementContext* context) {
  std::optional<std::string> like = AcceptLike(cursor);
  if (!like && cursor->AcceptWord("WHERE")) {
    while (!cursor->AtEnd() && !like) {
      like = cursor->AcceptString();
      if (!like) cursor->Next();
    }
  }
  Rows rows;
  for (const SystemVariable& variable : SystemVariables()) {
    if (Passes(like, variable.name)) {
      rows.push_back({std::string(variable.name), std::string(variable.value)});
    }
  }
  context->SendTable({"Variable_name", "Value"}, rows);
}

void ShowConfig(TokenCursor* cursor, StatementContext* context) {
  const std::optional<std::string> like = AcceptLike(cursor);
  const TransactionRules& rules = context->instance().rules;
  const std::vector<std::pair<std::string, std::string>> values = {
      {"label_num_threshold", std::to_string(rules.finished_kept_max)},
      {"max_running_txn_num_per_db", std::to_string(rules.running_max)},
      {"max_stream_load_timeout_second", "259200"},
      {"stream_load_default_precommit_timeout_second",
       std::to_string(rules.precommit_timeout_ms / 1000)},
      {"stream_load_default_timeout_second",
       std::to_string(context->instance().default_timeout_ms / 1000)},
      {"streaming_label_keep_max_second", std::to_string(rules.label_keep_ms / 1000)}};
  Rows rows;
  for (const auto& [key, value] : values) {
    if (Passes(like, key)) rows.push_back({key, value, "long", "true", "false", ""});
  }
  context->SendTable({"Key", "Value", "Type", "IsMutable", "MasterOnly", "Comment"}, rows);
}

}  // namespace millrace::minidoris
