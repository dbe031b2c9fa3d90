// SHOW and DESC of the query port (reference, section 7.3).
#include <fmt/format.h>

#include "base/ascii.h"
#include "minidoris/backend/convert.h"
#include "minidoris/query/query_engine.h"

namespace millrace::minidoris {
namespace {

std::string TimeText(int64_t wall_ms) { return wall_ms == 0 ? "" : DateTimeText(wall_ms, 3); }

std::string ExtraOf(const Table& table, const Column& column) {
  if (column.key) return "";
  if (table.model == KeysModel::kAggregate) return std::string(AggregationText(column.aggregation));
  return table.model == KeysModel::kUnique ? "REPLACE" : "NONE";
}

std::optional<std::string> DefaultOf(const Column& column) {
  if (column.default_is_now) return "CURRENT_TIMESTAMP";
  return column.default_text;
}

std::optional<std::string> AcceptLike(TokenCursor* cursor) {
  if (!cursor->AcceptWord("LIKE")) return std::nullopt;
  return cursor->AcceptString();
}

bool Fits(const std::optional<std::string>& pattern, std::string_view name) {
  return !pattern || MatchesPattern(name, *pattern);
}

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

  bool Passes(const Transaction& transaction) const {
    return (!id || *id == std::to_string(transaction.id)) &&
           (!label || *label == transaction.label) && Fits(like, transaction.label) &&
           (!status || EqualsIgnoreCase(*status, StateText(transaction.state)));
  }
};

}  // namespace

bool MatchesPattern(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '%') {
    for (size_t i = 0; i <= text.size(); ++i) {
      if (MatchesPattern(text.substr(i), pattern.substr(1))) return true;
    }
    return false;
  }
  if (text.empty()) return false;
  const bool escaped = pattern[0] == '\\' && pattern.size() > 1;
  if (escaped) pattern.remove_prefix(1);
  if ((escaped || pattern[0] != '_') && pattern[0] != text[0]) return false;
  return MatchesPattern(text.substr(1), pattern.substr(1));
}

bool QueryEngine::Show(TokenCursor* cursor) {
  cursor->AcceptWord("SHOW");
  const bool full = cursor->AcceptWord("FULL");
  cursor->AcceptWord("ALL");
  cursor->AcceptWord("GLOBAL");
  cursor->AcceptWord("SESSION");
  if (cursor->AcceptWord("DATABASES") || cursor->AcceptWord("SCHEMAS")) {
    const std::optional<std::string> like = AcceptLike(cursor);
    Rows rows;
    std::vector<std::string> names = service_.store->Databases();
    names.insert(names.end(), {"__internal_schema", "information_schema", "mysql"});
    for (const std::string& name : names) {
      if (Fits(like, name)) rows.push_back({name});
    }
    SendTable({"Database"}, rows);
  } else if (cursor->AcceptWord("TABLES")) {
    ShowTables(cursor, full);
  } else if (cursor->AcceptWords("CREATE TABLE")) {
    ShowCreateTable(cursor);
  } else if (cursor->AcceptWord("COLUMNS") || cursor->AcceptWord("FIELDS")) {
    ShowColumns(cursor, full);
  } else if (cursor->AcceptWord("TRANSACTION")) {
    ShowTransactions(cursor);
  } else if (cursor->AcceptWords("STREAM LOAD")) {
    ShowStreamLoads(cursor);
  } else if (cursor->AcceptWords("FRONTEND CONFIG")) {
    ShowConfig(cursor);
  } else if (cursor->IsWord("FRONTENDS") || cursor->IsWord("BACKENDS")) {
    ShowNodes(cursor->IsWord("FRONTENDS"));
  } else if (cursor->AcceptWord("VARIABLES")) {
    ShowVariables(cursor);
  } else if (cursor->AcceptWord("WARNINGS") || cursor->AcceptWord("ERRORS")) {
    SendTable({"Level", "Code", "Message"}, {});
  } else {
    return false;
  }
  return true;
}

std::string QueryEngine::DatabaseOf(TokenCursor* cursor) {
  if (cursor->AcceptWord("FROM") || cursor->AcceptWord("IN")) {
    return cursor->AcceptName().value_or("");
  }
  return context_.database;
}

