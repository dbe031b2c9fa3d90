#include "connectors/doris/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace millrace::doris {
namespace {

constexpr size_t kBufferBytesMin = 64 * 1024;
constexpr size_t kBufferBytesMax = 8 * 1024 * 1024;
constexpr int64_t kBuffersMin = 2;
constexpr int64_t kBuffersMax = 64;
constexpr int64_t kLanesMax = 32;
constexpr int kQueryPort = 9030;

constexpr OptionSpec kOptions[] = {
    {.key = "fenodes",
     .required = true,
     .help = "HTTP addresses of the Doris frontends, host:port, separated by commas."},
    {.key = "benodes",
     .help = "HTTP addresses of backends to load into directly, past the frontends' redirect."},
    {.key = "table.identifier", .required = true, .help = "The Doris table as database.table."},
    {.key = "username", .default_value = "root", .help = "Doris user."},
    {.key = "password", .kind = OptionKind::kSecret, .help = "Its password; may be empty."},
    {.key = "jdbc-url",
     .help = "jdbc:mysql://host:port of the query port, used to read the table."},
    {.key = "query-port",
     .kind = OptionKind::kInteger,
     .default_value = "9030",
     .help = "Query port of the first frontend, used to read the table without 'jdbc-url'."},
    {.key = "auto-redirect",
     .kind = OptionKind::kBoolean,
     .default_value = "true",
     .help =
         "Let a frontend choose the backend of a load; false asks it for the list of backends."},
    {.key = "doris.request.connect.timeout",
     .kind = OptionKind::kDuration,
     .default_value = "60 s",
     .help = "Time a connection may take to come about."},
    {.key = "doris.request.read.timeout",
     .kind = OptionKind::kDuration,
     .default_value = "60 s",
     .help = "Time an answer may take, other than that to a whole load."},
    {.key = "doris.enable.tls",
     .kind = OptionKind::kBoolean,
     .default_value = "false",
     .help = "Speak https to frontends and backends."},
    {.key = "doris.tls.ca-certificate-path", .help = "Certificates to trust, PEM."},
    {.key = "doris.tls.skip-hostname-verification",
     .kind = OptionKind::kBoolean,
     .default_value = "false",
     .help = "Accept a certificate that was made out to another host."},
    {.key = "sink.label-prefix",
     .help = "Beginning of every load's label; by default the name of the job."},
    {.key = "sink.enable-2pc",
     .kind = OptionKind::kBoolean,
     .default_value = "true",
     .help = "Commit loads with the checkpoint. Must be true: exactly once depends on it."},
    {.key = "sink.enable-delete",
     .kind = OptionKind::kBoolean,
     .default_value = "true",
     .help = "Apply deletes; false keeps rows in Doris that were deleted at the source."},
    {.key = "sink.properties.*",
     .help = "Stream Load headers, such as 'sink.properties.format' = 'csv'."},
    {.key = "sink.bytes-as",
     .kind = OptionKind::kChoice,
     .default_value = "text",
     .help = "How BINARY and BYTES are written: as text (must be UTF-8), in hex or in base64.",
     .choices = "text|hex|base64"},
    {.key = "sink.buffer-size",
     .kind = OptionKind::kMemory,
     .default_value = "512 kb",
     .help = "Size of one block of a load's body."},
    {.key = "sink.buffer-count",
     .kind = OptionKind::kInteger,
     .default_value = "3",
     .help = "Blocks that may wait for the network, per load."},
    {.key = "sink.parallelism",
     .kind = OptionKind::kInteger,
     .help = "Loads open at a time; by default the job's parallelism."},
    {.key = "sink.write-mode",
     .kind = OptionKind::kChoice,
     .default_value = "stream_load",
     .help = "Only stream_load keeps rows exactly once.",
     .choices = "stream_load|stream_load_batch|copy"},
    {.key = "sink.enable.batch-mode",
     .kind = OptionKind::kBoolean,
     .default_value = "false",
     .help = "Must be false: batch mode may load rows twice."},
    {.key = "sink.ignore.commit-error",
     .kind = OptionKind::kBoolean,
     .default_value = "false",
     .help = "Must be false: a commit that is given up is lost rows."},
    // Without effect here, kept so that scripts of the Flink connector run unchanged.
    {.key = "doris.request.retries", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "doris.request.retriesdoris.deserialize.queue.size", .ignored = true},
    {.key = "doris.request.query.timeout", .ignored = true},
    {.key = "doris.request.connect.timeout.ms", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "doris.request.read.timeout.ms", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "doris.request.query.timeout.s", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "doris.tls.excluded-protocols", .ignored = true},
    {.key = "doris.request.tablet.size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "doris.batch.size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "doris.exec.mem.limit", .ignored = true},
    {.key = "doris.deserialize.arrow.async", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "doris.deserialize.queue.size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "doris.thrift.max.message.size", .ignored = true},
    {.key = "doris.read.field", .ignored = true},
    {.key = "doris.filter.query", .ignored = true},
    {.key = "source.use-old-api", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "source.use-flight-sql", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "source.flight-sql-port", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "source.scan.mode", .ignored = true},
    {.key = "source.scan.timestamp", .ignored = true},
    {.key = "source.binlog.increment-type", .ignored = true},
    {.key = "source.binlog.poll-interval", .ignored = true},
    {.key = "source.binlog.offset-table", .ignored = true},
    {.key = "source.binlog.consumer-id", .ignored = true},
    {.key = "lookup.cache.max-rows", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "lookup.cache.ttl", .ignored = true},
    {.key = "lookup.max-retries", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "lookup.jdbc.async", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "lookup.jdbc.read.batch.size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "lookup.jdbc.read.batch.queue-size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "lookup.jdbc.read.thread-size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "sink.check-interval", .ignored = true},
    {.key = "sink.max-retries", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "sink.use-cache", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "sink.ignore.update-before", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "sink.flush.queue-size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "sink.buffer-flush.max-rows", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "sink.buffer-flush.max-bytes", .ignored = true},
    {.key = "sink.buffer-flush.interval", .ignored = true},
    {.key = "sink.http-utf8-charset", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "sink.batch.size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "sink.batch.interval", .ignored = true},
};

// What becomes of a Stream Load header that the user gives.
enum class Fate : uint8_t {
  kSend,     // passed on
  kOurs,     // accepted, but the sink decides (the value the user means is what it does anyway)
  kNeutral,  // accepted where it asks for nothing, refused otherwise
  kNever,    // refused
};

struct HeaderRule {
  std::string_view name;
  Fate fate;
  std::string_view neutral = {};  // kNeutral: values that ask for nothing, "a|b"
  std::string_view reason = {};   // kNeutral, kNever
};

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
    {"max_filter_ratio", Fate::kNeutral, "0|0.0", "rows would disappear without a word"},
    {"merge_type", Fate::kNeutral, "append|APPEND", "deletes are sent row by row"},
    {"skip_lines", Fate::kNeutral, "0", "rows would disappear without a word"},
    {"negative", Fate::kNeutral, "false", "sums would be taken back"},
    {"enclose", Fate::kNeutral, "", "the CSV body has no quotes; use format json"},
    {"escape", Fate::kNeutral, "", "the CSV body has no escapes; use format json"},
    {"trim_double_quotes", Fate::kNeutral, "false", "quotes of values would be lost"},
    {"delete", Fate::kNever, {}, "deletes are sent row by row"},
    {"label",
     Fate::kNever,
     {},
     "labels are how the sink finds its loads again; "
     "use 'sink.label-prefix' for their beginning"},
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

constexpr std::string_view kPropertyPrefix = "sink.properties.";
constexpr size_t kLabelPrefixMax = 64;

const HeaderRule* FindRule(std::string_view name) {
  const auto* rule =
      std::find_if(std::begin(kHeaders), std::end(kHeaders),
                   [&](const HeaderRule& each) { return EqualsIgnoreCase(each.name, name); });
  return rule == std::end(kHeaders) ? nullptr : rule;
}

bool IsHeaderName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.';
  });
}

bool IsAddress(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::optional<int64_t> port = ParseInteger(text.substr(colon + 1));
  return port && *port > 0 && *port < 65536 &&
         text.find_first_of("/@ ?#") == std::string_view::npos;
}

std::vector<std::string> Addresses(std::string_view text) {
  std::vector<std::string> addresses;
  for (const std::string& part : Split(text, ',')) {
    std::string_view address = Trim(part);
    for (const std::string_view scheme : {"http://", "https://"}) {
      if (address.starts_with(scheme)) address.remove_prefix(scheme.size());
    }
    if (!address.empty()) addresses.emplace_back(address);
  }
  return addresses;
}

class Checker final {
 public:
  Checker(const Options& options, Span statement, Diagnostics* diagnostics)
      : options_(options), statement_(statement), diagnostics_(diagnostics) {}

  void Addresses(std::string_view key, bool required);
  void Names();
  void Modes();
  void Limits();
  void Properties();

 private:
  void Complain(std::string_view key, std::string message, std::string hint,
                Severity severity = Severity::kError) {
    const Span span = options_.Given(key) ? options_.ValueSpan(key) : statement_;
    diagnostics_->push_back({span, std::move(message), std::move(hint), severity});
  }
  void Property(const std::string& name, const std::string& value);
  void Format(const std::string& key, const std::string& value);

  const Options& options_;
  const Span statement_;
  Diagnostics* const diagnostics_;
};

void Checker::Addresses(std::string_view key, bool required) {
  if (!options_.Given(key)) return;
  const std::vector<std::string> addresses = doris::Addresses(options_.Text(key));
  if (required && addresses.empty()) {
    Complain(key, fmt::format("option \"{}\" names no address", key),
             "Write host:port, such as 'fenodes' = 'doris-fe:8030'.");
  }
  for (const std::string& address : addresses) {
    if (IsAddress(address)) continue;
    Complain(key, fmt::format("\"{}\" in option \"{}\" is not host:port", address, key),
             "Name the HTTP port, by default 8030 of a frontend and 8040 of a backend.");
  }
}

void Checker::Names() {
  const std::string& identifier = options_.Text("table.identifier");
  const std::vector<std::string> parts = Split(identifier, '.');
  const bool named = std::all_of(parts.begin(), parts.end(),
                                 [](const std::string& part) { return !Trim(part).empty(); });
  if (!identifier.empty() && (parts.size() != 2 || !named)) {
    Complain("table.identifier", fmt::format("\"{}\" is not the name of a Doris table", identifier),
             "Write database.table, such as 'demo.orders'.");
  }
  const std::string& prefix = options_.Text("sink.label-prefix");
  const bool plain = std::all_of(prefix.begin(), prefix.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == ':';
  });
  if (!plain || prefix.size() > kLabelPrefixMax) {
    Complain(
        "sink.label-prefix", fmt::format("the label prefix \"{}\" cannot begin a label", prefix),
        fmt::format("Use at most {} letters, digits and the characters _ - :", kLabelPrefixMax));
  }
  const std::string& jdbc = options_.Text("jdbc-url");
  if (!jdbc.empty() && !jdbc.starts_with("jdbc:mysql://")) {
    Complain("jdbc-url", fmt::format("\"{}\" is not a JDBC URL of the MySQL protocol", jdbc),
             "Write 'jdbc:mysql://host:9030'.");
  }
}

void Checker::Modes() {
  const auto property = [&](std::string_view name) {
    const auto all = options_.WithPrefix(kPropertyPrefix);
    const auto found = all.find(std::string(name));
    return found == all.end() ? std::string() : found->second;
  };
  if (!options_.Boolean("sink.enable-2pc")) {
    const bool harmful = EqualsIgnoreCase(Trim(property("two_phase_commit")), "true");
    Complain("sink.enable-2pc",
             harmful ? "'sink.properties.two_phase_commit' = 'true' with 'sink.enable-2pc' = "
                       "'false' would pre-commit every load and never commit it: all rows lost"
                     : "'sink.enable-2pc' = 'false' would load rows twice after a restart",
             "Leave 'sink.enable-2pc' out: rows are kept exactly once through two-phase commit.");
  }
  if (options_.Boolean("sink.enable.batch-mode") ||
      !EqualsIgnoreCase(options_.Text("sink.write-mode"), "stream_load")) {
    const std::string_view key =
        options_.Boolean("sink.enable.batch-mode") ? "sink.enable.batch-mode" : "sink.write-mode";
    Complain(key, fmt::format("\"{}\" asks for a way of loading that is not exactly once", key),
             "Leave it out: rows are streamed and committed with the checkpoint.");
  }
  if (options_.Boolean("sink.ignore.commit-error")) {
    Complain("sink.ignore.commit-error",
             "'sink.ignore.commit-error' = 'true' would lose rows without stopping",
             "Leave it out: commits are repeated until they succeed.");
  }
}

void Checker::Limits() {
  const auto between = [&](std::string_view key, int64_t value, int64_t least, int64_t most) {
    if (!options_.Given(key) || (value >= least && value <= most)) return;
    Complain(key, fmt::format("option \"{}\" must be between {} and {}", key, least, most), "");
  };
  between("sink.buffer-count", options_.Integer("sink.buffer-count"), kBuffersMin, kBuffersMax);
  between("sink.parallelism", options_.Integer("sink.parallelism"), 1, kLanesMax);
  between("query-port", options_.Integer("query-port"), 1, 65535);
}

void Checker::Format(const std::string& key, const std::string& value) {
  if (EqualsIgnoreCase(value, "json") || EqualsIgnoreCase(value, "csv")) return;
  const std::vector<std::string> choices = {"json", "csv"};
  Complain(key, fmt::format("loads in format \"{}\" are not supported", value),
           DidYouMean(value, choices).empty() ? "Use 'json' (the default) or 'csv'."
                                              : DidYouMean(value, choices));
}

void Checker::Property(const std::string& name, const std::string& value) {
  const std::string key = std::string(kPropertyPrefix) + name;
  if (!IsHeaderName(name) || value.find_first_of("\r\n") != std::string::npos) {
    // A line feed as a separator is spelled \n by everybody; the raw byte would end the header.
    if (IsHeaderName(name) && (name == "line_delimiter" || name == "column_separator")) return;
    Complain(key, fmt::format("option {} cannot be sent as an HTTP header", Quoted(key)), "");
    return;
  }
  const HeaderRule* rule = FindRule(name);
  if (rule == nullptr) {
    std::vector<std::string> names;
    for (const HeaderRule& each : kHeaders) names.emplace_back(each.name);
    const std::optional<std::string> near = Nearest(name, names);
    diagnostics_->push_back({options_.KeySpan(key),
                             fmt::format("Stream Load knows no header {}", Quoted(name)),
                             near ? fmt::format("Did you mean \"{}{}\"?", kPropertyPrefix, *near)
                                  : "It is sent as it is, and Doris ignores what it does not know.",
                             Severity::kWarning});
    return;
  }
  if (rule->name == "format") Format(key, std::string(Trim(value)));
  if (rule->name == "strict_mode" && !EqualsIgnoreCase(Trim(value), "true")) {
    Complain(key, "without strict mode Doris turns values it cannot convert into NULL",
             "Leave it out to have such a row stop the job instead.", Severity::kWarning);
  }
  if (rule->name == "compress_type" && !Trim(value).empty()) {
    Complain(key, "bodies are sent without compression", "", Severity::kWarning);
  }
  bool refused = rule->fate == Fate::kNever;
  if (rule->fate == Fate::kNeutral) {
    const std::vector<std::string> neutral = Split(rule->neutral, '|');
    refused = std::none_of(neutral.begin(), neutral.end(), [&](const std::string& each) {
      return EqualsIgnoreCase(each, Trim(value));
    });
  }
  if (refused) {
    Complain(key,
             fmt::format("option {} = '{}' is refused: {}", Quoted(key),
                         IsSecret(key, kOptions) ? kRedacted : value, rule->reason),
             fmt::format("Remove {} from WITH.", Quoted(key)));
  }
}

void Checker::Properties() {
  const auto properties = options_.WithPrefix(kPropertyPrefix);
  for (const auto& [name, value] : properties) Property(name, value);
  const auto format = properties.find("format");
  const bool csv = format != properties.end() && EqualsIgnoreCase(Trim(format->second), "csv");
  if (!csv) return;
  const auto text = [&](const char* name, const char* otherwise) {
    const auto found = properties.find(name);
    return DecodeSeparator(found == properties.end() ? otherwise : found->second);
  };
  const std::string column = text("column_separator", "\\t");
  const std::string line = text("line_delimiter", "\\n");
  if (column.empty() || line.empty() || column.find(line) != std::string::npos ||
      line.find(column) != std::string::npos) {
    Complain("sink.properties.column_separator",
             "column separator and line delimiter cannot be told apart",
             "Use for example '\\x01' and '\\x02'.");
  }
  if (properties.contains("columns")) {
    Complain("sink.properties.columns", "a columns header of your own needs format json",
             "CSV fields are matched by position; use 'sink.properties.format' = 'json'.");
  }
}

// "jdbc:mysql://host:port/...": host and port.
void ReadJdbcUrl(std::string_view url, Settings* settings) {
  constexpr std::string_view kScheme = "jdbc:mysql://";
  if (!url.starts_with(kScheme)) return;
  std::string_view address = url.substr(kScheme.size());
  address = address.substr(0, address.find_first_of("/?,"));
  const size_t colon = address.rfind(':');
  settings->query_host = address.substr(0, colon);
  settings->query_port = kQueryPort;
  if (colon == std::string_view::npos) return;
  settings->query_port =
      static_cast<int>(ParseInteger(address.substr(colon + 1)).value_or(kQueryPort));
}

void ReadProperties(const Options& options, Settings* settings) {
  for (const auto& [name, value] : options.WithPrefix(kPropertyPrefix)) {
    const std::string lower = ToLower(name);
    const std::string trimmed(Trim(value));
    if (lower == "format" && EqualsIgnoreCase(trimmed, "csv")) settings->format = BodyFormat::kCsv;
    if (lower == "columns") settings->columns = trimmed;
    if (lower == "column_separator") settings->column_separator = DecodeSeparator(value);
    if (lower == "line_delimiter") settings->line_delimiter = DecodeSeparator(value);
    const HeaderRule* rule = FindRule(lower);
    if (rule == nullptr || rule->fate == Fate::kSend) settings->headers[lower] = trimmed;
  }
}

}  // namespace

