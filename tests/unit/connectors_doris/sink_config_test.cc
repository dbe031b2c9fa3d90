#include "connectors/doris/sink_config.h"

#include <doctest/doctest.h>

#include <map>

namespace millrace::doris {
namespace {

// Messages of the check, warnings marked, one per line.
std::string Messages(const std::vector<std::pair<std::string, std::string>>& given) {
  std::vector<OptionText> written = {{"fenodes", "fe:8030", {}, {}},
                                     {"table.identifier", "demo.t", {}, {}}};
  for (const auto& [key, value] : given) {
    std::erase_if(written, [&](const OptionText& each) { return each.key == key; });
    written.push_back({key, value, {}, {}});
  }
  Diagnostics diagnostics;
  const Options options = Options::Check(OptionTable(), written, "doris", {}, &diagnostics);
  CheckOptions(options, {}, {}, &diagnostics);
  std::string text;
  for (const Diagnostic& each : diagnostics) {
    text += (each.severity == Severity::kWarning ? "warning: " : "") + each.message + " | " +
            each.hint + "\n";
  }
  return text;
}

bool Says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("options of the scenario and of old scripts are accepted") {
  CHECK(Messages({{"sink.properties.two_phase_commit", "true"},
                  {"sink.label-prefix", "doris_demo_emp_001"},
                  {"username", "root"},
                  {"password", ""}})
            .starts_with("warning: on Flink no row would appear"));
  CHECK(Messages({{"sink.enable-2pc", "true"},
                  {"sink.enable-delete", "true"},
                  {"sink.buffer-size", "262144"},
                  {"sink.properties.format", "json"},
                  {"sink.properties.read_json_by_line", "true"},
                  {"sink.properties.strip_outer_array", "true"},
                  {"fenodes", "a:8030, b:8030"}}) == "");
  CHECK(Messages({{"sink.batch.size", "100"}}).starts_with("warning: "));
}

TEST_CASE("what would lose or double rows is refused with the reason") {
  CHECK(Says(Messages({{"sink.enable-2pc", "false"}}), "twice after a restart"));
  CHECK(Says(Messages({{"sink.enable-2pc", "false"}, {"sink.properties.two_phase_commit", "true"}}),
             "never commit it"));
  CHECK(Says(Messages({{"sink.properties.two_phase_commit", "false"}}), "is refused"));
  CHECK(Says(Messages({{"sink.properties.group_commit", "sync_mode"}}), "drops labels"));
  CHECK(Messages({{"sink.properties.group_commit", "off_mode"}}) == "");
  CHECK(Says(Messages({{"sink.properties.label", "x"}}), "sink.label-prefix"));
  CHECK(Says(Messages({{"sink.properties.max_filter_ratio", "0.5"}}), "disappear"));
  CHECK(Says(Messages({{"sink.properties.format", "parquet"}}), "not supported"));
  CHECK(Says(Messages({{"sink.properties.enclose", "\""}}), "no quotes"));
  CHECK(Says(Messages({{"sink.ignore.commit-error", "true"}}), "lose rows"));
  CHECK(Says(Messages({{"sink.write-mode", "copy"}}), "not exactly once"));
  CHECK(Says(Messages({{"sink.properties.strict_mode", "false"}}), "warning: without strict"));
}

TEST_CASE("mistakes are reported with what was meant") {
  const std::string near = Messages({{"sink.properties.colunm_separator", ","}});
  CHECK(Says(near, "warning: Stream Load knows no header \"colunm_separator\""));
  CHECK(Says(near, "Did you mean \"sink.properties.column_separator\"?"));
  CHECK(Says(Messages({{"fenodes", "host"}}), "is not host:port"));
  CHECK(Says(Messages({{"table.identifier", "t"}}), "Write database.table"));
  CHECK(Says(Messages({{"sink.label-prefix", "a b"}}), "is not a valid label prefix"));
  CHECK(Says(Messages({{"jdbc-url", "jdbc:postgresql://x"}}), "jdbc:mysql://host:9030"));
  CHECK(Says(Messages({{"sink.properties.format", "csv"},
                       {"sink.properties.column_separator", "\\x01"},
                       {"sink.properties.line_delimiter", "\\x01"}}),
             "cannot be distinguished"));
  CHECK(Says(Messages({{"sink.properties.comment", "a\r\nb: c"}}), "HTTP header"));
}

TEST_CASE("the configuration follows from the options") {
  const Options options =
      Options::FromTexts(OptionTable(), {{"fenodes", "http://a:8030, b:8031"},
                                         {"table.identifier", "demo.t"},
                                         {"jdbc-url", "jdbc:mysql://q:9999/demo?x=y"},
                                         {"sink.properties.format", "csv"},
                                         {"sink.properties.column_separator", "\\x01"},
                                         {"sink.properties.timeout", "77"},
                                         {"sink.properties.compress_type", "gz"}});
  const SinkConfig config = MakeSinkConfig(options);
  CHECK(config.frontends == std::vector<std::string>{"a:8030", "b:8031"});
  CHECK(config.database == "demo");
  CHECK(config.table == "t");
  CHECK(config.query_host == "q");
  CHECK(config.query_port == 9999);
  CHECK(config.format == BodyFormat::kCsv);
  CHECK(config.column_separator == "\x01");
  CHECK(config.query_tls == false);
  CHECK(config.scheme == "http");
  CHECK(config.http.redirects.hosts.empty());
  CHECK(config.headers == std::map<std::string, std::string>{{"timeout", "77"}});
}

TEST_CASE("separators are spelled as in Doris") {
  CHECK(DecodeSeparator("\\x01") == "\x01");
  CHECK(DecodeSeparator("\\t") == "\t");
  CHECK(DecodeSeparator("||") == "||");
  CHECK(DecodeSeparator("\\x0") == "\\x0");
  CHECK(DecodeSeparator("a\\x0Ab") == "a\nb");
}

TEST_CASE("TLS is on for every protocol that is not excluded") {
  const auto config = [](std::map<std::string, std::string> texts) {
    texts.insert({{"fenodes", "a:8030"}, {"table.identifier", "d.t"}});
    return MakeSinkConfig(Options::FromTexts(OptionTable(), texts));
  };
  CHECK(config({{"doris.enable.tls", "true"}}).scheme == "https");
  CHECK(config({{"doris.enable.tls", "true"}}).query_tls);
  const SinkConfig without =
      config({{"doris.enable.tls", "true"}, {"doris.tls.excluded-protocols", "thrift, MySQL"}});
  CHECK(without.scheme == "https");
  CHECK(!without.query_tls);
  CHECK(config({{"doris.enable.tls", "true"}, {"doris.tls.excluded-protocols", "http"}}).scheme ==
        "http");
}

TEST_CASE("with backends of the user's choice redirects go to the named hosts only") {
  const SinkConfig config = MakeSinkConfig(Options::FromTexts(
      OptionTable(),
      {{"fenodes", "a:8030"}, {"benodes", "b:8040,c:8040"}, {"table.identifier", "d.t"}}));
  CHECK(config.http.redirects.hosts == std::vector<std::string>{"b:8040", "c:8040", "a:8030"});
}

TEST_CASE("an option that asks for TLS where there is none is an error") {
  const std::vector<std::pair<std::string, std::string>> askers = {
      {"doris.tls.ca-certificate-path", "/ca.pem"},
      {"fenodes", "https://fe:8443"},
      {"benodes", "be:8040, HTTPS://be2:8040"},
      {"jdbc-url", "jdbc:mysql://q:9030/d?useSSL=true"},
      {"jdbc-url", "jdbc:mysql://q:9030/d?a=b&sslMode=VERIFY_CA"},
      {"jdbc-url", "jdbc:mysql://q:9030/d?requireSSL=TRUE"}};
  for (const auto& asker : askers) {
    CAPTURE(asker.second);
    const std::string messages = Messages({asker});
    CHECK(Says(messages, "but TLS is off | Set 'doris.enable.tls' = 'true'."));
    CHECK(!Says(messages, "warning"));
    CHECK(Messages({asker, {"doris.enable.tls", "true"}}) == "");
  }
  CHECK(Messages({{"jdbc-url", "jdbc:mysql://q:9030/d?useSSL=false&sslMode=DISABLED"}}) == "");
  CHECK(Messages({{"doris.tls.ca-certificate-path", "/ca.pem"}, {"doris.enable.tls", "false"}}) ==
        "");
  CHECK(Says(Messages({{"fenodes", "https://fe:8443"}, {"doris.enable.tls", "false"}}),
             "but TLS is off"));
  CHECK(Says(Messages({{"jdbc-url", "jdbc:mysql://q?trustCertificateKeyStoreUrl=file:/x"},
                       {"doris.enable.tls", "true"}}),
             "PEM"));
  CHECK(Says(Messages({{"doris.tls.excluded-protocols", "http, https"}}), "\"https\" is not a"));
  CHECK(Messages({{"doris.tls.excluded-protocols", "http, thrift"}}) == "");
}

}  // namespace
}  // namespace millrace::doris
