#include "connectors/doris/load_header.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"

namespace millrace::doris {
namespace {

constexpr int64_t kLoadTimeoutMinS = 3'600;    // of a load, from its first row
constexpr int64_t kLoadTimeoutMaxS = 259'200;  // the frontend accepts no more
constexpr int64_t kLoadTimeoutIntervals = 10;  // checkpoints that may fail before it

constexpr std::string_view kWritesBody = "the sink writes the body and its headers itself";
constexpr HeaderRule kHeaders[] = {
    {"format", Fate::kOurs},
    {"column_separator", Fate::kOurs},
    {"line_delimiter", Fate::kOurs},
    {"columns", Fate::kOurs},
    {"read_json_by_line", Fate::kOurs},
    {"strip_outer_array", Fate::kOurs},
    {"fuzzy_parse", Fate::kOurs},
    {"compress_type", Fate::kOurs},
    {"hidden_columns", Fate::kOurs},
    {"two_phase_commit", Fate::kNeutral, "true", "rows become visible with a checkpoint only"},
    {"group_commit", Fate::kNeutral, "off_mode",
     "group commit drops labels, and with them exactly-once"},
    {"max_filter_ratio", Fate::kNeutral, "0|0.0", "rows would disappear silently"},
    {"merge_type", Fate::kNeutral, "append|APPEND", "deletes are sent row by row"},
    {"skip_lines", Fate::kNeutral, "0", "rows would disappear silently"},
    {"negative", Fate::kNeutral, "false", "sums would be reversed"},
    {"enclose", Fate::kNeutral, "", "the CSV body has no quotes; use format json"},
    {"escape", Fate::kNeutral, "", "the CSV body has no escapes; use format json"},
    {"trim_double_quotes", Fate::kNeutral, "false", "quotes of values would be lost"},
    {"delete", Fate::kNever, {}, "deletes are sent row by row"},
    {"label",
     Fate::kNever,
     {},
     "labels are how the sink finds its loads again; "
     "use 'sink.label-prefix'"},
    {"jsonpaths", Fate::kNever, {}, kWritesBody},
    {"json_root", Fate::kNever, {}, kWritesBody},
    {"txn_id", Fate::kNever, {}, "the sink manages transactions itself"},
    {"txn_operation", Fate::kNever, {}, "the sink manages transactions itself"},
    {"token", Fate::kNever, {}, "the sink signs in with 'username' and 'password'"},
    {"auth_code", Fate::kNever, {}, "the sink signs in with 'username' and 'password'"},
    {"authorization", Fate::kNever, {}, "the sink signs in with 'username' and 'password'"},
    {"expect", Fate::kNever, {}, kWritesBody},
    {"transfer-encoding", Fate::kNever, {}, kWritesBody},
    {"content-length", Fate::kNever, {}, kWritesBody},
    {"content-type", Fate::kOurs},
    {"host", Fate::kNever, {}, kWritesBody},
    {"sql", Fate::kNever, {}, kWritesBody},
    {"strict_mode", Fate::kSend},
    {"timeout", Fate::kSend},
    {"timezone", Fate::kSend},
    {"time_zone", Fate::kSend},
    {"where", Fate::kSend},
    {"partitions", Fate::kSend},
    {"temporary_partitions", Fate::kSend},
    {"exec_mem_limit", Fate::kSend},
    {"num_as_string", Fate::kSend},
    {"empty_field_as_null", Fate::kSend},
    {"keep_carriage_return", Fate::kSend},
    {"function_column.sequence_col", Fate::kSend},
    {"partial_columns", Fate::kSend},
    {"unique_key_update_mode", Fate::kSend},
    {"partial_update_new_key_behavior", Fate::kSend},
    {"send_batch_parallelism", Fate::kSend},
    {"load_to_single_tablet", Fate::kSend},
    {"memtable_on_sink_node", Fate::kSend},
    {"load_stream_per_node", Fate::kSend},
    {"enable_profile", Fate::kSend},
    {"comment", Fate::kSend},
    {"skip_record_to_audit_log_table", Fate::kSend},
    {"cloud_cluster", Fate::kSend},
    {"compute_group", Fate::kSend},
    {"redirect-policy", Fate::kSend},
};

}  // namespace

std::span<const HeaderRule> HeaderRules() { return kHeaders; }

const HeaderRule* FindRule(std::string_view name) {
  const auto* rule =
      std::find_if(std::begin(kHeaders), std::end(kHeaders),
                   [&](const HeaderRule& each) { return EqualsIgnoreCase(each.name, name); });
  return rule == std::end(kHeaders) ? nullptr : rule;
}

std::vector<std::string> LoadHeaders(std::vector<std::string> body,
                                     const std::map<std::string, std::string>& user,
                                     int64_t checkpoint_interval_ms) {
  std::vector<std::string> headers = std::move(body);
  headers.emplace_back("two_phase_commit: true");
  // Without it newer backends replace the label of a load whose length is not known.
  headers.emplace_back("group_commit: off_mode");
  headers.emplace_back("max_filter_ratio: 0");
  std::map<std::string, std::string> others = user;
  others.try_emplace("strict_mode", "true");
  const int64_t interval_s = checkpoint_interval_ms / 1000;
  others.try_emplace("timeout", std::to_string(std::clamp(interval_s * kLoadTimeoutIntervals,
                                                          kLoadTimeoutMinS, kLoadTimeoutMaxS)));
  for (const auto& [name, value] : others) headers.push_back(fmt::format("{}: {}", name, value));
  return headers;
}

}  // namespace millrace::doris