void QueryEngine::ShowTables(TokenCursor* cursor, bool full) {
  const std::string database = DatabaseOf(cursor);
  if (database.empty()) return Fail(NoDatabaseSelected());
  const std::optional<std::string> like = AcceptLike(cursor);
  Rows rows;
  for (const auto& table : service_.store->Tables(database)) {
    if (!Fits(like, table->name)) continue;
    Values row = {table->name};
    if (full) row.emplace_back("BASE TABLE");
    rows.push_back(std::move(row));
  }
  std::vector<std::string> names = {"Tables_in_" + database};
  if (full) names.emplace_back("Table_type");
  SendTable(names, rows);
}

void QueryEngine::ShowCreateTable(TokenCursor* cursor) {
  const std::shared_ptr<const Table> table = TableOf(cursor);
  if (table != nullptr)
    SendTable({"Table", "Create Table"}, {{table->name, CreateTableText(*table)}});
}

void QueryEngine::Describe(TokenCursor* cursor) {
  cursor->Next();
  const std::shared_ptr<const Table> table = TableOf(cursor);
  if (table == nullptr) return;
  Rows rows;
  for (const Column& column : table->columns) {
    rows.push_back({column.name, TypeText(column.type), column.nullable ? "Yes" : "No",
                    column.key ? "true" : "false", DefaultOf(column), ExtraOf(*table, column)});
  }
  SendTable({"Field", "Type", "Null", "Key", "Default", "Extra"}, rows);
}

void QueryEngine::ShowColumns(TokenCursor* cursor, bool full) {
  if (!cursor->AcceptWord("FROM") && !cursor->AcceptWord("IN")) return SyntaxError(cursor->Peek());
  std::optional<TableName> name = AcceptTableName(cursor);
  if (!name) return SyntaxError(cursor->Peek());
  const std::string database = DatabaseOf(cursor);
  if (!name->database) name->database = database;
  const std::shared_ptr<const Table> table = service_.store->Find(*name->database, name->table);
  if (table == nullptr) return Fail(UnknownTable(*name->database, name->table));
  const std::optional<std::string> like = AcceptLike(cursor);
  Rows rows;
  for (const Column& column : table->columns) {
    if (!Fits(like, column.name)) continue;
    const std::string null = column.nullable ? "YES" : "NO";
    const std::string key = column.key ? "YES" : "";
    if (full) {
      rows.push_back({column.name, TypeText(column.type), std::nullopt, null, key,
                      DefaultOf(column), ExtraOf(*table, column), "", column.comment});
    } else {
      rows.push_back({column.name, TypeText(column.type), null, key, DefaultOf(column),
                      ExtraOf(*table, column)});
    }
  }
  if (full) {
    return SendTable(
        {"Field", "Type", "Collation", "Null", "Key", "Default", "Extra", "Privileges", "Comment"},
        rows);
  }
  SendTable({"Field", "Type", "Null", "Key", "Default", "Extra"}, rows);
}

void QueryEngine::ShowTransactions(TokenCursor* cursor) {
  const std::string database = DatabaseOf(cursor);
  if (database.empty()) return Fail(NoDatabaseSelected());
  TransactionFilter filter;
  if (!filter.Read(cursor)) return SyntaxError(cursor->Peek());
  Rows rows;
  for (const Transaction& transaction : service_.transactions->All(database)) {
    if (!filter.Passes(transaction)) continue;
    rows.push_back({std::to_string(transaction.id), transaction.label, "BE: " + service_.host,
                    std::string(StateText(transaction.state)), "BACKEND_STREAMING",
                    TimeText(transaction.prepare_ms), TimeText(transaction.precommit_ms),
                    TimeText(transaction.commit_ms), TimeText(transaction.commit_ms),
                    TimeText(transaction.finish_ms), transaction.reason, "0", "-1",
                    std::to_string(transaction.timeout_ms), ""});
  }
  SendTable({"TransactionId", "Label", "Coordinator", "TransactionStatus", "LoadJobSourceType",
             "PrepareTime", "PreCommitTime", "CommitTime", "PublishTime", "FinishTime", "Reason",
             "ErrorReplicasCount", "ListenerId", "TimeoutMs", "ErrMsg"},
            rows);
}