std::span<const OptionSpec> OptionTable() { return kOptions; }

std::string DecodeSeparator(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    const char next = text[i + 1];
    unsigned value = 0;
    if ((next == 'x' || next == 'X') && i + 3 < text.size() &&
        std::from_chars(text.data() + i + 2, text.data() + i + 4, value, 16).ptr ==
            text.data() + i + 4) {
      result += static_cast<char>(value);
      i += 3;
    } else if (next == 't' || next == 'n' || next == 'r') {
      result += next == 't' ? '\t' : next == 'n' ? '\n' : '\r';
      i += 1;
    } else {
      result += text[i];
    }
  }
  return result;
}

void CheckOptions(const Options& options, const Schema&, Span statement, Diagnostics* diagnostics) {
  Checker checker(options, statement, diagnostics);
  checker.Addresses("fenodes", true);
  checker.Addresses("benodes", false);
  checker.Names();
  checker.Modes();
  checker.Limits();
  checker.Properties();
}

Settings MakeSettings(const Options& options) {
  Settings settings;
  settings.frontends = Addresses(options.Text("fenodes"));
  settings.backends = Addresses(options.Text("benodes"));
  if (options.Boolean("doris.enable.tls")) settings.scheme = "https";
  const std::string& identifier = options.Text("table.identifier");
  const size_t dot = identifier.find('.');
  settings.database = Trim(std::string_view(identifier).substr(0, dot));
  if (dot != std::string::npos) {
    settings.table = Trim(std::string_view(identifier).substr(dot + 1));
  }
  settings.user = options.Text("username");
  settings.password = options.Text("password");
  settings.ask_for_backends = !options.Boolean("auto-redirect");
  settings.http.connect_timeout_ms = options.DurationMs("doris.request.connect.timeout");
  settings.http.answer_timeout_ms = options.DurationMs("doris.request.read.timeout");
  settings.http.ca_file = options.Text("doris.tls.ca-certificate-path");
  settings.http.verify_hostname = !options.Boolean("doris.tls.skip-hostname-verification");

  settings.label_prefix = options.Text("sink.label-prefix");
  settings.deletes = options.Boolean("sink.enable-delete");
  settings.lanes = static_cast<int>(std::min(options.Integer("sink.parallelism"), kLanesMax));
  const std::string& bytes_as = options.Text("sink.bytes-as");
  if (EqualsIgnoreCase(bytes_as, "hex")) settings.bytes_as = BytesAs::kHex;
  if (EqualsIgnoreCase(bytes_as, "base64")) settings.bytes_as = BytesAs::kBase64;
  settings.buffer_bytes = std::clamp(static_cast<size_t>(options.MemoryBytes("sink.buffer-size")),
                                     kBufferBytesMin, kBufferBytesMax);
  settings.buffers = static_cast<size_t>(
      std::clamp(options.Integer("sink.buffer-count"), kBuffersMin, kBuffersMax));
  ReadProperties(options, &settings);

  if (!settings.frontends.empty()) {
    const std::string& first = settings.frontends.front();
    settings.query_host = first.substr(0, first.rfind(':'));
  }
  settings.query_port = static_cast<int>(options.Integer("query-port"));
  ReadJdbcUrl(options.Text("jdbc-url"), &settings);
  return settings;
}

}  // namespace millrace::doris