void QueryEngine::ShowStreamLoads(TokenCursor* cursor) {
  const std::string database = DatabaseOf(cursor);
  if (database.empty()) return Fail(NoDatabaseSelected());
  TransactionFilter filter;
  if (!filter.Read(cursor)) return SyntaxError(cursor->Peek());
  Rows rows;
  for (const Transaction& transaction : service_.transactions->All(database)) {
    if (!filter.Passes(transaction) || transaction.state == TransactionState::kPrepare) continue;
    const bool failed = transaction.state == TransactionState::kAborted;
    const LoadCounts& counts = transaction.counts;
    rows.push_back({transaction.label, database, transaction.table, transaction.client_ip,
                    failed ? "Fail" : "Success", failed ? transaction.reason : "OK",
                    transaction.error_url, std::to_string(counts.total),
                    std::to_string(counts.loaded), std::to_string(counts.filtered), "0",
                    std::to_string(counts.bytes), TimeText(transaction.prepare_ms),
                    TimeText(transaction.finish_ms), transaction.user, transaction.comment});
  }
  SendTable(
      {"Label", "Db", "Table", "ClientIp", "Status", "Message", "Url", "TotalRows", "LoadedRows",
       "FilteredRows", "UnselectedRows", "LoadBytes", "StartTime", "FinishTime", "User", "Comment"},
      rows);
}

void QueryEngine::ShowNodes(bool frontends) {
  const std::string version = VariableValue("version_comment");
  if (frontends) {
    return SendTable(
        {"Name", "Host", "EditLogPort", "HttpPort", "QueryPort", "RpcPort", "ArrowFlightSqlPort",
         "Role", "IsMaster", "Alive", "Version"},
        {{"fe_1", service_.host, "9010", std::to_string(service_.http_port),
          std::to_string(service_.query_port), "9020", "-1", "FOLLOWER", "true", "true", version}});
  }
  SendTable({"BackendId", "Host", "HeartbeatPort", "BePort", "HttpPort", "BrpcPort",
             "ArrowFlightSqlPort", "Alive", "Version"},
            {{"10001", service_.host, "9050", "9060", std::to_string(service_.be_http_port), "8060",
              "-1", "true", version}});
}

void QueryEngine::ShowVariables(TokenCursor* cursor) {
  std::optional<std::string> like = AcceptLike(cursor);
  if (!like && cursor->AcceptWord("WHERE")) {
    while (!cursor->AtEnd() && !like) {
      like = cursor->AcceptString();
      if (!like) cursor->Next();
    }
  }
  Rows rows;
  for (const char* name :
       {"auto_increment_increment", "autocommit", "character_set_client",
        "character_set_connection", "character_set_results", "character_set_server",
        "collation_connection", "lower_case_table_names", "max_allowed_packet", "sql_mode",
        "system_time_zone", "time_zone", "tx_isolation", "version", "version_comment"}) {
    if (Fits(like, name)) rows.push_back({name, VariableValue(name)});
  }
  SendTable({"Variable_name", "Value"}, rows);
}

void QueryEngine::ShowConfig(TokenCursor* cursor) {
  const std::optional<std::string> like = AcceptLike(cursor);
  const TransactionRules& rules = service_.rules;
  const std::vector<std::pair<std::string, std::string>> values = {
      {"label_num_threshold", std::to_string(rules.finished_kept_max)},
      {"max_running_txn_num_per_db", std::to_string(rules.running_max)},
      {"max_stream_load_timeout_second", "259200"},
      {"stream_load_default_precommit_timeout_second",
       std::to_string(rules.precommit_timeout_ms / 1000)},
      {"stream_load_default_timeout_second", std::to_string(service_.default_timeout_ms / 1000)},
      {"streaming_label_keep_max_second", std::to_string(rules.label_keep_ms / 1000)}};
  Rows rows;
  for (const auto& [key, value] : values) {
    if (Fits(like, key)) rows.push_back({key, value, "long", "true", "false", ""});
  }
  SendTable({"Key", "Value", "Type", "IsMutable", "MasterOnly", "Comment"}, rows);
}

}  // namespace millrace::minidoris
